// SPDX-License-Identifier: Apache-2.0
#pragma once

// The label attributes of an event: access (schema), caveat and releasableTo (TAK Server), and v1.Label. An access of "" or
// "Undefined", as ATAK writes it by default, is no label.
//
//   access        classification
//   releasableTo  values of the category "Releasable To", separated by commas; permissive
//   caveat        values of other categories, separated by commas; restrictive. "SECURE" is of the category "Caveat",
//                 "Context:OPX" of the category "Context"
//
// CoT names no policy: the node's option label-policy says which one its words are of.

#include <string_view>

#include "adapters/api/loss_ledger.h"
#include "adapters/cot/event.h"
#include "entente/v1/message.pb.h"

namespace entente::cot {

// False, and no label in the envelope, when the event says none.
bool ReadLabel(const EventHead& head, std::string_view policy, v1::Envelope& envelope);
// Fills access, caveat and releasable_to, and says in the ledger what of the label has no place.
void WriteLabel(const v1::Label& label, std::string_view policy, EventHead& head, adapter::LossLedger& ledger);

}  // namespace entente::cot
