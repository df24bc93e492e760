// SPDX-License-Identifier: Apache-2.0
// From the queues to a subscriber: precedence, credit, acknowledgement, conflation, staleness, resume, late joiners.

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
constexpr auto kFin = "FIN/post";

std::size_t RecordSize(const v1::Envelope& envelope) {
  return RecordOctets(envelope.ByteSizeLong());
}

v1::Hello WithCursors(v1::Hello hello, std::uint64_t routine, std::uint64_t flash) {
  for (const auto& [precedence, delivery] : {std::pair{kRoutine, routine}, {kFlash, flash}}) {
    v1::Cursor& cursor = *hello.add_cursors();
    cursor.set_precedence(precedence);
    cursor.set_delivery(delivery);
  }
  return hello;
}

TEST(RelayDeliverTest, FlashOvertakesRoutine) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2), Flash(kDeu, 1)}));
  const Received received = rig.Drain(kFra);
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.F.1", "DEU/brigade#7.R.1", "DEU/brigade#7.R.2"));
  EXPECT_EQ(received.deliveries[0].number, 1U);
  EXPECT_EQ(received.deliveries[1].number, 1U);
  EXPECT_EQ(received.deliveries[2].number, 2U);
}

TEST(RelayDeliverTest, FrameTakesItsOctetsAndAtLeastOneMessage) {
  RelayRig rig({.delivery_frame_octets = 2 * RecordSize(Routine(kDeu, 1))});
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2), Routine(kDeu, 3), Routine(kDeu, 4, std::string(500, 'o'))}));
  EXPECT_EQ(rig.NextFrame(kFra).deliveries.size(), 2U);
  EXPECT_EQ(rig.NextFrame(kFra).deliveries.size(), 1U);
  EXPECT_EQ(rig.NextFrame(kFra).deliveries.size(), 1U);
  EXPECT_EQ(rig.NextFrame(kFra).frames, 0);
}

TEST(RelayDeliverTest, CreditBoundsWhatIsOnItsWay) {
  RelayRig rig;
  rig.Attach(kDeu);
  v1::Hello hello = HelloOf(kFra);
  hello.set_credit_octets(RecordSize(Routine(kDeu, 1)) + 1);
  rig.Attach(hello);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2), Routine(kDeu, 3)}));
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.1", "DEU/brigade#7.R.2"));  // one octet of credit was left
  v1::ClientFrame credit;
  credit.mutable_credit()->set_octets(RecordSize(Routine(kDeu, 1)));
  ASSERT_TRUE(rig.Send(kFra, credit));
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.3"));
}

TEST(RelayDeliverTest, UnacknowledgedDeliveriesAreBoundedWhateverTheCredit) {
  RelayRig rig({.unacknowledged_octets = RecordSize(Routine(kDeu, 1))});
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2)}));
  EXPECT_EQ(rig.Drain(kFra).deliveries.size(), 1U);
  ASSERT_TRUE(rig.Acknowledge(kFra, kRoutine, 1));
  EXPECT_EQ(rig.Drain(kFra).deliveries.size(), 1U);
}

TEST(RelayDeliverTest, AcknowledgementsAreRecordedOncePerFrame) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2)}));
  rig.Drain(kFra);
  v1::ClientFrame frame;
  for (const std::uint64_t delivery : {1U, 2U}) {
    v1::Acknowledgement& acknowledgement = *frame.add_acknowledgement();
    acknowledgement.set_precedence(kRoutine);
    acknowledgement.set_delivery(delivery);
  }
  ASSERT_TRUE(rig.Send(kFra, frame));
  ASSERT_EQ(rig.Count(v1::RecordEvent::kDeliveryAcknowledged), 1);
  EXPECT_EQ(rig.events().back().delivery_acknowledged().delivery(), 2U);
}

TEST(RelayDeliverTest, AcknowledgingWhatWasNeverSentClosesTheStream) {
  RelayRig rig;
  rig.Attach(kFra);
  rig.Drain(kFra);
  EXPECT_FALSE(rig.Acknowledge(kFra, kRoutine, 1));
  EXPECT_THAT(rig.Drain(kFra).goodbye, HasSubstr("acknowledges delivery 1, which was never sent"));
}

TEST(RelayDeliverTest, FullQueueConflatesTracksToTheLastPerObject) {
  const std::size_t one = RecordSize(Routine(kDeu, 1, "a")) + 64;
  RelayRig rig({.queue_octets = 3 * one});
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1, "a"), Routine(kDeu, 2, "b"), Routine(kDeu, 3, "a"), Routine(kDeu, 4, "a")}));
  const Received received = rig.Drain(kFra);
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.2", "DEU/brigade#7.R.4"));
  EXPECT_EQ(received.deliveries[1].number, 4U);
  EXPECT_THAT(rig.Drops(), ElementsAre("DEU/brigade#7.R.1 for FRA/hq: conflated by DEU/brigade#7.R.4",
                                       "DEU/brigade#7.R.3 for FRA/hq: conflated by DEU/brigade#7.R.4"));
}

