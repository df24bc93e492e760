// SPDX-License-Identifier: Apache-2.0
#pragma once

// What became of each field in one translation. A codec says every field that its source carried (decoding) or the canonical
// message holds (encoding) exactly once.

#include <string>
#include <vector>

#include "entente/v1/record.pb.h"

namespace entente::adapter {

class LossLedger {
 public:
  struct Entry {
    v1::Field field = v1::FIELD_UNSPECIFIED;
    v1::LedgerOutcome outcome = v1::LEDGER_OUTCOME_UNSPECIFIED;
    double error = 0;  // with APPROXIMATED, in the field's unit (message.proto, Field)
    std::string rule;

    bool operator==(const Entry&) const = default;
  };

  void Reserve(std::size_t entries) { entries_.reserve(entries); }
  void Kept(v1::Field field) { entries_.emplace_back(field, v1::LEDGER_OUTCOME_KEPT); }
  void Approximated(v1::Field field, double error, std::string rule = {}) {
    entries_.push_back({field, v1::LEDGER_OUTCOME_APPROXIMATED, error, std::move(rule)});
  }
  void Defaulted(v1::Field field, std::string rule) {
    entries_.push_back({field, v1::LEDGER_OUTCOME_DEFAULTED, 0, std::move(rule)});
  }
  void Dropped(v1::Field field, std::string rule = "no slot") {
    entries_.push_back({field, v1::LEDGER_OUTCOME_DROPPED, 0, std::move(rule)});
  }

  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  // nullptr when the field is not in the ledger.
  [[nodiscard]] const Entry* Find(v1::Field field) const;

  bool operator==(const LossLedger&) const = default;

 private:
  std::vector<Entry> entries_;
};

// The field did not come through.
constexpr bool IsLost(v1::LedgerOutcome outcome) {
  return outcome == v1::LEDGER_OUTCOME_DROPPED || outcome == v1::LEDGER_OUTCOME_DEFAULTED;
}

// In place of what `said` held; it keeps the room that it had for that.
void ToProto(const LossLedger& ledger, google::protobuf::RepeatedPtrField<v1::LedgerEntry>& said);

}  // namespace entente::adapter
