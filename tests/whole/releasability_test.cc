// SPDX-License-Identifier: Apache-2.0
// exercises/releasability.yaml: who sees what, counted from what the broker decided and from what the nodes understood.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "base/node_id.h"
#include "broker/policy/release.h"
#include "harness/assessment/story.h"
#include "proto/routed_span.h"
#include "tests/whole/simulated_whole.h"

namespace entente::whole {
namespace {

using harness::Verdict;

class ReleasabilityTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { judged_ = new Judged(RunWholeFile(ENTENTE_SOURCE_DIR "/exercises/releasability.yaml")); }
  static void TearDownTestSuite() { delete judged_; }

  // Messages of one node withheld from another, per reason.
  static std::map<std::string, std::uint64_t> Withheld(std::string_view from, std::string_view to) {
    std::map<std::string, std::uint64_t> counts;
    for (const v1::RecordEvent& event : judged_->events) {
      const auto count = [&](const v1::MessageRouted& run) {
        for (const v1::RouteDecision& decision : run.decisions()) {
          if (run.first().origin() == from && decision.node() == to && !decision.released())
            counts[decision.reason()] += run.count();
        }
      };
      if (event.has_message_routed()) count(event.message_routed());
      if (event.has_span_routed()) {
        EXPECT_TRUE(ForEachRun(event.span_routed(), count));
      }
    }
    return counts;
  }
  // Callsigns that a node has understood.
  static std::set<std::string> Seen(std::string_view node) {
    std::set<std::string> seen;
    for (const v1::RecordEvent& event : judged_->events) {
      if (!event.has_message_understood() || event.message_understood().node() != node) continue;
      if (event.message_understood().understood().has_track())
        seen.insert(event.message_understood().understood().track().callsign());
    }
    return seen;
  }

  static Judged* judged_;
};

Judged* ReleasabilityTest::judged_ = nullptr;

using Names = std::set<std::string>;

TEST_F(ReleasabilityTest, EndsAsExpected) {
  EXPECT_EQ(judged_->assessment.exit_code, 0) << Reasons(judged_->assessment);
  EXPECT_EQ(judged_->assessment.judgement.verdict, Verdict::kPass) << Reasons(judged_->assessment);
  EXPECT_TRUE(judged_->assessment.leaks.empty());
  for (const char* expectation :
       {"nobody-sees-too-much", "france-learns-the-hour", "the-netherlands-do-not", "the-simulator-hears-nothing"}) {
    EXPECT_EQ(VerdictOf(judged_->assessment, expectation), Verdict::kPass) << expectation << "\n" << Reasons(judged_->assessment);
  }
}

TEST_F(ReleasabilityTest, EachNationSeesWhatItMayAndNothingElse) {
  EXPECT_EQ(Seen("FRA/command"),
            (Names{"KOLONNE 1", "SPAEHER 2", "HAMMER", "FAEHRE", "TIGRE 3", "ZEEHOND", "HELVETIA 1", "BLUE 7", "BLUE 1"}));
  EXPECT_EQ(Seen("NLD/marines"), (Names{"KOLONNE 1", "FAEHRE", "BISTOURI", "TIGRE 3", "HELVETIA 1", "BLUE 7", "BLUE 1"}));
  EXPECT_EQ(Seen("CHE/relief"), (Names{"FAEHRE", "BLUE 1"}));
  EXPECT_EQ(Seen("FRA/air"), Names{});
}

TEST_F(ReleasabilityTest, WhatIsWithheldIsCountedWithItsReason) {
  // 24 s: scouts every 3 s, the rescue team every 4 s, the hour of the attack once.
  const auto from_the_netherlands = Withheld("DEU/command", "NLD/marines");
  EXPECT_EQ(from_the_netherlands.at(std::string(broker::reason::kNotReleasableTo)), 8U);
  EXPECT_EQ(from_the_netherlands.at(std::string(broker::reason::kRestrictiveNotHeld)), 6U);
  EXPECT_EQ(from_the_netherlands.at(std::string(broker::reason::kAboveClearance)), 1U);
  EXPECT_EQ(Withheld("DEU/command", "FRA/command"), (std::map<std::string, std::uint64_t>{}));
  EXPECT_EQ(Withheld("UN/mission", "NLD/marines"), (std::map<std::string, std::uint64_t>{}));
  EXPECT_GT(Withheld("UN/mission", "CHE/relief").at(std::string(broker::reason::kAboveClearance)), 7U);
}

TEST_F(ReleasabilityTest, TheMissionsLabelsAreMappedAtItsGateway) {
  std::size_t mapped = 0;
  for (const v1::RecordEvent& event : judged_->events) {
    if (!event.has_message_accepted() || event.message_accepted().id().origin() != "UN/mission") continue;
    v1::Envelope envelope;
    ASSERT_TRUE(envelope.ParseFromString(event.message_accepted().envelope()));
    EXPECT_EQ(envelope.label().policy(), "EXERCISE");
    EXPECT_EQ(envelope.label().origin(), v1::LABEL_ORIGIN_MAPPED);
    ++mapped;
  }
  EXPECT_GT(mapped, 10U);
}

// The oracle is not the guard: with the guard switched off it finds each kind of thing that must not be seen.
TEST_F(ReleasabilityTest, WithoutAGuardEveryKindOfLeakIsFound) {
  const broker::ReleaseAllGuard no_guard;
  const Judged open = RunWholeFile(ENTENTE_SOURCE_DIR "/exercises/releasability.yaml", {}, &no_guard);
  EXPECT_EQ(open.assessment.judgement.verdict, Verdict::kLeak);
  std::set<std::pair<std::string, std::string>> pairs;
  for (const auto& leak : open.assessment.leaks) pairs.insert({leak.from, leak.to});
  EXPECT_TRUE(pairs.contains({"DEU/command", "NLD/marines"}));
  EXPECT_TRUE(pairs.contains({"UN/mission", "CHE/relief"}));
  EXPECT_TRUE(pairs.contains({"FRA/command", "CHE/relief"}));
  EXPECT_FALSE(pairs.contains({"DEU/command", "FRA/command"}));
}

}  // namespace
}  // namespace entente::whole
