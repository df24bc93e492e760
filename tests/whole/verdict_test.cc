// SPDX-License-Identifier: Apache-2.0
// Small exercises end as they must, each with its exit code.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/whole/simulated_whole.h"

namespace entente::whole {
namespace {

using harness::Verdict;

constexpr std::string_view kDeliveryAndNoLeak = R"(
expectations:
  delivered: {families: track, delivery: {at-least: 95 %, within: 1 s}}
  no-leak: {no-leak: true}
)";

TEST(SmallExercise, PassesWhenEverythingArrives) {
  const Judged judged = RunWhole(SmallExercise(kDeliveryAndNoLeak));
  EXPECT_EQ(judged.assessment.exit_code, 0) << Reasons(judged.assessment);
  EXPECT_EQ(VerdictOf(judged.assessment, "delivered"), Verdict::kPass) << Reasons(judged.assessment);
  EXPECT_EQ(VerdictOf(judged.assessment, "no-leak"), Verdict::kPass) << Reasons(judged.assessment);
  EXPECT_GE(judged.assessment.messages, 38U);
}

constexpr std::string_view kSurvives = R"(
expectations:
  survives: {survival: {within: 2 s}}
)";

// Every rule of CoT in turn, at the gateway and at a node of ours: none is understood against its clause, and none stops anything.
TEST(SmallExercise, TakesMalformedUnitsAsTheirRulesDemand) {
  for (const std::string_view direction : {"to-gateway", "to-node"}) {
    const std::string faults = "faults:\n  bad: {at: 2 s, for: 17 s, node: DEU/brigade, direction: " + std::string(direction) +
                               ", damage: {share: 40 %}}\n";
    const Judged judged = RunWhole(SmallExercise(faults + std::string(kSurvives)));
    EXPECT_EQ(VerdictOf(judged.assessment, "survives"), Verdict::kPass) << Reasons(judged.assessment);
    EXPECT_GT(judged.assessment.receptions.size(), 3U) << direction;
    for (const harness::ReceptionSummary& reception : judged.assessment.receptions) {
      EXPECT_TRUE(harness::IsSound(reception.reception)) << direction << ' ' << reception.rule << " was "
                                                         << harness::ReceptionName(reception.reception) << ": " << reception.reason;
      EXPECT_EQ(reception.direction == v1::DIRECTION_TO_NODE, direction == "to-node");
    }
  }
}

// A recording of thirty events, one a second.
std::string WriteRecording() {
  const auto path = std::filesystem::path(testing::TempDir()) / "entente-malformed-recording.xml";
  std::ofstream file(path, std::ios::binary);
  for (int i = 0; i < 30; ++i) {
    file << "<event version=\"2.0\" uid=\"LOG-" << i
         << "\" type=\"a-f-G-U-C\" time=\"2026-01-01T00:00:00.000Z\" start=\"2026-01-01T00:00:00.000Z\" "
            "stale=\"2026-01-01T00:02:00.000Z\" how=\"m-g\"><point lat=\"48.1\" lon=\"11.6\" hae=\"520.0\" ce=\"10.0\" "
            "le=\"10.0\"/><detail/></event>\n";
  }
  return path.string();
}

TEST(SmallExercise, MutatesARecordingBlindlyAndGoesOn) {
  std::string text = SmallExercise(
      "faults:\n  noise: {at: 3 s, for: 10 s, node: LUX/log, damage: {share: 50 %, rules: mutation}}\n" + std::string(kSurvives));
  text.replace(text.find("  FRA:"), 0,
               "  LUX:\n    clearance: SECRET\n    label: UNCLASSIFIED rel DEU FRA\n    nodes:\n      log: {protocol: cot, replay: "
               "{file: \"" +
                   WriteRecording() + "\", speed: 0, interval: 500 ms}}\n");
  const Judged judged = RunWhole(text);
  std::size_t damaged = 0;
  for (const v1::RecordEvent& event : judged.events) {
    if (!event.has_unit_damaged()) continue;
    ++damaged;
    EXPECT_EQ(event.unit_damaged().node(), "LUX/log");
    EXPECT_EQ(event.unit_damaged().rule(), "mutation");
    EXPECT_EQ(event.unit_damaged().direction(), v1::DIRECTION_TO_GATEWAY);
  }
  EXPECT_GT(damaged, 3U);
  EXPECT_LT(damaged, 20U);
  ASSERT_EQ(judged.assessment.receptions.size(), 1U);
  const harness::ReceptionSummary& reception = judged.assessment.receptions.front();
  EXPECT_EQ(reception.units, damaged);
  EXPECT_GT(reception.refused, 0U);
  EXPECT_EQ(reception.survived, damaged) << harness::ReceptionName(reception.reception) << ": " << reception.reason;
}

