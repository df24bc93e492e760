// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fire and Detonation ↔ canonical weapon event.

#include <expected>

#include "adapters/api/codec.h"
#include "adapters/dis/options.h"
#include "adapters/dis/pdu.h"

namespace entente::dis {

adapter::DecodeResult<adapter::DecodedMessage> DecodeWeaponEvent(const Fire& fire, const Now& now);
adapter::DecodeResult<adapter::DecodedMessage> DecodeWeaponEvent(const Detonation& detonation, const Now& now);

// A Fire or a Detonation PDU, by the event's phase.
std::expected<Bytes, adapter::CannotSay> EncodeWeaponEvent(const v1::Envelope& message, const adapter::EncodeContext& context,
                                                           const Options& options, adapter::LossLedger& ledger);

}  // namespace entente::dis
