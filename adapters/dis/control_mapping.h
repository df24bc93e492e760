// SPDX-License-Identifier: Apache-2.0
#pragma once

// Simulation management ↔ canonical: Create and Remove Entity, Start/Resume, Stop/Freeze and Acknowledge as simulation control;
// Comment as chat, since that is what its text is to every other protocol.

#include <expected>

#include "adapters/api/codec.h"
#include "adapters/dis/options.h"
#include "adapters/dis/pdu.h"

namespace entente::dis {

adapter::DecodedMessage DecodeControl(const SimulationManagement& control, const Now& now);
std::expected<Bytes, adapter::CannotSay> EncodeControl(const v1::Envelope& message, const adapter::EncodeContext& context,
                                                       const Options& options, adapter::LossLedger& ledger);

// A comment without any readable text becomes a simulation control COMMENT that carries the PDU for other DIS nodes.
adapter::DecodedMessage DecodeComment(const Comment& comment, ByteView pdu, const Now& now);
std::expected<Bytes, adapter::CannotSay> EncodeChat(const v1::Envelope& message, const adapter::EncodeContext& context,
                                                    const Options& options, adapter::LossLedger& ledger);

}  // namespace entente::dis
