// SPDX-License-Identifier: Apache-2.0
#pragma once

// Decoded units as text for people and as JSON for machines.

#include <nlohmann/json.hpp>
#include <string>

#include "adapters/api/loss_ledger.h"
#include "harness/cli/decoding.h"

namespace entente::cli {

// The canonical message in protobuf's JSON form.
nlohmann::json ToJson(const v1::Envelope& message);
nlohmann::json ToJson(const adapter::LossLedger& ledger);
nlohmann::json ToJson(const DecodedRecordUnit& unit);

// Several lines, indented below the unit's heading.
std::string ToText(const DecodedRecordUnit& unit);
// "callsign dropped: no slot; position approximated by 0.05".
std::string ToText(const adapter::LossLedger& ledger);

}  // namespace entente::cli
