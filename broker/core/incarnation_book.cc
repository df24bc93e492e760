// SPDX-License-Identifier: Apache-2.0
#include "broker/core/incarnation_book.h"

#include <algorithm>
#include <ranges>

namespace entente::broker {

void IncarnationBook::Attach(std::uint64_t incarnation) {
  const auto known = std::ranges::find(known_, incarnation, &Known::incarnation);
  if (known != known_.end()) {
    std::rotate(known, std::next(known), known_.end());
    return known_.back().ledger.Resume();
  }
  if (!known_.empty()) known_.back().ledger.ForgetRefusals();
  if (known_.size() == kRemembered) known_.erase(known_.begin());
  known_.push_back({incarnation, {}});
}

OriginLedger* IncarnationBook::Find(std::uint64_t incarnation) {
  for (Known& known : std::views::reverse(known_)) {
    if (known.incarnation == incarnation) return &known.ledger;
  }
  return nullptr;
}

}  // namespace entente::broker
