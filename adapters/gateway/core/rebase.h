// SPDX-License-Identifier: Apache-2.0
#pragma once

// Times inside a replayed message, moved as if it had been said now.

#include <optional>

#include "base/time.h"
#include "entente/v1/message.pb.h"

namespace entente::gateway {

// How far a message of a recording lies back: from when it was recorded; without that, from when it says that it was sent or
// observed. Times that the gateway completed from its own clock lie at now already, and give zero.
Duration ShiftToNow(const v1::Envelope& message, std::optional<UtcTime> recorded, UtcTime now);

// Every time of the message, and its staleness. Times are kept within what 64 bits of nanoseconds can say.
void Rebase(v1::Envelope& message, Duration shift);

}  // namespace entente::gateway