TEST(RelayDeliverTest, FullQueueDropsTheOldestOfTheLowestPrecedence) {
  const std::size_t one = RecordSize(Routine(kDeu, 1)) + 64;
  RelayRig rig({.queue_octets = 3 * one});
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Flash(kDeu, 1), Routine(kDeu, 1), Routine(kDeu, 2)}));
  ASSERT_TRUE(rig.Publish(kDeu, {Flash(kDeu, 2)}));
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.F.1", "DEU/brigade#7.F.2", "DEU/brigade#7.R.2"));
  EXPECT_THAT(rig.Drops(), ElementsAre("DEU/brigade#7.R.1 for FRA/hq: queue full"));
}

TEST(RelayDeliverTest, StaleMessagesAreDroppedWithThatReason) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  v1::Envelope short_lived = Routine(kDeu, 2);
  short_lived.set_stale_at_ns(ToNanoseconds(rig.now().utc + std::chrono::seconds(5)));
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), short_lived, Routine(kDeu, 3)}));
  rig.clock().Advance(std::chrono::seconds(6));
  const Received received = rig.Drain(kFra);
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.1", "DEU/brigade#7.R.3"));
  EXPECT_EQ(received.deliveries[1].number, 3U);
  EXPECT_THAT(rig.Drops(), ElementsAre("DEU/brigade#7.R.2 for FRA/hq: stale"));
}

TEST(RelayDeliverTest, LateJoinerGetsTheReleasedPictureBeforeLiveTraffic) {
  RelayRig rig;
  rig.Attach(kDeu);
  v1::Envelope secret = Routine(kDeu, 3, "hidden");
  *secret.mutable_label() = TestLabel("SECRET");
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1, "tank"), Routine(kDeu, 2, "ship"), secret, Routine(kDeu, 4, "tank")}));
  rig.Attach(kFin);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 5)}));
  EXPECT_THAT(rig.Drain(kFin).Texts(), ElementsAre("DEU/brigade#7.R.2", "DEU/brigade#7.R.4", "DEU/brigade#7.R.5"));
}

TEST(RelayDeliverTest, PictureLeavesOutStaleAndOwnTracks) {
  RelayRig rig;
  rig.Attach(kDeu);
  v1::Envelope track = Routine(kDeu, 1, "tank");
  track.set_stale_at_ns(ToNanoseconds(rig.now().utc));
  ASSERT_TRUE(rig.Publish(kDeu, {track, Routine(kDeu, 2, "ship")}));
  rig->Detach(kDeu, "test", rig.now());
  rig.clock().Advance(std::chrono::seconds(1));
  rig.Attach(HelloOf(kDeu, 8));
  rig.Attach(kFin);
  EXPECT_THAT(rig.Drain(kDeu).Texts(), IsEmpty());
  EXPECT_THAT(rig.Drain(kFin).Texts(), ElementsAre("DEU/brigade#7.R.2"));
}

TEST(RelayDeliverTest, PictureForgetsTheObjectLongestWithoutNews) {
  RelayRig rig({.picture_objects = 2});
  rig.Attach(kDeu);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1, "a"), Routine(kDeu, 2, "b"), Routine(kDeu, 3, "a"), Routine(kDeu, 4, "c")}));
  rig.Attach(kFra);
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.3", "DEU/brigade#7.R.4"));
}

TEST(RelayDeliverTest, PictureIsBoundedInOctetsToo) {
  RelayRig rig({.picture_octets = 2 * RecordSize(Routine(kDeu, 1, "a"))});
  rig.Attach(kDeu);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1, "a"), Routine(kDeu, 2, "b"), Routine(kDeu, 3, "c"), Routine(kDeu, 4, "c")}));
  rig.Attach(kFra);
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.2", "DEU/brigade#7.R.4"));
}

TEST(RelayDeliverTest, FrameOfTinyMessagesStaysWithinTheFieldsOfAFrame) {
  RelayRig rig({.delivery_frame_octets = 4 * 1024 * 1024});
  rig.Attach(kDeu);
  rig.Attach(kFra);
  rig.Drain(kFra);
  std::vector<v1::Envelope> many;
  for (std::uint64_t i = 1; i <= 9000; ++i) many.push_back(Routine(kDeu, i));
  ASSERT_TRUE(rig.Publish(kDeu, many));
  EXPECT_EQ(rig.NextFrame(kFra).deliveries.size(), 8192U);
  EXPECT_EQ(rig.NextFrame(kFra).deliveries.size(), 808U);
}

