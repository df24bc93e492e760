// SPDX-License-Identifier: Apache-2.0
// Durable mode: nothing happens before the record has it, and everything follows from the record.

#include <gmock/gmock.h>

#include "broker/core/relay_rig_test.h"

namespace entente::broker {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto kDeu = "DEU/brigade";
constexpr auto kFra = "FRA/hq";
constexpr auto kNor = "NOR/hq";

v1::Hello WithCursor(v1::Hello hello, std::uint64_t routine) {
  hello.add_cursors()->set_precedence(kRoutine);
  hello.mutable_cursors(0)->set_delivery(routine);
  return hello;
}

TEST(RelayDurableTest, NeitherReceiptNorDeliveryBeforeTheRecordHasIt) {
  DurableRig rig;
  rig.Join(kDeu);
  rig.Join(kFra);
  rig.Drain(kDeu);
  rig.Drain(kFra);
  rig->TakeReady();
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  const std::size_t first = rig.events().size();
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 2)}));
  EXPECT_THAT(rig.Drain(kDeu).receipts, IsEmpty());
  EXPECT_EQ(rig.Drain(kFra).frames, 0);
  rig->TakeReady();
  rig->OnRecorded(first, rig.now());
  EXPECT_THAT(rig->TakeReady(), ElementsAre(kDeu, kFra));
  EXPECT_EQ(rig.Drain(kDeu).receipts.at(0).sequence(), 1U);
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.1"));
  rig.RecordAll();
  EXPECT_EQ(rig.Drain(kDeu).receipts.at(0).sequence(), 2U);
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.2"));
}

TEST(RelayDurableTest, WelcomeWaitsForTheRecordAndFramesWaitForTheWelcome) {
  DurableRig rig;
  rig.Attach(kDeu);
  EXPECT_FALSE(rig->WantsFrames(kDeu));
  EXPECT_FALSE(rig->NextFrame(kDeu, rig.now()));
  rig.RecordAll();
  EXPECT_THAT(rig->TakeReady(), ElementsAre(kDeu));
  EXPECT_TRUE(rig->WantsFrames(kDeu));
  EXPECT_FALSE(rig.Drain(kDeu).welcome->resumed());
}

TEST(RelayDurableTest, FrameBeforeTheWelcomeClosesTheStream) {
  DurableRig rig;
  rig.Attach(kDeu);
  EXPECT_FALSE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  EXPECT_THAT(rig.Drain(kDeu).goodbye, HasSubstr("a frame before the welcome"));
}

TEST(RelayDurableTest, HelloOfABrokenStreamWelcomesNobody) {
  DurableRig rig;
  rig.Attach(kDeu);
  rig->Detach(kDeu, "broken", rig.now());
  rig.Attach(kDeu);
  const std::size_t first = rig.events().size() - 1;
  rig->OnRecorded(first, rig.now());
  EXPECT_FALSE(rig->WantsFrames(kDeu));
  rig.RecordAll();
  EXPECT_TRUE(rig.Drain(kDeu).welcome->resumed());
}

TEST(RelayDurableTest, SubscriptionCountsFromItsPlaceInTheRecord) {
  DurableRig rig;
  rig.Join(kDeu);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 2)}));
  rig.RecordAll();
  const Received received = rig.Drain(kFra);
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.2"));
  EXPECT_EQ(received.deliveries[0].number, 1U);
}

TEST(RelayDurableTest, SlowReceiverNeverSlowsThePublisherOrAnotherReceiver) {
  DurableRig rig({.queue_octets = 400});
  rig.Join(kDeu);
  v1::Hello slow = HelloOf(kFra);
  slow.set_credit_octets(0);
  rig.Join(slow);
  rig.Join(kNor);
  rig.Drain(kDeu);
  rig.Drain(kNor);
  for (std::uint64_t i = 1; i <= 10; ++i) {
    ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, i)}));
    rig.RecordAll();
    EXPECT_TRUE(rig->WantsFrames(kDeu));
    EXPECT_EQ(rig.Drain(kDeu).receipts.at(0).sequence(), i);
    EXPECT_EQ(rig.Drain(kNor).deliveries.size(), 1U);
  }
  EXPECT_LE(rig->QueuedOctets(kFra), 400U);
  EXPECT_THAT(rig.Drops().at(0), "DEU/brigade#7.R.1 for FRA/hq: queue full");
}

