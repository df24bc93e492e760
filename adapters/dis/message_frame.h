// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every PDU's header and every message's envelope say to each other: exercise, time, and the fields that DIS has no slot for.

#include <limits>

#include "adapters/api/codec.h"
#include "adapters/dis/options.h"
#include "adapters/dis/pdu.h"

namespace entente::dis {

// A timestamp further than this from the time of receipt is doubted: another clock, or another hour's.
inline constexpr Duration kDoubtfulSkew = std::chrono::minutes(5);

// Envelope, ledger and findings as far as the header says them.
void DecodeFrame(const Header& header, v1::Family family, const Now& now, adapter::DecodedMessage& message);

// The header, with type, family and length left to the writer; and ledger entries of all envelope fields but extensions. Without a
// time in the message the timestamp is 0, and the session sets it when it sends.
Header EncodeFrame(const v1::Envelope& message, std::string_view form, const Options& options, adapter::LossLedger& ledger);

// The error of a ledger entry where a vocabulary is smaller: there is no measure.
inline constexpr double kNoMeasure = std::numeric_limits<double>::infinity();

// A whole PDU, as it came, beside a message that says less than it.
inline constexpr std::string_view kPduExtension = "dis-pdu";

// The content of the extension; empty when there is none.
ByteView FindExtension(const v1::Envelope& message, std::string_view name);
void AddExtension(std::string_view name, ByteView content, adapter::DecodedMessage& message);
// KEPT when every extension's namespace is among `spoken`, DROPPED otherwise; nothing when there is none.
void LedgerExtensions(const v1::Envelope& message, std::initializer_list<std::string_view> spoken, adapter::LossLedger& ledger);

void AddFinding(adapter::DecodedMessage& message, v1::FindingSeverity severity, std::size_t offset, std::string field,
                std::string clause, std::string text);

}  // namespace entente::dis
