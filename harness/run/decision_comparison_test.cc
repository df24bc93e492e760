// SPDX-License-Identifier: Apache-2.0
#include "harness/run/decision_comparison.h"

#include <gtest/gtest.h>

namespace entente::harness {
namespace {

FaultDecision On(std::uint64_t unit, std::string what = "lost", std::string rule = "jam/loss", std::uint64_t period = 1) {
  return {"FRA/hq", v1::DIRECTION_TO_NODE, std::move(rule), unit, std::move(what), period};
}

DecisionSource SourceOf(const std::vector<FaultDecision>& decisions) {
  return [&decisions, next = std::size_t{0}]() mutable {
    return next < decisions.size() ? std::optional(decisions[next++]) : std::nullopt;
  };
}

DecisionComparison Simulated(const std::vector<FaultDecision>& recorded, const std::vector<FaultDecision>& repeated) {
  return CompareSimulated(SourceOf(recorded), SourceOf(repeated));
}

TEST(DecisionComparison, SimulatedRunsAgreeWholly) {
  EXPECT_TRUE(Simulated({On(1), On(4)}, {On(1), On(4)}).agrees());
  EXPECT_TRUE(Simulated({}, {}).agrees());
}

TEST(DecisionComparison, TheFirstDifferenceIsNamed) {
  const auto comparison = Simulated({On(1), On(4), On(5)}, {On(1), On(4, "delayed by 3 ms"), On(5)});
  EXPECT_EQ(comparison.differing, 1U);
  ASSERT_TRUE(comparison.first);
  EXPECT_EQ(comparison.first->link, "FRA/hq");
  EXPECT_EQ(comparison.first->unit, 4U);
  EXPECT_EQ(comparison.first->rule, "jam/loss");
  EXPECT_EQ(comparison.first->expected, "lost");
  EXPECT_EQ(comparison.first->got, "delayed by 3 ms");
}

TEST(DecisionComparison, AMissingOrFurtherDecisionOfASimulatedRunDiffers) {
  EXPECT_EQ(Simulated({On(1), On(2)}, {On(1)}).differing, 1U);
  EXPECT_EQ(Simulated({On(1)}, {On(1), On(2)}).differing, 1U);
  EXPECT_EQ(Simulated({}, {On(1)}).first->expected, "");
}

// A live fault begins and ends at other units; in between both must decide the same.
TEST(DecisionComparison, LiveRunsAreComparedWhereBothWere) {
  const auto comparison = CompareLive({On(3), On(7), On(9), On(20)}, {On(7), On(9), On(20), On(26)});
  EXPECT_TRUE(comparison.agrees());
  EXPECT_EQ(comparison.compared, 3U);
  EXPECT_EQ(comparison.beyond, 2U);
}

TEST(DecisionComparison, ALiveUnitThatWasLostOnceAndNotAgainDiffers) {
  const auto comparison = CompareLive({On(3), On(7), On(9)}, {On(3), On(9)});
  EXPECT_EQ(comparison.differing, 1U);
  EXPECT_EQ(comparison.first->unit, 7U);
  EXPECT_EQ(comparison.first->got, "");
  EXPECT_EQ(CompareLive({On(3), On(9)}, {On(3), On(5), On(9)}).first->expected, "");
}

TEST(DecisionComparison, PeriodsBetweenFaultsAreKeptApart) {
  EXPECT_TRUE(
      CompareLive({On(3), On(9), On(40, "lost", "loss", 3)}, {On(3), On(9), On(33, "lost", "loss", 3), On(40, "lost", "loss", 3)})
          .agrees());
}

TEST(DecisionComparison, WhatFollowsFromArrivalIsCountedAndNotCompared) {
  const auto comparison = CompareLive({On(1), On(2, "held", "outage"), On(3, "delayed by 9 ms", "jam/rate#2")}, {On(1)});
  EXPECT_TRUE(comparison.agrees());
  EXPECT_EQ(comparison.by_arrival, 2U);
}

TEST(DecisionComparison, ARuleThatIsNeverMetAgainIsNoAgreement) {
  const auto comparison = CompareLive({On(1), On(2)}, {});
  EXPECT_TRUE(comparison.undecided());
  EXPECT_FALSE(comparison.agrees());
}

TEST(DecisionReader, NumbersThePeriodsOfALinkByItsFaults) {
  v1::Exercise exercise;
  exercise.add_nodes()->set_node("FRA/hq");
  exercise.add_nodes()->set_node("DEU/hq");
  exercise.add_faults()->set_id("jam");
  exercise.mutable_faults(0)->set_node("FRA/hq");
  DecisionReader reader(exercise);
  v1::RecordEvent started;
  started.mutable_fault_started()->set_fault("jam");
  EXPECT_FALSE(reader.Take(started));
  v1::RecordEvent made;
  made.mutable_link_decision()->set_link("FRA/hq");
  made.mutable_link_decision()->set_unit(7);
  made.mutable_link_decision()->set_decision("delayed");
  made.mutable_link_decision()->set_delay_ns(1'500'000);
  const auto decision = reader.Take(made);
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->period, 1U);
  EXPECT_EQ(decision->what, "delayed by 1.500000 ms");
  made.mutable_link_decision()->set_link("DEU/hq");
  EXPECT_EQ(reader.Take(made)->period, 0U);
}

}  // namespace
}  // namespace entente::harness