TEST(RelayDurableTest, LaggingRecordHoldsThePublishersAndLetsThemGoOn) {
  DurableRig rig({.unrecorded_octets = 300});
  rig.Join(kDeu);
  rig.Join(kFra);
  std::uint64_t sequence = 0;
  while (rig->WantsFrames(kDeu)) ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, ++sequence)}));
  EXPECT_LT(sequence, 10U);
  EXPECT_FALSE(rig->WantsFrames(kFra));
  rig->TakeReady();
  rig.RecordAll();
  EXPECT_TRUE(rig->WantsFrames(kDeu));
  EXPECT_THAT(rig->TakeReady(), ElementsAre(kDeu, kFra));
  EXPECT_EQ(rig.Drain(kFra).deliveries.size(), sequence);
}

TEST(RelayDurableTest, RefusesClearlyWhileTheRecordTakesNothing) {
  DurableRig rig;
  rig.Join(kDeu);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  rig.RecordAll();
  rig.Drain(kDeu);
  rig->RefuseMessages(true);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2)}));
  const Received received = rig.Drain(kDeu);
  ASSERT_EQ(received.receipts.size(), 2U);
  EXPECT_EQ(received.receipts[0].sequence(), 2U);
  EXPECT_EQ(received.receipts[0].refused(), Text(Refusal::kNotRecorded));
  EXPECT_EQ(received.receipts[1].sequence(), 1U) << "what the record has is not refused";
  rig->RefuseMessages(false);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 3)}));
  rig.RecordAll();
  EXPECT_EQ(rig.Drain(kDeu).receipts.at(0).sequence(), 3U);
}

TEST(RelayDurableTest, RestartedBrokerKnowsWhatItHasOfAPublisher) {
  DurableRig rig;
  rig.Join(kDeu);
  v1::Envelope nameless = Routine(kDeu, 2);
  nameless.clear_family();
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), nameless, Routine(kDeu, 3), Flash(kDeu, 1)}));
  const auto next = rig.Successor();
  next->Join(kDeu);
  const Received received = next->Drain(kDeu);
  EXPECT_TRUE(received.welcome->resumed());
  ASSERT_EQ(received.welcome->published_size(), 2);
  EXPECT_EQ(received.welcome->published(0).sequence(), 3U);
  EXPECT_EQ(received.receipts.at(0).sequence(), 2U);
  EXPECT_EQ(received.receipts.at(0).refused(), Text(Refusal::kNoFamily));
  ASSERT_TRUE(next->Publish(kDeu, {Routine(kDeu, 3), Routine(kDeu, 4)}));
  next->RecordAll();
  EXPECT_EQ(next->Drain(kDeu).receipts.at(0).sequence(), 4U);
  EXPECT_EQ(next->Count(v1::RecordEvent::kMessageAccepted), 1);
}

TEST(RelayDurableTest, RestartedBrokerGoesOnAtTheCursorWithTheSameNumbers) {
  DurableRig rig;
  rig.Join(kDeu);
  rig.Join(kFra);
  for (std::uint64_t i = 1; i <= 4; ++i) ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, i)}));
  rig.RecordAll();
  rig.Drain(kFra);
  const auto next = rig.Successor();
  next->Join(WithCursor(HelloOf(kFra), 2));
  const Received received = next->Drain(kFra);
  EXPECT_TRUE(received.welcome->resumed());
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.3", "DEU/brigade#7.R.4"));
  EXPECT_EQ(received.deliveries[0].number, 3U);
}

TEST(RelayDurableTest, WithoutACursorItGoesOnBehindWhatItAcknowledged) {
  DurableRig rig;
  rig.Join(kDeu);
  rig.Join(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2), Routine(kDeu, 3)}));
  rig.RecordAll();
  rig.Drain(kFra);
  ASSERT_TRUE(rig.Acknowledge(kFra, kRoutine, 2));
  const auto next = rig.Successor();
  next->Join(HelloOf(kFra, 99));
  const Received received = next->Drain(kFra);
  EXPECT_TRUE(received.welcome->resumed());
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.3"));
}

