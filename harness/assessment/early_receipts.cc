// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/early_receipts.h"

namespace entente::harness {

void EarlyReceipts::Keep(NodeIndex node, const v1::MessageUnderstood& event, const ClockReading& at) {
  waiting_.push_back({{event, at}, node, !event.unit_hashes().empty()});
  const Place place = std::prev(waiting_.end());
  if (!place->named) ++without_units_;
  for (const std::string& hash : event.unit_hashes()) by_unit_.emplace(UnitId(node, v1::DIRECTION_TO_NODE, hash), place);
  if (waiting_.size() > kAtMost) Forget(waiting_.begin());
}

std::optional<EarlyReceipt> EarlyReceipts::Take(const UnitId& unit) {
  if (by_unit_.empty()) return std::nullopt;
  const auto [first, last] = by_unit_.equal_range(unit);
  if (first == last) return std::nullopt;
  // Equal ones are few, and stand in no order that means anything.
  auto oldest = first;
  for (auto each = first; each != last; ++each) {
    if (each->second->receipt.at.at_ns < oldest->second->receipt.at.at_ns) oldest = each;
  }
  const Place place = oldest->second;
  EarlyReceipt receipt = place->receipt;
  Forget(place);
  return receipt;
}

void EarlyReceipts::Forget(Place place) {
  if (!place->named) --without_units_;
  for (const std::string& hash : place->receipt.event.unit_hashes()) {
    const auto [first, last] = by_unit_.equal_range(UnitId(place->node, v1::DIRECTION_TO_NODE, hash));
    for (auto each = first; each != last; ++each) {
      if (each->second != place) continue;
      by_unit_.erase(each);
      break;
    }
  }
  waiting_.erase(place);
}

}  // namespace entente::harness
