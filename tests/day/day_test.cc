// SPDX-License-Identifier: Apache-2.0
// Ten minutes of the day with a tenth of its units: the same exercise, with counts that are known.

#include <gtest/gtest.h>

#include "tests/day/day_run.h"

namespace entente::day {
namespace {

constexpr CoalitionDay kTenMinutes{.units = 100, .duration = std::chrono::minutes(10)};

TEST(CoalitionDay, TenMinutesOfAHundredUnitsComeAsExpected) {
  const auto outcome = RunDay(kTenMinutes);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().Text();
  const harness::Assessment& assessment = outcome->assessment;
  // DIS says of itself that it has no place for a ship's or a client's static data.
  EXPECT_EQ(assessment.judgement.verdict, harness::Verdict::kPassWithDeviation)
      << testing::PrintToString(assessment.judgement.reasons);
  std::uint64_t composed = 0;
  for (const auto& node : assessment.nodes) composed += node.messages_composed;
  EXPECT_EQ(composed, kTenMinutes.messages());
  EXPECT_EQ(assessment.nodes.size(), kNations);
  std::uint64_t pairs = 0;
  for (const auto& cell : assessment.by_node) pairs += cell.pairs();
  EXPECT_EQ(pairs, kListeners * assessment.messages);
  EXPECT_EQ(assessment.faults.size(), kNations);
}

TEST(CoalitionDay, IsTheSameAgain) {
  const CoalitionDay minute{.units = 40, .duration = std::chrono::minutes(2)};
  const auto first = RunDay(minute);
  const auto second = RunDay(minute);
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_FALSE(first->assessment.record_digest.empty());
  EXPECT_EQ(first->assessment.record_digest, second->assessment.record_digest);
}

}  // namespace
}  // namespace entente::day
