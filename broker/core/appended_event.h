// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a peer may append to the record: observations of the nodes that it speaks for. What the broker and the harness say happened
// is theirs alone to say, else a participant could write its own verdict. Pure.

#include "base/result.h"
#include "broker/policy/identity.h"
#include "entente/v1/record.pb.h"

namespace entente::broker {

// The error is kPermissionDenied, or kDataLoss for an event of no kind.
Status CheckAppended(const v1::RecordEvent& event, const Identity& identity);

}  // namespace entente::broker
