// SPDX-License-Identifier: Apache-2.0
#pragma once

// Canonical track to Entity State. What the standard demands and the message does not say gets a default, and the ledger says so.

#include <expected>

#include "adapters/api/codec.h"
#include "adapters/dis/options.h"
#include "adapters/dis/pdu.h"

namespace entente::dis {

// The state's variable parameters point into `message`.
std::expected<EntityState, adapter::CannotSay> EncodeTrack(const v1::Envelope& message, const adapter::EncodeContext& context,
                                                           const Options& options, adapter::LossLedger& ledger);

}  // namespace entente::dis