TEST(RelayDeliverTest, ResumesAfterTheCursor) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2), Routine(kDeu, 3)}));
  rig.Drain(kFra);
  rig->Detach(kFra, "link down", rig.now());
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 4), Flash(kDeu, 1)}));
  rig.Attach(WithCursors(HelloOf(kFra), 1, 0));
  const Received received = rig.Drain(kFra);
  EXPECT_TRUE(received.welcome->resumed());
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.F.1", "DEU/brigade#7.R.2", "DEU/brigade#7.R.3", "DEU/brigade#7.R.4"));
  EXPECT_EQ(received.deliveries[1].number, 2U);
  EXPECT_THAT(rig.Drops(), IsEmpty());
}

TEST(RelayDeliverTest, QueueOfADetachedNodeIsBounded) {
  const std::size_t one = RecordSize(Routine(kDeu, 1)) + 64;
  RelayRig rig({.queue_octets = 2 * one});
  rig.Attach(kDeu);
  rig.Attach(kFra);
  rig->Detach(kFra, "link down", rig.now());
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2), Routine(kDeu, 3)}));
  EXPECT_THAT(rig.Drops(), ElementsAre("DEU/brigade#7.R.1 for FRA/hq: queue full"));
  rig.Attach(WithCursors(HelloOf(kFra), 0, 0));
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.2", "DEU/brigade#7.R.3"));
}

TEST(RelayDeliverTest, WithoutACursorItStartsFromThePicture) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1, "tank"), Routine(kDeu, 2)}));
  rig.NextFrame(kFra);
  rig->Detach(kFra, "restart", rig.now());
  rig.Attach(HelloOf(kFra, 8));
  const Received received = rig.Drain(kFra);
  EXPECT_FALSE(received.welcome->resumed());
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.1"));
  EXPECT_EQ(rig.Drops().size(), 2U);
  EXPECT_THAT(rig.Drops()[0], HasSubstr("node came back without a cursor"));
}

TEST(RelayDeliverTest, CursorOfAnotherBrokerStartsAfresh) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(WithCursors(HelloOf(kFra), 900, 0));
  EXPECT_FALSE(rig.Drain(kFra).welcome->resumed());
}

TEST(RelayDeliverTest, WelcomeSaysWhatWasPublishedAndRepeatsRefusals) {
  RelayRig rig;
  rig.Attach(kDeu);
  v1::Envelope nameless = Routine(kDeu, 2);
  nameless.clear_family();
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), nameless, Routine(kDeu, 3)}));
  rig->Detach(kDeu, "link down before the receipts", rig.now());
  rig.Attach(kDeu);
  const Received received = rig.Drain(kDeu);
  ASSERT_EQ(received.welcome->published_size(), 1);
  EXPECT_EQ(received.welcome->published(0).sequence(), 3U);
  ASSERT_FALSE(received.receipts.empty());
  EXPECT_EQ(received.receipts[0].sequence(), 2U);
  EXPECT_EQ(received.receipts[0].refused(), Text(Refusal::kNoFamily));
}

TEST(RelayDeliverTest, NewIncarnationCountsFromOne) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  rig->Detach(kDeu, "restart", rig.now());
  rig.Attach(HelloOf(kDeu, 8));
  EXPECT_EQ(rig.Drain(kDeu).welcome->published_size(), 0);
  ASSERT_TRUE(rig.Publish(kDeu, {TestTrack(kDeu, 8, kRoutine, 1)}));
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.1", "DEU/brigade#8.R.1"));
}

TEST(RelayDeliverTest, LeaveForgetsTheQueueAndSaysGoodbye) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  v1::ClientFrame leave;
  leave.mutable_leave()->set_reason("ENDEX");
  ASSERT_TRUE(rig.Send(kFra, leave));
  EXPECT_EQ(rig.Drain(kFra).goodbye, "left: ENDEX");
  EXPECT_THAT(rig.Drops(), ElementsAre("DEU/brigade#7.R.1 for FRA/hq: node left"));
  rig->Detach(kFra, "left", rig.now());
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 2)}));
  EXPECT_EQ(rig->QueuedOctets(kFra), 0U);
  EXPECT_EQ(rig.Count(v1::RecordEvent::kNodeDetached), 1);
}

TEST(RelayDeliverTest, WhatWaitedTooLongIsDroppedWithThatReason) {
  RelayRig rig({.queue_age = std::chrono::minutes(10)});
  rig.Attach(kDeu);
  rig.Attach(kFra);
  rig->Detach(kFra, "link down", rig.now());
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Flash(kDeu, 1)}));
  rig.clock().Advance(std::chrono::minutes(9));
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 2)}));
  rig.clock().Advance(std::chrono::minutes(2));
  rig.Attach(WithCursors(HelloOf(kFra), 0, 0));
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.2"));
  EXPECT_THAT(rig.Drops(),
              ElementsAre("DEU/brigade#7.F.1 for FRA/hq: waited too long", "DEU/brigade#7.R.1 for FRA/hq: waited too long"));
}

