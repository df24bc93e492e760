// SPDX-License-Identifier: Apache-2.0
#pragma once

// Between the bits of a message and its fields. Lengths that the standard does not allow are refused when a field is cut, and
// remarked on when only spare bits differ.

#include <vector>

#include "adapters/ais/armour.h"
#include "adapters/ais/message.h"
#include "adapters/api/decode_error.h"
#include "adapters/api/finding.h"

namespace entente::ais {

adapter::DecodeResult<Message> ReadMessage(const MessageBits& bits, std::vector<adapter::Finding>& findings);
// The body is any but OtherMessage.
Armoured WriteMessage(const Message& message);

// "ITU-R M.1371-5 Annex 8 §3.1": where the standard describes the type.
std::string Clause(std::uint32_t type);

}  // namespace entente::ais
