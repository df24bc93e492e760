// SPDX-License-Identifier: Apache-2.0
// Faults of the link between a gateway and the broker, in simulated time: they act on the bus's own stream, and whatever they do to
// it, nothing that was published is lost.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/links/impairment.h"
#include "tests/whole/simulated_whole.h"

namespace entente::whole {
namespace {

constexpr std::string_view kBackbone = "backbone FRA/brigade";
// A gateway waits up to five seconds between attempts.
constexpr std::string_view kExpectations =
    "expectations:\n"
    "  nothing-is-lost: {families: track, delivery: {at-least: 100 %}}\n"
    "  goes-on: {recovery: {after: jam, within: 6 s}}\n"
    "  no-leak: {no-leak: true}\n";

std::string Fault(std::string_view rest) {
  return fmt::format("faults:\n  jam: {{at: 5 s, for: 7 s, node: FRA/brigade, link: backbone, {}}}\n{}", rest, kExpectations);
}

// What the run's record says of the fault.
struct Seen {
  int decisions = 0;  // on the backbone link
  int detached = 0;   // the node, while the fault acts
  int resumed = 0;
  std::string target;
  std::string probe = "no end";
};

Seen SeenIn(const Judged& judged) {
  Seen seen;
  for (const v1::RecordEvent& event : judged.events) {
    EXPECT_FALSE(event.has_process_fault()) << event.process_fault().text();
    if (event.link_decision().link() == kBackbone) ++seen.decisions;
    if (event.has_node_detached() && event.node_detached().reason() != "ENDEX") ++seen.detached;
    if (event.node_attached().resumed()) ++seen.resumed;
    if (event.has_fault_started()) seen.target = event.fault_started().target();
    if (event.has_fault_ended()) seen.probe = event.fault_ended().probe();
  }
  return seen;
}

TEST(WholeBackbone, AnOutageThatRefusesEndsWithoutLoss) {
  const Judged judged = RunWhole(SmallExercise(Fault("outage: refuse")));
  EXPECT_EQ(judged.assessment.exit_code, 0) << Reasons(judged.assessment);
  const Seen seen = SeenIn(judged);
  EXPECT_EQ(seen.target, "backbone FRA/brigade both ways");
  EXPECT_EQ(seen.detached, 1);
  EXPECT_EQ(seen.resumed, 1) << "by its cursor";
  EXPECT_TRUE(seen.probe.ends_with(", as made")) << seen.probe;
}

TEST(WholeBackbone, ASilentOutageHoldsTheStreamAndEndsWithoutLoss) {
  const Judged judged = RunWhole(SmallExercise(Fault("outage: silent")));
  EXPECT_EQ(judged.assessment.exit_code, 0) << Reasons(judged.assessment);
  const Seen seen = SeenIn(judged);
  EXPECT_GT(seen.decisions, 0) << "octets were held";
  EXPECT_EQ(seen.detached, 0);
}

TEST(WholeBackbone, ConditionsOfItDelayWhatCrosses) {
  const Judged judged = RunWhole(SmallExercise(
      "expectations:\n  delivered: {delivery: {at-least: 100 %}}\n  slow: {latency: {percentile: 5, at-most: 600 ms}}\n", "",
      "        backbone: {latency: 700 ms}\n"));
  EXPECT_EQ(VerdictOf(judged.assessment, "delivered"), harness::Verdict::kPass) << Reasons(judged.assessment);
  EXPECT_EQ(VerdictOf(judged.assessment, "slow"), harness::Verdict::kFail);
}

TEST(WholeBackbone, OneWayOnlyLeavesTheOtherAsItWas) {
  const Judged judged = RunWhole(SmallExercise(Fault("direction: to-broker, outage: silent")));
  int understood_in_between = 0;
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;
  for (const v1::RecordEvent& event : judged.events) {
    if (event.has_fault_started()) from_ns = event.utc_ns();
    if (event.has_fault_ended()) to_ns = event.utc_ns();
  }
  for (const v1::RecordEvent& event : judged.events) {
    if (event.link_decision().link() == kBackbone) {
      EXPECT_EQ(event.link_decision().direction(), v1::DIRECTION_TO_GATEWAY);
    }
    const bool within = event.utc_ns() > from_ns + 1'000'000'000 && event.utc_ns() < to_ns;
    if (within && event.message_understood().node() == "FRA/brigade") ++understood_in_between;
    if (within) {
      EXPECT_NE(event.message_understood().node(), "DEU/brigade");
    }
  }
  EXPECT_GE(understood_in_between, 5);
}

std::string Written(const harness::ImpairmentKind& kind) {
  std::string text = fmt::format("kind: {}", kind.name);
  for (const harness::Parameter& parameter : kind.parameters) {
    if (!parameter.required) continue;
    const bool share = parameter.type == harness::ParameterType::kShare;
    const bool rate = parameter.type == harness::ParameterType::kRate;
    text += fmt::format(", {}: {}", parameter.name, share ? "40 %" : rate ? "16 kbit/s" : "2 s");
  }
  return '{' + text + '}';
}

std::vector<const harness::ImpairmentKind*> KindsOfBackbones() {
  std::vector<const harness::ImpairmentKind*> kinds;
  for (const harness::ImpairmentKind* kind : harness::ImpairmentKinds()) {
    if (kind->on_streams && !kind->of_node) kinds.push_back(kind);
  }
  return kinds;
}

class BackboneImpairment : public ::testing::TestWithParam<const harness::ImpairmentKind*> {};

// Also one that changes octets: what is no frame any more breaks the stream, which resumes.
TEST_P(BackboneImpairment, RepeatsFromItsSeedAndLeavesNothingBehind) {
  const harness::ImpairmentKind& kind = *GetParam();
  const std::string exercise = SmallExercise(Fault("impairments: " + Written(kind)));
  const Judged judged = RunWhole(exercise);
  EXPECT_EQ(RunWhole(exercise).digest, judged.digest);
  const Seen seen = SeenIn(judged);
  EXPECT_TRUE(seen.probe.ends_with(", as made")) << seen.probe;
  EXPECT_EQ(VerdictOf(judged.assessment, "goes-on"), harness::Verdict::kPass) << Reasons(judged.assessment);
  if (kind.name == "corrupt") return;  // a changed octet that is still a frame is a changed message: nothing but TLS notices
  EXPECT_EQ(VerdictOf(judged.assessment, "nothing-is-lost"), harness::Verdict::kPass) << Reasons(judged.assessment);
}

INSTANTIATE_TEST_SUITE_P(Kinds, BackboneImpairment, ::testing::ValuesIn(KindsOfBackbones()), [](const auto& tested) {
  std::string name(tested.param->name);
  std::erase(name, '-');
  return name;
});

}  // namespace
}  // namespace entente::whole
