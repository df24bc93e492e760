// SPDX-License-Identifier: Apache-2.0
#pragma once

// The sums of messages whose end is certain and good: understood in time by everybody who counts, or withheld by the guard. Nothing
// that comes later changes them, so that they are added up and forgotten. What anything befell stays whole, with its story.

#include <deque>
#include <optional>

#include "harness/assessment/expectation_judge.h"
#include "harness/assessment/pair_sums.h"

namespace entente::harness {

class SettledPairs {
 public:
  // The plan is known. The state outlives this.
  explicit SettledPairs(const FoldState& state);

  // Adds the message's pairs when it is settled; false: it is not.
  bool Take(MessageIndex index, const Message& message);

  [[nodiscard]] const PairSums& sums() const { return sums_; }
  // One per expectation, in order.
  [[nodiscard]] const std::deque<ExpectationJudge>& judges() const { return judges_; }

 private:
  [[nodiscard]] bool IsDone(const Message& message) const;
  // std::nullopt: not certain, or not good.
  [[nodiscard]] std::optional<Pair> Judge(MessageIndex index, const Message& message, const Delivery& delivery) const;
  [[nodiscard]] bool CameInTime(const Pair& pair) const;
  // A right message after a damaged unit shows how the system took it.
  [[nodiscard]] bool FollowsDamage(const Message& message) const;

  const FoldState& state_;
  std::deque<ExpectationJudge> judges_;
  PairSums sums_;
};

}  // namespace entente::harness
