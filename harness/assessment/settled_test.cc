// SPDX-License-Identifier: Apache-2.0
// Messages that are added up and forgotten: what is assessed stays the same, and memory does not grow with them.

#include <gmock/gmock.h>

#include <string>

#include "harness/assessment/assessment.h"
#include "harness/assessment/fold_state.h"
#include "harness/assessment/record_script.h"

namespace entente::harness {
namespace {

constexpr int kMinuteMs = 60'000;

class SettledTest : public testing::Test {
 protected:
  SettledTest() {
    script_.Node("DEU/hq");
    script_.Node("FRA/hq");
    script_.ExpectDelivery(0.9, 1000);
    script_.Begin();
  }

  Fold FoldKeeping(Keeping keeping) {
    Fold fold(ScriptedForm, keeping);
    for (const v1::RecordEvent& event : script_.events()) fold.Apply(event);
    return fold;
  }
  // A message each second.
  void Talk(int seconds) {
    for (int i = 0; i < seconds; ++i) script_.At(now_ms_ += 1000).Deliver("DEU/hq", "FRA/hq");
  }

  RecordScript script_;
  int now_ms_ = 0;
};

TEST_F(SettledTest, HoldsAMinuteOfALongQuietRun) {
  Talk(3600);
  const Fold fold = FoldKeeping(Keeping::kTrouble);
  EXPECT_LE(fold.state().book().recent(), 62U);
  EXPECT_EQ(fold.state().book().kept(), 0U);
  EXPECT_GE(fold.state().book().settled(), 3500U);
}

TEST_F(SettledTest, AssessesWhatIsForgotten) {
  Talk(300);
  script_.End();
  const Assessment all = Assess(FoldKeeping(Keeping::kEverything));
  const Assessment settled = Assess(FoldKeeping(Keeping::kTrouble));
  EXPECT_EQ(settled.messages, 300U);
  EXPECT_EQ(settled.judgement, all.judgement);
  ASSERT_EQ(settled.by_node.size(), all.by_node.size());
  for (std::size_t i = 0; i < all.by_node.size(); ++i) {
    EXPECT_EQ(settled.by_node[i].fates, all.by_node[i].fates);
    EXPECT_EQ(settled.by_node[i].latency, all.by_node[i].latency);
    EXPECT_EQ(settled.by_node[i].judgement, all.by_node[i].judgement);
  }
  EXPECT_EQ(settled.expectations.front().ratio, all.expectations.front().ratio);
}

TEST_F(SettledTest, KeepsWhatNobodyUnderstoodWithItsReason) {
  Talk(1);
  const auto lost = script_.Track("DEU/hq");
  script_.ComeToNode(lost, "FRA/hq");
  Talk(200);
  script_.End();
  const Fold fold = FoldKeeping(Keeping::kTrouble);
  EXPECT_EQ(fold.state().book().kept(), 1U);
  const Assessment assessment = Assess(fold);
  ASSERT_EQ(assessment.losses.size(), 1U);
  EXPECT_EQ(assessment.losses.front().count, 1U);
  EXPECT_EQ(assessment.losses.front().examples.size(), 1U);
}

TEST_F(SettledTest, TellsAWithheldOneWithItsFirstExamples) {
  for (int i = 0; i < 8; ++i) {
    script_.At(now_ms_ += 1000);
    const auto said = script_.Track("DEU/hq");
    script_.ComeToBroker(said);
    script_.Routed(said, {"FRA/hq"}, "not releasable");
  }
  Talk(200);
  script_.End();
  const Fold fold = FoldKeeping(Keeping::kTrouble);
  EXPECT_EQ(fold.state().book().kept(), 0U);
  const Assessment settled = Assess(fold);
  const Assessment all = Assess(FoldKeeping(Keeping::kEverything));
  ASSERT_EQ(settled.losses.size(), 1U);
  EXPECT_EQ(settled.losses.front().count, 8U);
  EXPECT_EQ(settled.losses.front().examples, all.losses.front().examples);
}

TEST_F(SettledTest, WhatIsToldLateOfASettledMessageIsNoNewOne) {
  const auto said = script_.At(now_ms_ += 1000).Deliver("DEU/hq", "FRA/hq");
  Talk(2 * kMinuteMs / 1000);
  script_.Accepted(said);
  script_.Egressed(said, "FRA/hq");
  script_.Understood(said, "FRA/hq");
  script_.End();
  const Assessment assessment = Assess(FoldKeeping(Keeping::kTrouble));
  EXPECT_EQ(assessment.messages, 121U);
  EXPECT_EQ(assessment.by_node.front().delivered() + assessment.by_node.back().delivered(), 121U);
}

TEST_F(SettledTest, KeepsWhatFollowsADamagedUnit) {
  Talk(1);
  const auto damaged = script_.Track("DEU/hq");
  script_.ComeToNode(damaged, "FRA/hq");
  script_.Damaged(damaged, "FRA/hq", v1::DIRECTION_TO_NODE);
  Talk(100);
  EXPECT_GE(FoldKeeping(Keeping::kTrouble).state().book().kept(), 30U);
}

}  // namespace
}  // namespace entente::harness
