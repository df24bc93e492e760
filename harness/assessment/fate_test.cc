// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/assessment/record_script.h"
#include "harness/assessment/story.h"
#include "proto/message_id.h"

namespace entente::harness {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kA = "DEU/a";
constexpr std::string_view kB = "FRA/b";

class FateTest : public ::testing::Test {
 protected:
  void Begin(std::string_view b_protocol = "wide") {
    script_.Node(kA);
    script_.Node(kB, b_protocol);
    Start();
  }
  void Start() {
    script_.Begin().At(1000);
    said_ = script_.Track(kA);
  }
  // Ends the run and gives what became of the one message at FRA/b.
  LossSummary EndAndGetLoss() {
    assessment_ = script_.End().ToAssessment();
    EXPECT_EQ(assessment_.losses.size(), 1U);
    return assessment_.losses.empty() ? LossSummary{} : assessment_.losses.front();
  }

  RecordScript script_;
  RecordScript::Said said_;
  Assessment assessment_;
};

TEST_F(FateTest, UnderstoodWithItsLatency) {
  Begin();
  script_.ComeToNode(said_, kB);
  script_.At(1250).Understood(said_, kB);
  const Assessment assessment = script_.End().ToAssessment();
  ASSERT_EQ(assessment.by_node.size(), 2U);
  const MatrixCell& cell = assessment.by_node.front();
  EXPECT_EQ(cell.from, kA);
  EXPECT_EQ(cell.Count(Fate::kUnderstood), 1U);
  EXPECT_EQ(cell.latency.median_ns, 250'000'000);
  EXPECT_TRUE(assessment.losses.empty());
}

TEST_F(FateTest, LateAfterItsStaleTime) {
  Begin();
  said_.truth.set_stale_at_ns(script_.now_ns() + 1'000'000);
  script_.ComeToNode(said_, kB);
  script_.At(1250).Understood(said_, kB);
  EXPECT_EQ(EndAndGetLoss().fate, Fate::kLate);
}

TEST_F(FateTest, LateAfterWhatAnExpectationAllows) {
  script_.ExpectDelivery(0.5, 100);
  Begin();
  script_.ComeToNode(said_, kB);
  script_.At(1250).Understood(said_, kB);
  const LossSummary loss = EndAndGetLoss();
  EXPECT_EQ(loss.fate, Fate::kLate);
  EXPECT_THAT(loss.reason, HasSubstr("100 ms"));
}

TEST_F(FateTest, LostOnTheLinkToTheGateway) {
  Begin();
  script_.Composed(said_);
  script_.LinkLost(kA, v1::DIRECTION_TO_GATEWAY);
  const LossSummary loss = EndAndGetLoss();
  EXPECT_EQ(loss.fate, Fate::kLost);
  EXPECT_THAT(loss.reason, HasSubstr("link of DEU/a lost it (loss)"));
}

TEST_F(FateTest, LostOnTheLinkToTheNode) {
  Begin();
  script_.ComeToNode(said_, kB);
  script_.LinkLost(kB, v1::DIRECTION_TO_NODE);
  EXPECT_THAT(EndAndGetLoss().reason, HasSubstr("link of FRA/b lost it"));
}

TEST_F(FateTest, OneDecisionOfALinkExplainsOneLossOnly) {
  Begin();
  const auto other = script_.Track(kA);
  script_.Composed(said_);
  script_.Composed(other);
  script_.LinkLost(kA, v1::DIRECTION_TO_GATEWAY);
  const Assessment assessment = script_.End().ToAssessment();
  ASSERT_EQ(assessment.losses.size(), 2U);
  EXPECT_EQ(assessment.judgement.verdict, Verdict::kHarnessError);
}

TEST_F(FateTest, LostInAnOutage) {
  Begin();
  script_.FaultStarted("cut", "outage", kB);
  script_.At(1500).ComeToNode(said_, kB);
  script_.At(3000).FaultEnded("cut");
  EXPECT_THAT(EndAndGetLoss().reason, HasSubstr("fault cut"));
}

TEST_F(FateTest, LostWhenTheConnectionBroke) {
  Begin();
  script_.Composed(said_);
  script_.At(1500).NodeState(kA, v1::NODE_STATE_LOST, "reset by peer");
  script_.At(20'000);
  EXPECT_THAT(EndAndGetLoss().reason, HasSubstr("reset by peer"));
}

TEST_F(FateTest, LostByTheBrokersQueue) {
  Begin();
  script_.ComeToBroker(said_);
  script_.Routed(said_, {kB});
  script_.Dropped(said_, kB, "queue full");
  const LossSummary loss = EndAndGetLoss();
  EXPECT_EQ(loss.fate, Fate::kLost);
  EXPECT_EQ(loss.reason, "queue full");
}

TEST_F(FateTest, LostByTheGatewaysSession) {
  Begin();
  script_.ComeToBroker(said_);
  script_.Routed(said_, {kB});
  script_.Egressed(said_, kB, v1::SEND_OUTCOME_DROPPED, "the link is down");
  EXPECT_EQ(EndAndGetLoss().reason, "the link is down");
}

TEST_F(FateTest, LostWhenTheComposerIsMuted) {
  Begin();
  script_.Composed(said_, v1::SEND_OUTCOME_MUTED);
  const LossSummary loss = EndAndGetLoss();
  EXPECT_EQ(loss.fate, Fate::kLost);
  EXPECT_THAT(loss.reason, HasSubstr("muted"));
}

TEST_F(FateTest, LostWhenTheRecipientIsDeaf) {
  Begin();
  script_.ComeToNode(said_, kB);
  const LossSummary loss = EndAndGetLoss();
  EXPECT_EQ(loss.fate, Fate::kLost);
  EXPECT_THAT(loss.reason, HasSubstr("did not decode"));
}

TEST_F(FateTest, LostWhenTheRecipientWasNotAttached) {
  script_.Node(kA);
  script_.Node(kB);
  script_.Begin();
  script_.Add().mutable_node_detached()->set_node(std::string(kB));
  script_.At(1000);
  said_ = script_.Track(kA);
  script_.ComeToBroker(said_);
  script_.Routed(said_, {});
  EXPECT_THAT(EndAndGetLoss().reason, HasSubstr("not attached"));
}

TEST_F(FateTest, WithheldWithTheGuardsReason) {
  Begin();
  script_.ComeToBroker(said_);
  script_.Routed(said_, {kB}, "not releasable to FRA");
  const LossSummary loss = EndAndGetLoss();
  EXPECT_EQ(loss.fate, Fate::kWithheld);
  EXPECT_EQ(loss.reason, "not releasable to FRA");
}

TEST_F(FateTest, WithheldForWantOfALabelSlot) {
  Begin();
  script_.Composed(said_, v1::SEND_OUTCOME_NO_LABEL_SLOT, "SECRET needs a label");
  EXPECT_EQ(EndAndGetLoss().fate, Fate::kWithheld);
}

TEST_F(FateTest, SupersededByTheSender) {
  Begin();
  script_.Composed(said_, v1::SEND_OUTCOME_SUPERSEDED, "reporting interval");
  EXPECT_EQ(EndAndGetLoss().fate, Fate::kSuperseded);
}

TEST_F(FateTest, SupersededByConflation) {
  Begin();
  script_.ComeToBroker(said_);
  script_.Routed(said_, {kB});
  script_.Dropped(said_, kB, "conflated by DEU/a#1.R.2");
  EXPECT_EQ(EndAndGetLoss().fate, Fate::kSuperseded);
}

TEST_F(FateTest, UnsupportedByTheRecipientsProtocol) {
  Begin("narrow");
  script_.ComeToBroker(said_);
  script_.Routed(said_, {kB});
  script_.Egressed(said_, kB, v1::SEND_OUTCOME_UNSUPPORTED, "no such family");
  EXPECT_EQ(EndAndGetLoss().fate, Fate::kUnsupported);
}

TEST_F(FateTest, DamagedAndRefusedAsItsRuleDemands) {
  Begin();
  script_.Composed(said_);
  script_.Damaged(said_, kA, v1::DIRECTION_TO_GATEWAY);
  script_.Refused(kA, v1::SIDE_GATEWAY, RecordScript::DamagedHash(said_));
  const LossSummary loss = EndAndGetLoss();
  EXPECT_EQ(loss.fate, Fate::kDamaged);
  EXPECT_THAT(loss.reason, HasSubstr("damaged by wide.length; refused, framing"));
  ASSERT_EQ(assessment_.refusals.size(), 1U);
  EXPECT_EQ(assessment_.refusals.front().damaged, 1U);
}

TEST_F(FateTest, DamagedOnTheWayToTheNode) {
  Begin();
  script_.ComeToNode(said_, kB);
  script_.Damaged(said_, kB, v1::DIRECTION_TO_NODE);
  script_.Refused(kB, v1::SIDE_NODE, RecordScript::DamagedHash(said_));
  EXPECT_EQ(EndAndGetLoss().fate, Fate::kDamaged);
}

TEST_F(FateTest, RefusedByTheGateway) {
  Begin();
  script_.Composed(said_);
  script_.Refused(kA, v1::SIDE_GATEWAY, said_.hash);
  const LossSummary loss = EndAndGetLoss();
  EXPECT_EQ(loss.fate, Fate::kRefused);
  EXPECT_THAT(loss.reason, HasSubstr("clause 7"));
}

TEST_F(FateTest, RefusedByTheNode) {
  Begin();
  script_.ComeToNode(said_, kB);
  script_.Refused(kB, v1::SIDE_NODE, RecordScript::EgressHash(said_, kB));
  EXPECT_THAT(EndAndGetLoss().reason, HasSubstr("by FRA/b: framing"));
}

TEST_F(FateTest, RefusedByTheBroker) {
  Begin();
  script_.Composed(said_);
  script_.Received(said_);
  script_.Ingested(said_);
  v1::MessageRefused& refused = *script_.Add().mutable_message_refused();
  *refused.mutable_id() = said_.id;
  refused.set_reason("not its node");
  const LossSummary loss = EndAndGetLoss();
  EXPECT_EQ(loss.fate, Fate::kRefused);
  EXPECT_THAT(loss.reason, HasSubstr("not its node"));
}

// What a transponder makes of a track with a name: static data, and the position, each a message at the gateway.
TEST_F(FateTest, StaticDataBeforeAPositionIsAMessageOfItsOwn) {
  script_.ExpectDelivery(1).add_families(v1::FAMILY_TRACK);
  Begin();
  RecordScript::Said name = script_.Track(kA);
  name.truth.mutable_identity();
  v1::MessageComposed& composed = *script_.Add().mutable_message_composed();
  composed.set_node(said_.from);
  *composed.mutable_truth() = said_.truth;
  composed.set_outcome(v1::SEND_OUTCOME_SENT);
  composed.add_unit_hashes(name.hash);
  composed.add_unit_hashes(said_.hash);
  script_.Received(name, v1::UNIT_ROLE_PARTIAL);
  script_.Ingested(name);
  script_.Accepted(name);
  script_.Routed(name, {kB});
  script_.Egressed(name, kB, v1::SEND_OUTCOME_UNSUPPORTED, "no place for a name");
  script_.Received(said_);
  script_.Ingested(said_);
  script_.Accepted(said_);
  script_.Routed(said_, {kB});
  script_.Egressed(said_, kB);
  script_.Understood(said_, kB);
  EXPECT_EQ(EndAndGetLoss().reason, "no place for a name");
  EXPECT_EQ(assessment_.by_node.front().Count(Fate::kUnderstood), 1U);
  EXPECT_EQ(assessment_.judgement.verdict, Verdict::kPass) << "the name is no track";
}

// A fault of messages, or a full bus: the message has no number yet.
TEST_F(FateTest, GivenUpByTheGatewayBeforeItHadANumber) {
  Begin();
  script_.Composed(said_);
  script_.Received(said_);
  v1::MessageRefused& refused = *script_.Add().mutable_message_refused();
  *refused.mutable_id() = said_.id;
  refused.mutable_id()->set_sequence(0);
  refused.set_reason("lost by shed/loss");
  const LossSummary loss = EndAndGetLoss();
  EXPECT_EQ(loss.fate, Fate::kLost);
  EXPECT_EQ(loss.reason, "lost by shed/loss");
}

TEST_F(FateTest, WhatAGatewayGaveUpIsNoMessageWhereNobodyToldWhatWasComposed) {
  Begin();
  v1::MessageRefused& refused = *script_.Add().mutable_message_refused();
  *refused.mutable_id() = said_.id;
  refused.mutable_id()->set_sequence(0);
  refused.set_reason("echo of FRA/b#1.R.1");
  const Assessment assessment = script_.End().ToAssessment();
  EXPECT_EQ(assessment.messages, 0U);
  EXPECT_TRUE(assessment.losses.empty());
}

TEST_F(FateTest, UnobservedAtAnExternalNode) {
  script_.Node(kA);
  script_.Node(kB).set_external(true);
  Start();
  script_.ComeToNode(said_, kB);
  EXPECT_EQ(EndAndGetLoss().fate, Fate::kUnobserved);
}

TEST_F(FateTest, LostAtAnExternalNodeThatDeclaredItselfObservable) {
  script_.Node(kA);
  v1::NodePlan& external = script_.Node(kB);
  external.set_external(true);
  external.add_observes()->set_family(v1::FAMILY_TRACK);
  external.mutable_observes(0)->set_evidence(v1::EVIDENCE_UNDERSTOOD);
  Start();
  script_.ComeToNode(said_, kB);
  EXPECT_EQ(EndAndGetLoss().fate, Fate::kLost);
}

TEST_F(FateTest, ObservationOfAnExternalNodeIsUnderstanding) {
  script_.Node(kA);
  script_.Node(kB).set_external(true);
  Start();
  script_.ComeToNode(said_, kB);
  v1::MessageUnderstood& seen = *script_.Add().mutable_message_understood();
  seen.set_node(std::string(kB));
  seen.set_evidence("observation");
  *seen.mutable_understood() = said_.truth;
  *seen.mutable_understood()->mutable_id() = said_.id;
  EXPECT_EQ(script_.End().ToAssessment().by_node.front().Count(Fate::kUnderstood), 1U);
}

TEST_F(FateTest, UnderWayWhenTheRunEndsTooSoon) {
  Begin();
  script_.ComeToNode(said_, kB);
  script_.Add().mutable_run_ended()->set_reason("stopped by operator");
  const Assessment assessment = script_.ToAssessment();
  ASSERT_EQ(assessment.losses.size(), 1U);
  EXPECT_EQ(assessment.losses.front().fate, Fate::kUnderWay);
}

struct Gap {
  const char* name;
  void (*steps)(RecordScript& script, const RecordScript::Said& said);
};

class UnexplainedTest : public FateTest, public ::testing::WithParamInterface<Gap> {};

TEST_P(UnexplainedTest, IsAnErrorOfOurs) {
  Begin();
  GetParam().steps(script_, said_);
  EXPECT_EQ(EndAndGetLoss().fate, Fate::kUnexplained);
  EXPECT_EQ(assessment_.judgement.verdict, Verdict::kHarnessError);
  EXPECT_EQ(assessment_.exit_code, 4);
}

INSTANTIATE_TEST_SUITE_P(EveryGap, UnexplainedTest,
                         ::testing::Values(Gap{"AfterSending",
                                               [](RecordScript& script, const RecordScript::Said& said) { script.Composed(said); }},
                                           Gap{"AfterReceiving",
                                               [](RecordScript& script, const RecordScript::Said& said) {
                                                 script.Composed(said);
                                                 script.Received(said);
                                               }},
                                           Gap{"AfterDecoding",
                                               [](RecordScript& script, const RecordScript::Said& said) {
                                                 script.Composed(said);
                                                 script.Received(said);
                                                 script.Ingested(said);
                                               }},
                                           Gap{"AfterAccepting", [](RecordScript& script,
                                                                    const RecordScript::Said& said) { script.ComeToBroker(said); }},
                                           Gap{"WithoutADecisionOnASubscriber",
                                               [](RecordScript& script, const RecordScript::Said& said) {
                                                 script.ComeToBroker(said);
                                                 script.Routed(said, {});
                                               }},
                                           Gap{"AfterReleasing",
                                               [](RecordScript& script, const RecordScript::Said& said) {
                                                 script.ComeToBroker(said);
                                                 script.Routed(said, {kB});
                                               }}),
                         [](const auto& parameter) { return std::string(parameter.param.name); });

TEST_F(FateTest, EqualUnitsAreRelatedFirstInFirstOut) {
  Begin();
  auto twin = script_.Track(kA);
  twin.hash = said_.hash;
  script_.Composed(said_);
  script_.At(2000).Composed(twin);
  script_.At(3000).Received(said_);
  script_.Ingested(said_);
  script_.At(4000).Received(twin);
  script_.Ingested(twin);
  const Fold fold = script_.End().ToFold();
  const auto first = Explain(fold, ToText(said_.id));
  const auto second = Explain(fold, ToText(twin.id));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(second->steps.front().utc_ns - first->steps.front().utc_ns, 1'000'000'000);
}

TEST_F(FateTest, RefreshesAreNoMessages) {
  Begin();
  v1::UnitReceived& heartbeat = *script_.Add().mutable_unit_received();
  heartbeat.set_node(std::string(kA));
  heartbeat.set_unit_hash("hhhhhhhhhhhhhhhh");
  heartbeat.set_role(v1::UNIT_ROLE_REFRESHES);
  const Assessment assessment = script_.End().ToAssessment();
  EXPECT_EQ(assessment.messages, 0U);
  ASSERT_EQ(assessment.links.size(), 1U);
  EXPECT_EQ(assessment.links.front().units, 1U);
  EXPECT_EQ(assessment.links.front().refreshes, 1U);
  EXPECT_EQ(assessment.links.front().messages, 0U);
}

TEST_F(FateTest, AUnitDeliveredTwiceIsOneUnderstanding) {
  Begin();
  script_.ComeToNode(said_, kB);
  script_.Understood(said_, kB);
  script_.Understood(said_, kB);
  EXPECT_EQ(script_.End().ToAssessment().by_node.front().Count(Fate::kUnderstood), 1U);
}

TEST_F(FateTest, ReceiptsBeforeTheirSendingWait) {
  Begin();
  script_.Received(said_);
  script_.Ingested(said_);
  script_.Composed(said_);
  script_.Accepted(said_);
  script_.Routed(said_, {kB});
  script_.Understood(said_, kB);
  script_.Egressed(said_, kB);
  const Assessment assessment = script_.End().ToAssessment();
  EXPECT_EQ(assessment.messages, 1U);
  EXPECT_EQ(assessment.by_node.front().Count(Fate::kUnderstood), 1U);
}

TEST_F(FateTest, ARunOfMessagesIsRoutedByOneDecision) {
  Begin();
  const auto second = script_.Track(kA);
  script_.ComeToBroker(said_);
  script_.ComeToBroker(second);
  v1::MessageRouted& routed = *script_.Add().mutable_message_routed();
  *routed.mutable_first() = said_.id;
  routed.set_count(2);
  v1::RouteDecision& decision = *routed.add_decisions();
  decision.set_node(std::string(kB));
  decision.set_released(true);
  decision.set_first_delivery(5);
  const auto story = Explain(script_.ToFold(), ToText(second.id));
  ASSERT_TRUE(story);
  ASSERT_EQ(story->recipients.size(), 1U);
  EXPECT_THAT(story->recipients.front().steps.front().text, HasSubstr("delivery 6"));
}

TEST_F(FateTest, MessagesThatTakeSeveralRoutesByTurnsAreRoutedEach) {
  Begin();
  const auto second = script_.Track(kA);
  const auto third = script_.Track(kA);
  for (const auto& said : {said_, second, third}) script_.ComeToBroker(said);
  v1::SpanRouted& routed = *script_.Add().mutable_span_routed();
  *routed.mutable_first() = said_.id;
  routed.set_route_of(std::string("\0\1\0", 3));
  v1::RouteDecision& released = *routed.add_routes()->add_decisions();
  released.set_node(std::string(kB));
  released.set_released(true);
  released.set_first_delivery(5);
  v1::RouteDecision& withheld = *routed.add_routes()->add_decisions();
  withheld.set_node(std::string(kB));
  withheld.set_reason("above clearance");
  const Fold fold = script_.ToFold();
  const auto told = [&](const RecordScript::Said& said) -> std::string {
    const auto story = Explain(fold, ToText(said.id));
    if (!story || story->recipients.size() != 1) return "no recipient";
    const RecipientStory& recipient = story->recipients.front();
    return recipient.steps.empty() ? recipient.reason : recipient.steps.front().text;
  };
  EXPECT_THAT(told(second), HasSubstr("above clearance"));
  EXPECT_THAT(told(third), HasSubstr("delivery 6"));
}

TEST_F(FateTest, NobodyIsARecipientOfWhatItDoesNotSubscribeTo) {
  script_.Node(kA);
  script_.Node(kB).add_receives(v1::FAMILY_CHAT);
  Start();
  script_.ComeToBroker(said_);
  script_.Routed(said_, {});
  EXPECT_TRUE(script_.End().ToAssessment().losses.empty());
}

TEST_F(FateTest, ImpossibleRecordsAreErrorsOfOursAndNoCrash) {
  Begin();
  script_.Add();
  v1::MessageRouted& routed = *script_.Add().mutable_message_routed();
  routed.set_count(~0ULL);
  script_.Add().mutable_span_routed()->set_route_of("x");
  v1::MessageAccepted& accepted = *script_.Add().mutable_message_accepted();
  accepted.mutable_id()->set_origin("DEU/a");
  accepted.set_envelope("\xff\xff");
  EXPECT_EQ(script_.End().ToAssessment().harness_faults.size(), 4U);
}

TEST_F(FateTest, ExplainTellsEveryStep) {
  Begin();
  script_.ComeToNode(said_, kB);
  script_.At(1250).Understood(said_, kB);
  const auto story = Explain(script_.End().ToFold(), ToText(said_.id));
  ASSERT_TRUE(story);
  EXPECT_EQ(story->steps.size(), 5U);
  ASSERT_EQ(story->recipients.size(), 1U);
  EXPECT_EQ(story->recipients.front().steps.size(), 3U);
  EXPECT_EQ(story->recipients.front().latency_ns, 250'000'000);
  EXPECT_FALSE(Explain(script_.ToFold(), "DEU/a#1.R.99"));
}

TEST_F(FateTest, FiguresAgreeWithTheAssessment) {
  Begin();
  script_.ComeToNode(said_, kB);
  script_.Understood(said_, kB);
  const auto withheld = script_.Track(kA);
  script_.ComeToBroker(withheld);
  script_.Routed(withheld, {kB}, "caveat");
  const Fold fold = script_.End().ToFold();
  const Assessment assessment = Assess(fold);
  const FateKey understood{{"DEU", "FRA"}, Fate::kUnderstood, ""};
  const FateKey guarded{{"DEU", "FRA"}, Fate::kWithheld, "caveat"};
  EXPECT_EQ(fold.figures().fates.at(understood), assessment.by_nation.front().Count(Fate::kUnderstood));
  EXPECT_EQ(fold.figures().fates.at(guarded), assessment.by_nation.front().Count(Fate::kWithheld));
}

}  // namespace
}  // namespace entente::harness
