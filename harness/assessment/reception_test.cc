// SPDX-License-Identifier: Apache-2.0
// A verdict per damage rule and system, from records written by hand.
#include "harness/assessment/reception.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/assessment/record_script.h"

namespace entente::harness {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kA = "DEU/a";
constexpr std::string_view kB = "FRA/b";
constexpr std::string_view kC = "GBR/c";

class ReceptionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    script_.Expect("survives").mutable_survival()->set_within_ns(1'000'000'000);
    script_.Node(kA);
    script_.Node(kB);
    script_.Node(kC).add_receives(v1::FAMILY_CHAT);
    script_.Begin();
  }
  // A unit of DEU/a that is damaged on its way to the gateway, a second after the last thing said.
  RecordScript::Said Damage(std::string_view expected = "refused") {
    const auto said = script_.Track(kA);
    script_.At(now_ms_ += 1000).Composed(said);
    script_.Damaged(said, kA, v1::DIRECTION_TO_GATEWAY, expected);
    return said;
  }
  void Refuse(const RecordScript::Said& said) { script_.Refused(kA, v1::SIDE_GATEWAY, RecordScript::DamagedHash(said)); }
  void Understand(RecordScript::Said said) {
    said.hash = RecordScript::DamagedHash(said);
    script_.Received(said);
    script_.Ingested(said);
    script_.Accepted(said);
    script_.Routed(said, {kB});
    script_.Egressed(said, kB);
    script_.Understood(said, kB);
  }
  void GoOn() { script_.At(now_ms_ += 1000).Deliver(kA, kB); }
  void GoOnInVain() { script_.At(now_ms_ += 1000).ComeToNode(script_.Track(kA), kB); }
  // The one summary of the run.
  ReceptionSummary End() {
    const Assessment assessment = script_.End().ToAssessment();
    EXPECT_EQ(assessment.receptions.size(), 1U);
    return assessment.receptions.empty() ? ReceptionSummary{} : assessment.receptions.front();
  }

  RecordScript script_;
  std::int64_t now_ms_ = 0;
};

// A partition, or a link that is made to lose: whether anybody survived is seen from the next message that may pass.
TEST_F(ReceptionTest, WhatAFaultKeepsBackIsNoSignOfDeath) {
  Refuse(Damage());
  const auto kept_back = script_.Track(kA);
  script_.At(now_ms_ += 100).ComeToBroker(kept_back);
  script_.Routed(kept_back, {kB});
  script_.Egressed(kept_back, kB, v1::SEND_OUTCOME_DROPPED, "lost by split/partition");
  GoOn();
  EXPECT_EQ(End().reception, Reception::kRejected);
}

TEST_F(ReceptionTest, RejectedCleanly) {
  Refuse(Damage());
  GoOn();
  const ReceptionSummary summary = End();
  EXPECT_EQ(summary.reception, Reception::kRejected);
  EXPECT_EQ(summary.rule, "wide.length");
  EXPECT_EQ(summary.clause, "clause 7");
  EXPECT_EQ(summary.node, kA);
  EXPECT_EQ(summary.direction, v1::DIRECTION_TO_GATEWAY);
  EXPECT_EQ(summary.units, 1U);
  EXPECT_EQ(summary.refused, 1U);
  EXPECT_EQ(summary.survived, 1U);
}

TEST_F(ReceptionTest, RejectedAlsoWhereTheReceiverCutTheOctetsOtherwise) {
  Damage();
  script_.Refused(kA, v1::SIDE_GATEWAY, "the first half of");
  GoOn();
  EXPECT_EQ(End().reception, Reception::kRejected);
}

TEST_F(ReceptionTest, ToleratedWhereTheRuleAllowsIt) {
  Understand(Damage("tolerated"));
  GoOn();
  EXPECT_EQ(End().reception, Reception::kTolerated);
}

