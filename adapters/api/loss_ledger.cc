// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/loss_ledger.h"

#include <algorithm>

namespace entente::adapter {

const LossLedger::Entry* LossLedger::Find(v1::Field field) const {
  const auto found = std::ranges::find(entries_, field, &Entry::field);
  return found == entries_.end() ? nullptr : &*found;
}

void ToProto(const LossLedger& ledger, google::protobuf::RepeatedPtrField<v1::LedgerEntry>& said) {
  said.Clear();
  for (const LossLedger::Entry& entry : ledger.entries()) {
    v1::LedgerEntry& proto = *said.Add();
    proto.set_field(entry.field);
    proto.set_outcome(entry.outcome);
    proto.set_error(entry.error);
    proto.set_rule(entry.rule);
  }
}

}  // namespace entente::adapter