TEST(RelayDurableTest, NodeThatLeftIsALateJoiner) {
  DurableRig rig;
  rig.Join(kDeu);
  rig.Join(kFra);
  v1::ClientFrame leave;
  leave.mutable_leave()->set_reason("relieved");
  ASSERT_TRUE(rig.Send(kFra, leave));
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1, "tank"), Routine(kDeu, 2)}));
  EXPECT_EQ(rig.Drain(kFra).goodbye, "");
  rig.RecordAll();
  EXPECT_EQ(rig.Drain(kFra).goodbye, "left: relieved");
  rig->Detach(kFra, "stream closed by the node", rig.now());
  for (DurableRig* broker : {&rig, rig.Successor().release()}) {
    broker->Join(kFra);
    const Received received = broker->Drain(kFra);
    EXPECT_FALSE(received.welcome->resumed());
    EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.1"));
    if (broker != &rig) delete broker;
  }
}

TEST(RelayDurableTest, CursorOfAnotherRecordStartsAfresh) {
  DurableRig rig;
  rig.Join(WithCursor(HelloOf(kFra), 900));
  EXPECT_FALSE(rig.Drain(kFra).welcome->resumed());
}

TEST(RelayDurableTest, PictureOfLateJoinersSurvivesARestart) {
  DurableRig rig;
  rig.Join(kDeu);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1, "tank"), Routine(kDeu, 2, "jeep"), Routine(kDeu, 3, "tank")}));
  rig.RecordAll();
  const auto next = rig.Successor();
  next->Join(kFra);
  EXPECT_THAT(next->Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.2", "DEU/brigade#7.R.3"));
}

TEST(RelayDurableTest, WhatWasDroppedStaysDropped) {
  const std::size_t one = Octets(Routine(kDeu, 1)).size() + 2 + 64;
  DurableRig rig({.queue_octets = 2 * one});
  rig.Join(kDeu);
  rig.Join(kFra);
  rig->Detach(kFra, "link down", rig.now());
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2), Routine(kDeu, 3)}));
  rig.RecordAll();
  ASSERT_EQ(rig.Drops().size(), 1U);
  const auto next = rig.Successor();
  next->Join(kFra);
  const Received received = next->Drain(kFra);
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.2", "DEU/brigade#7.R.3"));
  EXPECT_EQ(received.deliveries[0].number, 2U);
}

TEST(RelayDurableTest, RestartSaysWhatTheEndLeftUnsaid) {
  DurableRig rig;
  rig.Join(kDeu);
  rig.Join(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  rig.RecordAll();
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 2)}));
  const std::size_t cut = rig.events().size();
  rig.RecordAll();
  const v1::MessageRouted unsaid = rig.events().back().message_routed();
  const auto next = rig.Successor(cut);
  ASSERT_EQ(next->events().size(), 4U);
  EXPECT_TRUE(next->events()[0].broker_started().resumed());
  EXPECT_EQ(next->events()[1].message_routed().SerializeAsString(), unsaid.SerializeAsString());
  EXPECT_EQ(next->events()[2].node_detached().node(), kDeu);
  EXPECT_EQ(next->events()[3].node_detached().node(), kFra);
}

TEST(RelayDurableTest, BrokersThatShareARecordAgree) {
  DurableRig ours;
  DurableRig theirs;
  auto share = [&, seen = std::size_t{1}]() mutable {
    ours.RecordAll();
    theirs->Apply(std::span(ours.events()).subspan(seen), theirs.now());
    seen = ours.events().size();
  };
  ours.Join(kDeu);
  ours.Join(kFra);
  ASSERT_TRUE(ours.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2)}));
  share();
  ours.Drain(kFra);
  ASSERT_TRUE(ours.Acknowledge(kFra, kRoutine, 1));
  ours->Detach(kFra, "link down", ours.now());
  share();
  EXPECT_EQ(theirs.events().size(), 1U) << "what ours did, ours says";
  theirs.Join(kFra);
  const Received received = theirs.Drain(kFra);
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.2"));
  EXPECT_EQ(received.deliveries[0].number, 2U);
}