TEST_F(ReceptionTest, IgnoredAndSurvived) {
  Damage();
  GoOn();
  const ReceptionSummary summary = End();
  EXPECT_EQ(summary.reception, Reception::kIgnored);
  EXPECT_EQ(summary.refused + summary.understood, 0U);
}

TEST_F(ReceptionTest, AcceptedAlthoughWrong) {
  Understand(Damage());
  GoOn();
  const ReceptionSummary summary = End();
  EXPECT_EQ(summary.reception, Reception::kAccepted);
  EXPECT_THAT(summary.reason, HasSubstr("clause 7 demands a refusal"));
}

TEST_F(ReceptionTest, DisturbedOthers) {
  Refuse(Damage());
  script_.At(now_ms_ + 500).NodeState(kC, v1::NODE_STATE_LOST, "reset");
  GoOn();
  const ReceptionSummary summary = End();
  EXPECT_EQ(summary.reception, Reception::kDisturbedOthers);
  EXPECT_EQ(summary.reason, "GBR/c was disturbed: reset");
}

TEST_F(ReceptionTest, WhatIsLostLongAfterwardsWasNotDisturbed) {
  Refuse(Damage());
  GoOn();
  script_.At(now_ms_ + 5000).NodeState(kC, v1::NODE_STATE_LOST, "reset");
  EXPECT_EQ(End().reception, Reception::kRejected);
}

TEST_F(ReceptionTest, StoppedWorking) {
  Refuse(Damage());
  GoOnInVain();
  const ReceptionSummary summary = End();
  EXPECT_EQ(summary.reception, Reception::kStopped);
  EXPECT_THAT(summary.reason, HasSubstr("not understood"));
  EXPECT_EQ(summary.survived, 0U);
}

TEST_F(ReceptionTest, StoppedWorkingForLongerThanTheExpectationAllows) {
  Refuse(Damage());
  script_.At(now_ms_ += 1000).Deliver(kA, kB, 1500);
  const ReceptionSummary summary = End();
  EXPECT_EQ(summary.reception, Reception::kStopped);
  EXPECT_THAT(summary.reason, HasSubstr("understood only after"));
}

TEST_F(ReceptionTest, NothingFollowedIsNoVerdict) {
  Refuse(Damage());
  EXPECT_EQ(End().reception, Reception::kUnseen);
}

TEST_F(ReceptionTest, TheWorstUnitOfARuleDecides) {
  Refuse(Damage());
  GoOn();
  Understand(Damage());
  GoOn();
  const ReceptionSummary summary = End();
  EXPECT_EQ(summary.reception, Reception::kAccepted);
  EXPECT_EQ(summary.units, 2U);
  EXPECT_EQ(summary.survived, 2U);
}

TEST_F(ReceptionTest, DamageToldBeforeTheSendingIsOfThatMessage) {
  const auto said = script_.Track(kA);
  script_.At(now_ms_ += 1000);
  script_.ComeToBroker(said);
  script_.Routed(said, {kB});
  script_.Damaged(said, kB, v1::DIRECTION_TO_NODE);
  script_.Egressed(said, kB);
  script_.Refused(kB, v1::SIDE_NODE, RecordScript::DamagedHash(said));
  GoOn();
  const ReceptionSummary summary = End();
  EXPECT_EQ(summary.node, kB);
  EXPECT_EQ(summary.direction, v1::DIRECTION_TO_NODE);
  EXPECT_EQ(summary.reception, Reception::kRejected) << summary.reason;
}

TEST(Receptions, EachHasANameAndFourAreNotSound) {
  int unsound = 0;
  for (int i = 0; i <= static_cast<int>(Reception::kStopped); ++i) {
    EXPECT_NE(ReceptionName(static_cast<Reception>(i)), "unknown");
    unsound += IsSound(static_cast<Reception>(i)) ? 0 : 1;
  }
  EXPECT_EQ(unsound, 4);
}

}  // namespace
}  // namespace entente::harness
