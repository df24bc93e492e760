// SPDX-License-Identifier: Apache-2.0
// Small exercises end as they must, each with its exit code.

#include <gtest/gtest.h>

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