TEST(RelayDeliverTest, ClosingSaysGoodbyeToAll) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  rig->CloseAll("ENDEX");
  EXPECT_EQ(rig.Drain(kDeu).goodbye, "ENDEX");
  EXPECT_EQ(rig.Drain(kFra).goodbye, "ENDEX");
}

TEST(RelayDeliverTest, ClockProbeIsAnsweredWithReceiveAndSendTimes) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Drain(kDeu);
  v1::ClientFrame frame;
  frame.mutable_clock_probe()->set_t1_ns(5);
  ASSERT_TRUE(rig.Send(kDeu, frame));
  const std::int64_t received_at = ToNanoseconds(rig.now().utc);
  rig.clock().Advance(std::chrono::microseconds(3));
  const Received received = rig.Drain(kDeu);
  ASSERT_TRUE(received.probe);
  EXPECT_EQ(received.probe->t1_ns(), 5);
  EXPECT_EQ(received.probe->t2_ns(), received_at);
  EXPECT_EQ(received.probe->t3_ns(), received_at + 3000);
}

TEST(RelayDeliverTest, HandsRecordEventsToTheHost) {
  RelayRig rig;
  rig.Attach(kDeu);
  v1::ClientFrame frame;
  frame.add_record_event("event octets");
  std::vector<std::string> events;
  ASSERT_TRUE(rig->OnFrame(kDeu, SharedSlice(Octets(frame)), rig.now(), &events));
  EXPECT_THAT(events, ElementsAre("event octets"));
}

TEST(RelayAttachTest, RefusesWhatItCannotServe) {
  RelayRig rig({.nodes = 1, .subscription_entries = 3});
  const auto refusal = [&](const v1::Hello& hello, std::string identity = {}) {
    const auto attached = rig->Attach(hello, {.identity = {.name = std::move(identity)}}, rig.now());
    return attached ? std::string("attached") : attached.error().Text();
  };
  v1::Hello version = HelloOf(kDeu);
  version.set_version(2);
  EXPECT_THAT(refusal(version), HasSubstr("bus version 2 is not spoken here"));
  EXPECT_THAT(refusal(HelloOf("brigade")), HasSubstr("not the name of a node"));
  EXPECT_THAT(refusal(HelloOf(kDeu), kFra), HasSubstr("the certificate of FRA/hq does not speak for"));
  v1::Hello greedy = HelloOf(kDeu);
  for (int i = 0; i < 4; ++i) greedy.add_subscriptions();
  EXPECT_THAT(refusal(greedy), HasSubstr("more than 3 entries"));
  EXPECT_EQ(refusal(HelloOf(kDeu), kDeu), "attached");
  EXPECT_THAT(refusal(HelloOf(kFra)), HasSubstr("1 nodes already"));
}

TEST(RelayAttachTest, SameIncarnationSupersedesAndAnotherIsRefused) {
  RelayRig rig;
  EXPECT_FALSE(rig.Attach(kDeu).superseded);
  const auto other = rig->Attach(HelloOf(kDeu, 8), {}, rig.now());
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kAlreadyExists);
  EXPECT_TRUE(rig.Attach(kDeu).superseded);
  EXPECT_TRUE(rig->IsAttached(kDeu));
  EXPECT_EQ(rig.Count(v1::RecordEvent::kNodeDetached), 1);
}

TEST(RelayAttachTest, FrameOfAStrangerIsAnError) {
  RelayRig rig;
  EXPECT_FALSE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  EXPECT_FALSE(rig->NextFrame(kDeu, rig.now()));
}

TEST(RelayAttachTest, SecondHelloClosesTheStream) {
  RelayRig rig;
  rig.Attach(kDeu);
  v1::ClientFrame frame;
  *frame.mutable_hello() = HelloOf(kDeu);
  EXPECT_FALSE(rig.Send(kDeu, frame));
  EXPECT_THAT(rig.Drain(kDeu).goodbye, HasSubstr("a second hello"));
}

TEST(RelayAttachTest, EventsCarryTheTimePassedIn) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig->Detach(kDeu, "link down", rig.now());
  ASSERT_EQ(rig.events().size(), 2U);
  EXPECT_EQ(rig.events()[0].utc_ns(), ToNanoseconds(rig.now().utc));
  EXPECT_EQ(rig.events()[0].node_attached().incarnation(), kIncarnation);
  EXPECT_EQ(rig.events()[1].node_detached().reason(), "link down");
}

}  // namespace
}  // namespace entente::broker