TEST(RelayDurableTest, MessageAppendedByTwoBrokersCountsOnce) {
  DurableRig rig;
  rig.Join(kDeu);
  rig.Join(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  const v1::RecordEvent accepted = rig.events().back();
  rig->Apply(std::span(&accepted, 1), rig.now());
  rig.RecordAll();
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.1"));
  EXPECT_EQ(rig.Drain(kDeu).receipts.size(), 1U);
}

// What another broker says that a node did there.
v1::RecordEvent AttachedAt(std::string_view broker, std::string_view node, std::uint64_t incarnation) {
  v1::RecordEvent event;
  v1::NodeAttached& attached = *event.mutable_node_attached();
  attached.set_node(std::string(node));
  attached.set_incarnation(incarnation);
  attached.set_broker(std::string(broker));
  attached.add_subscriptions();
  return event;
}

// It stood in a queue at that broker while the node was killed, started again and attached here.
TEST(RelayDurableTest, LateWordOfAnOlderIncarnationMakesNothingForgotten) {
  DurableRig rig;
  rig.Join(kDeu);
  rig.Join(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  rig.RecordAll();
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.1"));
  rig.Drain(kDeu);
  const v1::RecordEvent late = AttachedAt("north", kDeu, 6);
  rig->Apply(std::span(&late, 1), rig.now());
  EXPECT_EQ(rig.Drain(kDeu).goodbye, "attached at broker north");
  rig->Detach(kDeu, "closed", rig.now());
  rig.Join(kDeu);
  const Received welcome = rig.Drain(kDeu);
  ASSERT_EQ(welcome.welcome->published_size(), 1);
  EXPECT_EQ(welcome.welcome->published(0).sequence(), 1U);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2)}));
  rig.RecordAll();
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.2"));
}

// Dropped in between, its first message would be taken for published with the second.
TEST(RelayDurableTest, MessagesOnEitherSideOfALateWordAreBothApplied) {
  DurableRig rig;
  rig.Join(kDeu);
  rig.Join(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  const std::size_t first = rig.events().size();
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 2)}));
  const v1::RecordEvent late = AttachedAt("north", kDeu, 6);
  rig->Apply(std::span(&late, 1), rig.now());
  rig->OnRecorded(first, rig.now());
  const v1::RecordEvent again = AttachedAt("south", kDeu, kIncarnation);
  rig->Apply(std::span(&again, 1), rig.now());
  rig.RecordAll();
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.1", "DEU/brigade#7.R.2"));
}

TEST(RelayDurableTest, LateWordOfAnEarlierProcessOfTheSameBrokerLetsTheNodeGo) {
  DurableRig rig;
  rig.Join(kDeu);
  rig.Drain(kDeu);
  const v1::RecordEvent late = AttachedAt("broker", kDeu, 6);
  rig->Apply(std::span(&late, 1), rig.now());
  EXPECT_EQ(rig.Drain(kDeu).goodbye, "attached at broker broker");
}

TEST(RelayDurableTest, LateWordOfALeaveElsewhereDoesNotMakeTheNodeGone) {
  DurableRig rig;
  rig.Join(kDeu);
  rig.Join(kFra);
  v1::RecordEvent late;
  late.mutable_node_detached()->set_node(kFra);
  late.mutable_node_detached()->set_broker("north");
  late.mutable_node_detached()->set_reason("left");
  rig->Apply(std::span(&late, 1), rig.now());
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  rig.RecordAll();
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.1"));
}

TEST(RelayDurableTest, NodeThatWentToAnotherBrokerIsLetGo) {
  DurableRig rig;
  rig.Join(kDeu);
  rig.Drain(kDeu);
  v1::RecordEvent elsewhere;
  *elsewhere.mutable_node_attached() = rig.events().back().node_attached();
  elsewhere.mutable_node_attached()->set_broker("north");
  rig->Apply(std::span(&elsewhere, 1), rig.now());
  EXPECT_EQ(rig.Drain(kDeu).goodbye, "attached at broker north");
}

}  // namespace
}  // namespace entente::broker
