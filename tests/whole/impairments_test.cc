// SPDX-License-Identifier: Apache-2.0
// Every kind of impairment in a whole exercise: the same seed gives the same record, the fault ends and a probe shows that nothing
// is left of it; and faults of messages reach the messages that they select.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/links/impairment.h"
#include "tests/whole/simulated_whole.h"

namespace entente::whole {
namespace {

constexpr std::string_view kUdp = "        transport: udp\n";
constexpr std::string_view kExpectation = "expectations:\n  delivered: {delivery: {at-least: 1 %}}\n";

std::string Fault(std::string_view rest) {
  return fmt::format("faults:\n  jam: {{at: 5 s, for: 7 s, {}}}\n{}", rest, kExpectation);
}

// As an exercise file says it, with what the kind cannot do without.
std::string Written(const harness::ImpairmentKind& kind) {
  std::string text = fmt::format("kind: {}", kind.name);
  for (const harness::Parameter& parameter : kind.parameters) {
    if (!parameter.required) continue;
    const bool share = parameter.type == harness::ParameterType::kShare;
    const bool rate = parameter.type == harness::ParameterType::kRate;
    text += fmt::format(", {}: {}", parameter.name, share ? "40 %" : rate ? "4 kbit/s" : "2 s");
  }
  return '{' + text + '}';
}

class WholeImpairment : public ::testing::TestWithParam<const harness::ImpairmentKind*> {};

TEST_P(WholeImpairment, RepeatsFromItsSeedAndLeavesNothingBehind) {
  const harness::ImpairmentKind& kind = *GetParam();
  const std::string fault = Fault(fmt::format("node: DEU/brigade, impairments: {}", Written(kind)));
  const std::string exercise = SmallExercise(fault, kind.on_streams ? "" : kUdp);
  const Judged judged = RunWhole(exercise);
  EXPECT_EQ(RunWhole(exercise).digest, judged.digest);
  std::string probe = "no end";
  for (const v1::RecordEvent& event : judged.events) {
    if (event.has_fault_ended()) probe = event.fault_ended().probe();
    EXPECT_FALSE(event.has_process_fault()) << event.process_fault().text();
  }
  EXPECT_TRUE(probe.ends_with(", as made")) << probe;
  EXPECT_EQ(VerdictOf(judged.assessment, "delivered"), harness::Verdict::kPass) << Reasons(judged.assessment);
}

INSTANTIATE_TEST_SUITE_P(Kinds, WholeImpairment,
                         ::testing::ValuesIn(harness::ImpairmentKinds().begin(), harness::ImpairmentKinds().end()),
                         [](const auto& tested) {
                           std::string name(tested.param->name);
                           std::erase(name, '-');
                           return name;
                         });

TEST(WholeImpairments, APartitionStopsMessagesWithTheirReason) {
  const Judged judged = RunWhole(SmallExercise(Fault("partition: [DEU, FRA]")));
  int impaired = 0;
  int dropped = 0;
  for (const v1::RecordEvent& event : judged.events) {
    if (event.has_message_impaired()) ++impaired;
    if (event.message_egressed().reason() == "lost by jam/partition") ++dropped;
  }
  const auto ended = std::ranges::find_if(judged.events, [](const v1::RecordEvent& event) { return event.has_fault_ended(); });
  ASSERT_NE(ended, judged.events.end());
  EXPECT_EQ(ended->fault_ended().probe(), "2 messages at 2 access points pass, as made");
  EXPECT_GE(impaired, 12) << "two units report every second for seven";
  EXPECT_EQ(dropped, impaired);
}

TEST(WholeImpairments, AFaultOfMessagesReachesThoseThatItSelectsOnly) {
  const Judged judged =
      RunWhole(SmallExercise(Fault("messages: {families: track, from: FRA, impairments: {kind: latency, delay: 1500 ms}}")));
  int delayed = 0;
  for (const v1::RecordEvent& event : judged.events) {
    if (!event.has_message_impaired()) continue;
    ++delayed;
    EXPECT_EQ(event.message_impaired().id().origin(), "FRA/brigade");
    EXPECT_EQ(event.message_impaired().rule(), "jam/latency");
  }
  EXPECT_GE(delayed, 12) << "each at FRA's gateway and at DEU's";
}

TEST(WholeImpairments, ASkewedClockIsInWhatTheNodeSaysAndNotInTheRecord) {
  const Judged judged =
      RunWhole(SmallExercise(Fault("node: DEU/brigade, impairments: {kind: clock-skew, offset: 30 s, drift: 1000}")));
  std::int64_t furthest_ns = 0;
  std::int64_t last_ns = 0;
  for (const v1::RecordEvent& event : judged.events) {
    if (!event.has_message_composed() || event.message_composed().node() != "DEU/brigade") continue;
    EXPECT_GE(event.utc_ns(), last_ns);
    EXPECT_LT(event.utc_ns() - last_ns, last_ns == 0 ? INT64_MAX : 5'000'000'000) << "the record's own time does not jump";
    last_ns = event.utc_ns();
    furthest_ns = std::max(furthest_ns, event.message_composed().truth().times().observed().utc_ns() - event.utc_ns());
  }
  EXPECT_GE(furthest_ns, 30'000'000'000);
  EXPECT_LE(furthest_ns, 30'010'000'000);
}

}  // namespace
}  // namespace entente::whole