TEST(SmallExercise, FailsWhenANodeIsMuted) {
  const Judged judged = RunWhole(SmallExercise(kDeliveryAndNoLeak, "        defects: {muted: true}"));
  EXPECT_EQ(judged.assessment.exit_code, 1) << Reasons(judged.assessment);
  EXPECT_EQ(VerdictOf(judged.assessment, "delivered"), Verdict::kFail) << Reasons(judged.assessment);
}

TEST(SmallExercise, FailsWhenANodeDropsAField) {
  constexpr std::string_view kFidelity = "expectations:\n  whole: {from: DEU, families: track, fidelity: all}\n";
  const Judged honest = RunWhole(SmallExercise(kFidelity));
  EXPECT_EQ(honest.assessment.exit_code, 0) << Reasons(honest.assessment);
  const Judged defective = RunWhole(SmallExercise(kFidelity, "        defects: {omits: callsign}"));
  EXPECT_EQ(defective.assessment.exit_code, 1) << Reasons(defective.assessment);
  EXPECT_EQ(VerdictOf(defective.assessment, "whole"), Verdict::kFail) << Reasons(defective.assessment);
}

constexpr std::string_view kForDeuAlone = "        label: SECRET rel DEU";

TEST(SmallExercise, WithholdsWhatIsNotReleasableAndPasses) {
  const Judged judged = RunWhole(
      SmallExercise("expectations:\n  no-leak: {no-leak: true}\n  silence: {from: DEU, to: FRA, silence: true}\n", kForDeuAlone));
  EXPECT_EQ(judged.assessment.exit_code, 0) << Reasons(judged.assessment);
  EXPECT_TRUE(judged.assessment.leaks.empty());
}

TEST(SmallExercise, IsALeakWhenTheGuardReleasesAll) {
  const broker::ReleaseAllGuard no_guard;
  const Judged judged = RunWhole(SmallExercise("expectations:\n  no-leak: {no-leak: true}\n", kForDeuAlone), {}, &no_guard);
  EXPECT_EQ(judged.assessment.exit_code, 1) << Reasons(judged.assessment);
  EXPECT_EQ(judged.assessment.judgement.verdict, Verdict::kLeak) << Reasons(judged.assessment);
  EXPECT_FALSE(judged.assessment.leaks.empty());
}

// Also when nobody asked: a leak is the gravest verdict.
TEST(SmallExercise, IsALeakEvenWithoutAnExpectation) {
  const broker::ReleaseAllGuard no_guard;
  const Judged judged =
      RunWhole(SmallExercise("expectations:\n  delivered: {delivery: {at-least: 1 %}}\n", kForDeuAlone), {}, &no_guard);
  EXPECT_EQ(judged.assessment.judgement.verdict, Verdict::kLeak) << Reasons(judged.assessment);
}

TEST(SmallExercise, IsInconclusiveWhenAnExternalNodeNeverCame) {
  std::string text = SmallExercise("expectations:\n  delivered: {from: ITA, delivery: {at-least: 95 %}}\n");
  text.replace(text.find("  FRA:"), 0,
               "  ITA:\n    clearance: SECRET\n    label: UNCLASSIFIED rel DEU FRA\n    nodes:\n      hq: {protocol: cot, "
               "external: true}\n");
  const Judged judged = RunWhole(text);
  EXPECT_EQ(judged.assessment.exit_code, 3) << Reasons(judged.assessment);
  EXPECT_EQ(VerdictOf(judged.assessment, "delivered"), Verdict::kInconclusive) << Reasons(judged.assessment);
}

TEST(SmallExercise, IsNotRunWhenNothingIsExpectedOrSaid) {
  constexpr std::string_view kEmpty = R"(
version: 1
name: empty
duration: 5 s
policy: {classifications: [UNCLASSIFIED]}
nations:
  DEU:
    clearance: UNCLASSIFIED
    label: UNCLASSIFIED
    nodes:
      hq: {protocol: cot}
)";
  const Judged judged = RunWhole(kEmpty);
  EXPECT_EQ(judged.assessment.exit_code, 3) << Reasons(judged.assessment);
  EXPECT_EQ(judged.assessment.judgement.verdict, Verdict::kNotRun) << Reasons(judged.assessment);
}

}  // namespace
}  // namespace entente::whole
