// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ids of messages that are settled and forgotten, so that what is told of one later is not taken for a new message. Runs of
// sequences: one per gap, not one per message.

#include <cstdint>
#include <map>
#include <tuple>

#include "entente/v1/message.pb.h"
#include "harness/assessment/run_plan.h"

namespace entente::harness {

struct Lane {
  NodeIndex origin = kNoNode;
  std::uint64_t incarnation = 0;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  auto operator<=>(const Lane&) const = default;
};

class SettledIds {
 public:
  void Add(const Lane& lane, std::uint64_t sequence) {
    Runs& runs = lanes_[lane];
    auto next = runs.upper_bound(sequence);
    std::uint64_t last = sequence;
    if (next != runs.end() && next->first == sequence + 1) {
      last = next->second;
      next = runs.erase(next);
    }
    if (next != runs.begin() && std::prev(next)->second + 1 == sequence) {
      std::prev(next)->second = last;
    } else {
      runs.emplace_hint(next, sequence, last);
    }
  }
  [[nodiscard]] bool Contains(const Lane& lane, std::uint64_t sequence) const {
    const auto runs = lanes_.find(lane);
    if (runs == lanes_.end()) return false;
    const auto next = runs->second.upper_bound(sequence);
    return next != runs->second.begin() && std::prev(next)->second >= sequence;
  }

 private:
  using Runs = std::map<std::uint64_t, std::uint64_t>;  // first to last
  std::map<Lane, Runs> lanes_;
};

}  // namespace entente::harness
