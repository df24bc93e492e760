// SPDX-License-Identifier: Apache-2.0
// The same seed gives the same record, another seed other decisions and other outcomes, and no impairment moves another's.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/whole/simulated_whole.h"

namespace entente::whole {
namespace {

constexpr std::string_view kLossyLink = "        link: {latency: 40 ms, jitter: 30 ms, loss: 20 %, rate: 64 kbit/s}";
constexpr std::string_view kExpectation = "expectations:\n  delivered: {delivery: {at-least: 10 %}}\n";

// What a rule decided: per unit number, the decision and its delay.
using Decisions = std::map<std::tuple<std::string, int, std::uint64_t>, std::pair<std::string, std::int64_t>>;

Decisions DecisionsOf(const Judged& judged, std::string_view rule) {
  Decisions decisions;
  for (const v1::RecordEvent& event : judged.events) {
    if (!event.has_link_decision() || event.link_decision().rule() != rule) continue;
    const v1::LinkDecision& decision = event.link_decision();
    decisions[{decision.link(), decision.direction(), decision.unit()}] = {decision.decision(), decision.delay_ns()};
  }
  return decisions;
}

// Of the units that both runs had, those with the same decision.
void ExpectEqualWhereBothDecided(const Decisions& a, const Decisions& b) {
  std::size_t shared = 0;
  for (const auto& [unit, decision] : a) {
    const auto other = b.find(unit);
    if (other == b.end()) continue;
    ++shared;
    EXPECT_EQ(decision, other->second) << std::get<0>(unit) << " unit " << std::get<2>(unit);
  }
  EXPECT_GT(shared, 5U);
}

harness::RunOptions WithSeed(std::uint64_t seed) {
  harness::RunOptions options;
  options.seed = seed;
  options.duration = std::chrono::minutes(1);
  return options;
}

Judged RunWithSeed(std::uint64_t seed, std::string_view link = kLossyLink) {
  return RunWhole(SmallExercise(kExpectation, link, link), WithSeed(seed));
}

TEST(Determinism, SameSeedGivesTheSameRecordDigest) {
  const Judged first = RunWithSeed(7);
  const Judged second = RunWithSeed(7);
  ASSERT_FALSE(first.digest.empty());
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_EQ(first.events.size(), second.events.size());
}

TEST(Determinism, AnotherSeedGivesAnotherRecordDigest) {
  EXPECT_NE(RunWithSeed(7).digest, RunWithSeed(8).digest);
}

// In substance: not only the header, which holds the seed.
TEST(Determinism, AnotherSeedChangesWhatEachImpairmentDecides) {
  const Judged seven = RunWithSeed(7);
  const Judged eight = RunWithSeed(8);
  for (const std::string_view rule : {"loss", "latency"}) {
    const Decisions a = DecisionsOf(seven, rule);
    const Decisions b = DecisionsOf(eight, rule);
    EXPECT_FALSE(a.empty()) << rule;
    EXPECT_NE(a, b) << rule;
  }
}

TEST(Determinism, AnotherSeedChangesOutcomes) {
  const auto latencies = [](const Judged& judged) {
    std::vector<std::int64_t> all;
    for (const auto& cell : judged.assessment.by_node) all.push_back(cell.latency.maximum_ns);
    return all;
  };
  EXPECT_NE(latencies(RunWithSeed(7)), latencies(RunWithSeed(8)));
}

TEST(Determinism, RemovingOneImpairmentMovesNoOther) {
  const Judged both = RunWithSeed(7, "        link: {latency: 40 ms, jitter: 30 ms, loss: 20 %}");
  const Judged without_loss = RunWithSeed(7, "        link: {latency: 40 ms, jitter: 30 ms}");
  const Judged without_latency = RunWithSeed(7, "        link: {loss: 20 %}");
  EXPECT_TRUE(DecisionsOf(without_loss, "loss").empty());
  EXPECT_TRUE(DecisionsOf(without_latency, "latency").empty());
  ExpectEqualWhereBothDecided(DecisionsOf(both, "latency"), DecisionsOf(without_loss, "latency"));
  ExpectEqualWhereBothDecided(DecisionsOf(both, "loss"), DecisionsOf(without_latency, "loss"));
}

TEST(Determinism, DamageChangesWithTheSeedAndMovesNoLink) {
  const auto run = [](std::uint64_t seed, bool damaged) {
    const std::string fault = damaged ? "faults:\n  burst: {at: 2 s, for: 15 s, node: DEU/brigade, damage: {share: 50 %}}\n" : "";
    return RunWhole(SmallExercise(fault + std::string(kExpectation), kLossyLink, kLossyLink), WithSeed(seed));
  };
  const auto damaged_units = [](const Judged& judged) {
    std::vector<std::string> damaged;
    for (const v1::RecordEvent& event : judged.events) {
      if (event.has_unit_damaged()) damaged.push_back(event.unit_damaged().rule() + event.unit_damaged().damaged_hash());
    }
    return damaged;
  };
  const Judged seven = run(7, true);
  EXPECT_FALSE(damaged_units(seven).empty());
  EXPECT_NE(damaged_units(seven), damaged_units(run(8, true)));
  EXPECT_EQ(damaged_units(seven), damaged_units(run(7, true)));
  // FRA's link to its gateway carries the same units either way.
  const auto of_fra = [](const Judged& judged) {
    Decisions decisions = DecisionsOf(judged, "loss");
    std::erase_if(decisions, [](const auto& entry) {
      return std::get<0>(entry.first) != "FRA/brigade" || std::get<1>(entry.first) != v1::DIRECTION_TO_GATEWAY;
    });
    return decisions;
  };
  EXPECT_EQ(of_fra(seven), of_fra(run(7, false)));
}

// Node options are a map, whose order in memory differs from one copy to the next.
TEST(Determinism, ThePlanIsWrittenTheSameWayEachTime) {
  const std::string file = std::string(ENTENTE_SOURCE_DIR) + "/exercises/first-light.yaml";
  std::set<std::string> written;
  for (int i = 0; i < 64; ++i) {
    const auto plan = harness::PrepareRunFile(file, {});
    ASSERT_TRUE(plan.has_value()) << plan.error().Text();
    written.insert(harness::RunStartedEvent(*plan, true, Now{}).run_started().plan());
  }
  EXPECT_EQ(written.size(), 1U);
}

TEST(Determinism, TenMinutesOfFirstLightRepeat) {
  const std::string file = std::string(ENTENTE_SOURCE_DIR) + "/exercises/first-light.yaml";
  harness::RunOptions ten_minutes;
  ten_minutes.duration = std::chrono::minutes(10);
  const Judged first = RunWholeFile(file, ten_minutes);
  const Judged second = RunWholeFile(file, ten_minutes);
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_EQ(first.assessment.exit_code, 0) << Reasons(first.assessment);
}

}  // namespace
}  // namespace entente::whole
