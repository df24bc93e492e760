// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/assessment/record_script.h"

namespace entente::harness {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

constexpr std::string_view kA = "DEU/a";
constexpr std::string_view kB = "FRA/b";
constexpr std::int64_t kMs = 1'000'000;

class VerdictTest : public ::testing::Test {
 protected:
  void Nodes(std::string_view b_protocol = "wide") {
    script_.Node(kA);
    script_.Node(kB, b_protocol);
  }
  Judgement End() {
    assessment_ = script_.End().ToAssessment();
    return assessment_.expectations.empty() ? assessment_.judgement : assessment_.expectations.front().judgement;
  }
  // A message that is sent to FRA/b and lost on its link.
  void Lose() {
    const auto said = script_.Track(kA);
    script_.ComeToNode(said, kB);
    script_.LinkLost(kB, v1::DIRECTION_TO_NODE);
  }

  RecordScript script_;
  Assessment assessment_;
};

TEST(Verdicts, ExitCodesAreThoseOfTheDesign) {
  EXPECT_EQ(ExitCode(Verdict::kPass), 0);
  EXPECT_EQ(ExitCode(Verdict::kPassWithDeviation), 0);
  EXPECT_EQ(ExitCode(Verdict::kFail), 1);
  EXPECT_EQ(ExitCode(Verdict::kLeak), 1);
  EXPECT_EQ(ExitCode(Verdict::kInconclusive), 3);
  EXPECT_EQ(ExitCode(Verdict::kUnsupported), 3);
  EXPECT_EQ(ExitCode(Verdict::kNotRun), 3);
  EXPECT_EQ(ExitCode(Verdict::kHarnessError), 4);
}

TEST(Verdicts, RollUpIsWorstOf) {
  EXPECT_EQ(Worse(Verdict::kPass, Verdict::kFail), Verdict::kFail);
  EXPECT_EQ(Worse(Verdict::kLeak, Verdict::kHarnessError), Verdict::kLeak);
  EXPECT_EQ(Worse(Verdict::kInconclusive, Verdict::kPass), Verdict::kInconclusive);
  EXPECT_EQ(Worse(Verdict::kUnsupported, Verdict::kPass), Verdict::kPassWithDeviation);
  EXPECT_EQ(Worse(Verdict::kUnsupported, Verdict::kFail), Verdict::kFail);
  EXPECT_EQ(Worse(Verdict::kUnsupported, Verdict::kUnsupported), Verdict::kUnsupported);
}

TEST(Ratios, WilsonIntervalAgreesWithPublishedValues) {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81 of 263 gives 0.2553 to 0.3662; 15 of 148, 0.0624 to 0.1605.
  const Ratio first = RatioOf(81, 263);
  EXPECT_NEAR(first.low, 0.2553, 5e-5);
  EXPECT_NEAR(first.high, 0.3662, 5e-5);
  const Ratio second = RatioOf(15, 148);
  EXPECT_NEAR(second.low, 0.0624, 5e-5);
  EXPECT_NEAR(second.high, 0.1605, 5e-5);
}

TEST_F(VerdictTest, DeliveryPassesOnEvidence) {
  script_.ExpectDelivery(1);
  Nodes();
  script_.Begin();
  for (int i = 0; i < 10; ++i) script_.Deliver(kA, kB);
  const Judgement judgement = End();
  EXPECT_EQ(judgement.verdict, Verdict::kPass);
  EXPECT_THAT(judgement.reasons.front(), HasSubstr("10 of 10 (100 %"));
  EXPECT_EQ(assessment_.exit_code, 0);
}

TEST_F(VerdictTest, DeliveryFailsAndNamesMessages) {
  script_.ExpectDelivery(0.9);
  Nodes();
  script_.Begin();
  for (int i = 0; i < 8; ++i) script_.Deliver(kA, kB);
  Lose();
  Lose();
  const Judgement judgement = End();
  EXPECT_EQ(judgement.verdict, Verdict::kFail);
  EXPECT_THAT(judgement.reasons, Contains(HasSubstr("DEU/a#1.R.9")));
  EXPECT_EQ(assessment_.exit_code, 1);
}

TEST_F(VerdictTest, DeliveryCountsOnlyWhatCameInTime) {
  script_.ExpectDelivery(1, 100);
  Nodes();
  script_.Begin();
  script_.Deliver(kA, kB, 50);
  script_.Deliver(kA, kB, 150);
  EXPECT_EQ(End().verdict, Verdict::kFail);
}

TEST_F(VerdictTest, DeliverySetsAsideWhatWasWithheldOrSuperseded) {
  script_.ExpectDelivery(1);
  Nodes();
  script_.Begin();
  script_.Deliver(kA, kB);
  const auto withheld = script_.Track(kA);
  script_.ComeToBroker(withheld);
  script_.Routed(withheld, {kB}, "caveat");
  script_.Composed(script_.Track(kA), v1::SEND_OUTCOME_SUPERSEDED);
  EXPECT_EQ(End().verdict, Verdict::kPass);
}

TEST_F(VerdictTest, NothingSaidIsNotRun) {
  script_.ExpectDelivery(1);
  Nodes();
  script_.Begin();
  EXPECT_EQ(End().verdict, Verdict::kNotRun);
  EXPECT_EQ(assessment_.exit_code, 3);
}

TEST_F(VerdictTest, NeverStartedIsNotRun) {
  script_.ExpectDelivery(1);
  Nodes();
  v1::RunStarted& started = *script_.Add().mutable_run_started();
  started.set_plan(script_.plan().SerializeAsString());
  const Judgement judgement = End();
  EXPECT_EQ(judgement.verdict, Verdict::kNotRun);
  EXPECT_THAT(judgement.reasons, Contains("DEU/a never connected"));
}

TEST_F(VerdictTest, NobodyOfThatNameIsNotRun) {
  script_.ExpectDelivery(1).add_from("ITA");
  Nodes();
  script_.Begin();
  script_.Deliver(kA, kB);
  EXPECT_EQ(End().verdict, Verdict::kNotRun);
}

TEST_F(VerdictTest, AllWithheldIsInconclusive) {
  script_.ExpectDelivery(1);
  Nodes();
  script_.Begin();
  const auto said = script_.Track(kA);
  script_.ComeToBroker(said);
  script_.Routed(said, {kB}, "caveat");
  const Judgement judgement = End();
  EXPECT_EQ(judgement.verdict, Verdict::kInconclusive);
  EXPECT_THAT(judgement.reasons.front(), HasSubstr("1 withheld"));
}

TEST_F(VerdictTest, EvidenceAboveWhatCanBeObservedIsInconclusive) {
  script_.ExpectDelivery(1);
  script_.Node(kA);
  script_.Node(kB).set_external(true);
  script_.Begin();
  script_.ComeToNode(script_.Track(kA), kB);
  const Judgement judgement = End();
  EXPECT_EQ(judgement.verdict, Verdict::kInconclusive);
  EXPECT_THAT(judgement.reasons.front(), HasSubstr("not observable"));
}

TEST_F(VerdictTest, UnobservedOnesDecideNothingWhenTheRestSuffices) {
  script_.ExpectDelivery(0.5);
  Nodes();
  script_.Node("GBR/c").set_external(true);
  script_.Begin();
  const auto said = script_.Deliver(kA, kB);
  script_.Routed(said, {"GBR/c"});
  script_.Egressed(said, "GBR/c");
  EXPECT_EQ(End().verdict, Verdict::kPass);
}

TEST_F(VerdictTest, DeclaredUnsupportedIsUnsupported) {
  script_.ExpectDelivery(1);
  Nodes("narrow");
  script_.Begin();
  auto said = script_.Track(kA);
  said.truth.mutable_chat()->set_text("chat is no family of narrow");
  script_.ComeToBroker(said);
  script_.Routed(said, {kB});
  script_.Egressed(said, kB, v1::SEND_OUTCOME_UNSUPPORTED, "no chat");
  EXPECT_EQ(End().verdict, Verdict::kUnsupported);
}

TEST_F(VerdictTest, UndeclaredUnsupportedIsNotExcused) {
  script_.ExpectDelivery(1);
  Nodes("narrow");
  script_.Begin();
  const auto said = script_.Track(kA);
  script_.ComeToBroker(said);
  script_.Routed(said, {kB});
  script_.Egressed(said, kB, v1::SEND_OUTCOME_UNSUPPORTED, "no mood");
  EXPECT_EQ(End().verdict, Verdict::kInconclusive);
}

TEST_F(VerdictTest, FindingsOfTheSenderAreDeviations) {
  script_.ExpectDelivery(1);
  Nodes();
  script_.Begin();
  const auto said = script_.Track(kA);
  script_.Composed(said);
  script_.Received(said);
  v1::MessageIngested& ingested = *script_.Add().mutable_message_ingested();
  *ingested.mutable_id() = said.id;
  ingested.set_node(std::string(kA));
  ingested.add_unit_hashes(said.hash);
  ingested.set_family(v1::FAMILY_TRACK);
  v1::Finding& finding = *ingested.add_findings();
  finding.set_severity(v1::FINDING_SEVERITY_DEVIATION);
  finding.set_text("time without zone");
  script_.Accepted(said);
  script_.Routed(said, {kB});
  script_.Egressed(said, kB);
  script_.Understood(said, kB);
  const Judgement judgement = End();
  EXPECT_EQ(judgement.verdict, Verdict::kPassWithDeviation);
  EXPECT_THAT(judgement.reasons, Contains(HasSubstr("time without zone")));
  EXPECT_EQ(assessment_.exit_code, 0);
}

TEST_F(VerdictTest, AbortedIsNeverGreen) {
  script_.ExpectDelivery(1);
  Nodes();
  script_.Begin();
  script_.Deliver(kA, kB);
  script_.State(v1::EXERCISE_STATE_ABORTED, "fire alarm");
  const Judgement judgement = End();
  EXPECT_EQ(judgement.verdict, Verdict::kInconclusive);
  EXPECT_THAT(judgement.reasons, Contains(HasSubstr("fire alarm")));
}

TEST_F(VerdictTest, ProcessFaultsAndMissingEndsAreErrorsOfOurs) {
  script_.ExpectDelivery(1);
  Nodes();
  script_.Begin();
  script_.Deliver(kA, kB);
  EXPECT_EQ(script_.ToAssessment().judgement.verdict, Verdict::kHarnessError);
  v1::ProcessFault& fault = *script_.Add().mutable_process_fault();
  fault.set_component("gateway");
  fault.set_text("stopped");
  End();
  EXPECT_EQ(assessment_.judgement.verdict, Verdict::kHarnessError);
  EXPECT_EQ(assessment_.exit_code, 4);
  EXPECT_THAT(assessment_.judgement.reasons, Contains("gateway: stopped"));
}

TEST_F(VerdictTest, AnExerciseThatExpectsNothingIsNotRun) {
  Nodes();
  script_.Begin();
  script_.Deliver(kA, kB);
  EXPECT_EQ(End().verdict, Verdict::kNotRun);
  EXPECT_EQ(assessment_.exit_code, 3);
}

TEST_F(VerdictTest, LatencyIsJudgedByItsPercentile) {
  v1::LatencyExpectation& latency = *script_.Expect("quick").mutable_latency();
  latency.set_percentile(90);
  latency.set_at_most_ns(20 * kMs);
  Nodes();
  script_.Begin();
  for (int i = 0; i < 9; ++i) script_.Deliver(kA, kB, 10);
  script_.Deliver(kA, kB, 500);
  EXPECT_EQ(End().verdict, Verdict::kPass);
  script_.Deliver(kA, kB, 500);
  EXPECT_EQ(End().verdict, Verdict::kFail);
}

TEST_F(VerdictTest, LatencyOfNothingIsInconclusive) {
  script_.Expect("quick").mutable_latency()->set_percentile(90);
  Nodes();
  script_.Begin();
  Lose();
  EXPECT_EQ(End().verdict, Verdict::kInconclusive);
}

TEST_F(VerdictTest, LatencyAcrossClocksThatDisagreeIsInconclusive) {
  script_.Expect("quick").mutable_latency()->set_percentile(90);
  Nodes();
  script_.Begin().At(5000);
  script_.Deliver(kA, kB, -100);
  const Judgement judgement = End();
  EXPECT_EQ(judgement.verdict, Verdict::kInconclusive);
  EXPECT_THAT(judgement.reasons.front(), HasSubstr("clocks disagree"));
}

class RecoveryTest : public VerdictTest {
 protected:
  void SetUp() override {
    v1::RecoveryExpectation& recovery = *script_.Expect("comes back").mutable_recovery();
    recovery.set_fault("cut");
    recovery.set_within_ns(5000 * kMs);
    Nodes();
    script_.Begin();
  }
  void Cut() {
    script_.At(1000).FaultStarted("cut", "outage", kA);
    script_.At(2000).FaultEnded("cut");
  }
};

TEST_F(RecoveryTest, PassesWhenBothWaysAreUnderstoodAgain) {
  Cut();
  script_.At(3000).Deliver(kA, kB);
  script_.At(4000).Deliver(kB, kA);
  EXPECT_EQ(End().verdict, Verdict::kPass);
}

TEST_F(RecoveryTest, FailsWhenOneWayStaysDead) {
  Cut();
  script_.At(3000).Deliver(kA, kB);
  script_.At(4000).ComeToNode(script_.Track(kB), kA);
  EXPECT_EQ(End().verdict, Verdict::kFail);
}

TEST_F(RecoveryTest, FailsWhenItTakesTooLong) {
  Cut();
  script_.At(3000).Deliver(kB, kA);
  script_.At(9000).Deliver(kA, kB);
  EXPECT_EQ(End().verdict, Verdict::kFail);
}

TEST_F(RecoveryTest, TimeInPauseDoesNotCount) {
  Cut();
  script_.At(3000).Deliver(kB, kA);
  script_.At(3500).State(v1::EXERCISE_STATE_PAUSED);
  script_.At(8500).State(v1::EXERCISE_STATE_RUNNING);
  script_.At(9000).Deliver(kA, kB);
  EXPECT_EQ(End().verdict, Verdict::kPass);
}

TEST_F(RecoveryTest, IsNotRunWithoutTheFault) {
  script_.At(3000).Deliver(kA, kB);
  EXPECT_EQ(End().verdict, Verdict::kNotRun);
}

TEST_F(RecoveryTest, IsInconclusiveWhenNothingWasSaidAfterwards) {
  script_.Deliver(kA, kB);
  Cut();
  EXPECT_EQ(End().verdict, Verdict::kInconclusive);
}

class SurvivalTest : public VerdictTest {
 protected:
  void SetUp() override {
    script_.Expect("survives").mutable_survival()->set_within_ns(1000 * kMs);
    Nodes();
    script_.Node("GBR/c").add_receives(v1::FAMILY_CHAT);
    script_.Begin();
  }
  void Damage(bool refused) {
    const auto said = script_.Track(kA);
    script_.At(1000).Composed(said);
    script_.Damaged(said, kA, v1::DIRECTION_TO_GATEWAY);
    if (refused) {
      script_.Refused(kA, v1::SIDE_GATEWAY, RecordScript::DamagedHash(said));
      return;
    }
    auto changed = said;
    changed.hash = RecordScript::DamagedHash(said);
    script_.Received(changed);
    script_.Ingested(changed);
    script_.Accepted(changed);
    script_.Routed(changed, {kB});
    script_.Egressed(changed, kB);
    script_.Understood(changed, kB);
  }
};

TEST_F(SurvivalTest, PassesWhenTheNextRightMessageIsUnderstood) {
  Damage(true);
  script_.At(2000).Deliver(kA, kB);
  EXPECT_EQ(End().verdict, Verdict::kPass);
}

TEST_F(SurvivalTest, FailsWhenTheNextRightMessageIsNot) {
  Damage(true);
  script_.At(2000).ComeToNode(script_.Track(kA), kB);
  const Judgement judgement = End();
  EXPECT_EQ(judgement.verdict, Verdict::kFail);
  EXPECT_THAT(judgement.reasons, Contains(HasSubstr("wide.length")));
}

TEST_F(SurvivalTest, FailsWhenSomebodyElseIsDisturbed) {
  Damage(true);
  script_.At(1500).NodeState("GBR/c", v1::NODE_STATE_LOST, "reset");
  script_.At(2000).Deliver(kA, kB);
  const Judgement judgement = End();
  EXPECT_EQ(judgement.verdict, Verdict::kFail);
  EXPECT_THAT(judgement.reasons, Contains(HasSubstr("GBR/c was disturbed")));
}

TEST_F(SurvivalTest, DeviatesWhenADamagedUnitIsUnderstoodAgainstItsRule) {
  Damage(false);
  script_.At(2000).Deliver(kA, kB);
  EXPECT_EQ(End().verdict, Verdict::kPassWithDeviation);
}

TEST_F(SurvivalTest, IsNotRunWithoutDamageAndInconclusiveWithoutSequel) {
  EXPECT_EQ(script_.ToAssessment().expectations.front().judgement.verdict, Verdict::kNotRun);
  Damage(true);
  EXPECT_EQ(End().verdict, Verdict::kInconclusive);
}

TEST_F(VerdictTest, SilencePassesOnlyWhereItWasExpectedAndSomethingWasSaid) {
  script_.Expect("silent").mutable_silence();
  Nodes();
  script_.Begin();
  EXPECT_EQ(script_.ToAssessment().expectations.front().judgement.verdict, Verdict::kNotRun);
  const auto said = script_.Track(kA);
  script_.ComeToBroker(said);
  script_.Routed(said, {kB}, "caveat");
  EXPECT_EQ(End().verdict, Verdict::kPass);
}

TEST_F(VerdictTest, SilenceFailsOnASingleUnderstanding) {
  script_.Expect("silent").mutable_silence();
  Nodes();
  script_.Begin();
  script_.Deliver(kA, kB);
  EXPECT_EQ(End().verdict, Verdict::kFail);
}

TEST_F(VerdictTest, SilenceOfAnExternalNodeCannotBeSeen) {
  script_.Expect("silent").mutable_silence();
  script_.Node(kA);
  script_.Node(kB).set_external(true);
  script_.Begin();
  script_.ComeToNode(script_.Track(kA), kB);
  EXPECT_EQ(End().verdict, Verdict::kInconclusive);
}

TEST_F(VerdictTest, AGuardThatReleasedTooMuchIsALeak) {
  script_.Expect("no leak").mutable_no_leak();
  Nodes();
  script_.Begin();
  auto said = script_.Track(kA);
  said.truth.mutable_label()->mutable_categories(0)->clear_values();
  said.truth.mutable_label()->mutable_categories(0)->add_values("DEU");
  script_.ComeToNode(said, kB);
  script_.Understood(said, kB);
  EXPECT_EQ(End().verdict, Verdict::kLeak);
  EXPECT_EQ(assessment_.exit_code, 1);
  ASSERT_EQ(assessment_.leaks.size(), 1U);
  EXPECT_THAT(assessment_.leaks.front().reason, HasSubstr("FRA is not among"));
}

TEST_F(VerdictTest, ALeakIsFoundWhetherExpectedOrNot) {
  script_.ExpectDelivery(1);
  script_.Node(kA);
  script_.Node(kB).set_external(true);
  script_.Begin();
  auto said = script_.Track(kA);
  said.truth.mutable_label()->set_classification("SECRET");
  script_.ComeToNode(said, kB);  // sent to a real system counts as seen
  End();
  EXPECT_EQ(assessment_.judgement.verdict, Verdict::kLeak);
}

TEST_F(VerdictTest, NoLeakNeedsARelease) {
  script_.Expect("no leak").mutable_no_leak();
  Nodes();
  script_.Begin();
  Lose();
  EXPECT_EQ(End().verdict, Verdict::kInconclusive);
}

TEST_F(VerdictTest, NoLeakPassesOnReleasesAndWithholdings) {
  script_.Expect("no leak").mutable_no_leak();
  Nodes();
  script_.Begin();
  script_.Deliver(kA, kB);
  EXPECT_EQ(End().verdict, Verdict::kPass);
}

TEST_F(VerdictTest, ADroppedFieldFailsFidelity) {
  script_.Expect("whole").mutable_fidelity();
  Nodes();
  script_.Begin();
  const auto said = script_.Track(kA);
  script_.ComeToNode(said, kB);
  v1::Envelope understood = said.truth;
  understood.mutable_track()->clear_speed_mps();
  script_.Understood(said, kB, understood);
  const Judgement judgement = End();
  EXPECT_EQ(judgement.verdict, Verdict::kFail);
  EXPECT_THAT(judgement.reasons, Contains(HasSubstr("speed did not arrive")));
}

TEST_F(VerdictTest, FidelityOfTheUnnamedFieldsDoesNotCount) {
  script_.Expect("whole").mutable_fidelity()->add_fields(v1::FIELD_POSITION);
  Nodes();
  script_.Begin();
  const auto said = script_.Track(kA);
  script_.ComeToNode(said, kB);
  v1::Envelope understood = said.truth;
  understood.mutable_track()->clear_speed_mps();
  script_.Understood(said, kB, understood);
  EXPECT_EQ(End().verdict, Verdict::kPass);
}

TEST_F(VerdictTest, FidelityWithoutUnderstandingIsInconclusive) {
  script_.Expect("whole").mutable_fidelity();
  Nodes();
  script_.Begin();
  Lose();
  EXPECT_EQ(End().verdict, Verdict::kInconclusive);
}

TEST_F(VerdictTest, ACellIsNotRedderThanItsExpectation) {
  script_.ExpectDelivery(0.5);
  Nodes();
  script_.Node("GBR/c");
  script_.Begin();
  for (int i = 0; i < 3; ++i) {
    const auto said = script_.Deliver(kA, kB);
    script_.Routed(said, {"GBR/c"});
    script_.Egressed(said, "GBR/c");
    if (i > 0) continue;
    script_.Understood(said, "GBR/c");
  }
  EXPECT_EQ(End().verdict, Verdict::kPass);
  for (const MatrixCell& cell : assessment_.by_node) {
    EXPECT_NE(cell.judgement.verdict, Verdict::kFail) << cell.from << " to " << cell.to;
  }
}

// A FLASH latency says nothing about a pair that had no FLASH message.
TEST_F(VerdictTest, ACellIsJudgedOnlyByExpectationsThatItGivesEvidenceFor) {
  script_.ExpectDelivery(0.5);
  v1::Expectation& flash = script_.Expect("flash");
  flash.set_precedence(v1::PRECEDENCE_FLASH);
  flash.mutable_latency()->set_percentile(95);
  flash.mutable_latency()->set_at_most_ns(1'000'000'000);
  Nodes();
  script_.Begin();
  script_.Deliver(kA, kB);
  End();
  EXPECT_EQ(assessment_.expectations.back().judgement.verdict, Verdict::kNotRun) << "no FLASH message was said at all";
  EXPECT_EQ(assessment_.by_node.front().judgement.verdict, Verdict::kPass);
}

}  // namespace
}  // namespace entente::harness
