// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/egress.h"

#include <gmock/gmock.h>

#include "adapters/gateway/core/test/access_point_world.h"
#include "base/digest.h"

namespace entente::gateway {
namespace {

using test::Gateway;
using test::LineConfig;
using test::TrackEnvelope;
using test::World;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr auto kRoutine = v1::PRECEDENCE_ROUTINE;
constexpr auto kFlash = v1::PRECEDENCE_FLASH;

v1::Envelope Chat(const std::string& text) {
  v1::Envelope envelope;
  envelope.mutable_chat()->set_text(text);
  return envelope;
}

struct EgressTest : ::testing::Test {
  Gateway gateway;
};

TEST_F(EgressTest, AcknowledgesOnlyWhatWasHandedToTheTransport) {
  World world(gateway);
  world.Connect();
  world.Deliver(TrackEnvelope("mmsi:1", 3, 77), 1);
  EXPECT_THAT(world.bus.acknowledged, IsEmpty());
  EXPECT_THAT(gateway.Egressed(), IsEmpty());
  EXPECT_EQ(world.point.undecided(), 1U);

  EXPECT_EQ(world.Drain(), "track mmsi:1 3 77 \n");
  EXPECT_THAT(world.bus.acknowledged, ElementsAre(Pair(kRoutine, 1U)));
  ASSERT_EQ(gateway.Egressed().size(), 1U);
  const v1::MessageEgressed egressed = gateway.Egressed()[0];
  EXPECT_EQ(ToText(egressed.id()), "FRA/hq#1.R.1");
  EXPECT_EQ(egressed.node(), "DEU/brigade");
  EXPECT_EQ(egressed.outcome(), v1::SEND_OUTCOME_SENT);
  EXPECT_EQ(egressed.form(), "labelled");
  EXPECT_EQ(egressed.first_unit(), 1U);
  EXPECT_THAT(egressed.octets(), ElementsAre("track mmsi:1 3 77 \n"));
  EXPECT_THAT(egressed.unit_hashes(), ElementsAre(UnitHash(AsBytes("track mmsi:1 3 77 \n"))));
  EXPECT_EQ(egressed.ledger_size(), 1);
}

TEST_F(EgressTest, WhatWasTakenAndNeverWrittenIsNotAcknowledgedAndGoesOverTheNextConnection) {
  World world(gateway);
  world.Connect();
  world.Deliver(TrackEnvelope("mmsi:1", 3, 77), 1);
  world.Deliver(TrackEnvelope("mmsi:2", 4, 77), 2);
  EXPECT_EQ(world.Take(), "track mmsi:1 3 77 \ntrack mmsi:2 4 77 \n");
  EXPECT_THAT(world.bus.acknowledged, IsEmpty());
  world.point.OnDisconnected("reset", gateway.clock.Read());
  EXPECT_THAT(world.bus.acknowledged, IsEmpty());
  world.Connect();
  EXPECT_EQ(world.Drain(), "track mmsi:1 3 77 \ntrack mmsi:2 4 77 \n");
  EXPECT_THAT(world.bus.acknowledged, ElementsAre(Pair(kRoutine, 1U), Pair(kRoutine, 2U)));
}

TEST_F(EgressTest, WhatTheTransportHasTakenWhenTheGatewayClosesWasSent) {
  World world(gateway);
  world.Connect();
  world.Deliver(TrackEnvelope("mmsi:1", 3, 77), 1);
  EXPECT_EQ(world.Take(), "track mmsi:1 3 77 \n");
  world.point.Close("ENDEX", gateway.clock.Read());
  ASSERT_EQ(gateway.Egressed().size(), 1U);
  EXPECT_EQ(gateway.Egressed()[0].outcome(), v1::SEND_OUTCOME_SENT);
}

TEST_F(EgressTest, SaysWhatTheProtocolCannot) {
  World world(gateway);
  world.Connect();
  v1::Envelope alert;
  alert.mutable_alert()->set_text("fire");
  world.Deliver(alert, 1);
  ASSERT_EQ(gateway.Egressed().size(), 1U);
  EXPECT_EQ(gateway.Egressed()[0].outcome(), v1::SEND_OUTCOME_UNSUPPORTED);
  EXPECT_EQ(gateway.Egressed()[0].reason(), "the line protocol has no such word");
  EXPECT_THAT(world.bus.acknowledged, ElementsAre(Pair(kRoutine, 1U)));
}

TEST_F(EgressTest, SaysWhatTheSessionSuperseded) {
  World world(gateway);
  world.Connect();
  world.Deliver(Chat("superseded"), 1);
  EXPECT_EQ(gateway.Egressed()[0].outcome(), v1::SEND_OUTCOME_SUPERSEDED);
  EXPECT_EQ(gateway.Egressed()[0].reason(), "no room in time");
}

TEST_F(EgressTest, KeepsALabelledMessageFromAFormWithoutAPlaceForIt) {
  AccessPointConfig config = LineConfig("FRA/ship", "plain");
  config.may_egress_unlabelled = [](const v1::Label& label) { return label.classification() == "UNCLASSIFIED"; };
  World world(gateway, config);
  world.Connect();
  v1::Envelope secret = TrackEnvelope("mmsi:1", 1);
  secret.mutable_label()->set_classification("SECRET");
  v1::Envelope open = TrackEnvelope("mmsi:2", 2);
  open.mutable_label()->set_classification("UNCLASSIFIED");
  world.Deliver(secret, 1);
  world.Deliver(open, 2);

  EXPECT_EQ(world.Drain(), "track mmsi:2 2 0\n");
  ASSERT_EQ(gateway.Egressed().size(), 2U);
  EXPECT_EQ(gateway.Egressed()[0].outcome(), v1::SEND_OUTCOME_NO_LABEL_SLOT);
  EXPECT_THAT(gateway.Egressed()[0].reason(), HasSubstr("SECRET"));
  EXPECT_EQ(gateway.Egressed()[1].outcome(), v1::SEND_OUTCOME_SENT);
}

TEST_F(EgressTest, ALabelFormSlotIsDenyByDefault) {
  World world(gateway, LineConfig("FRA/ship", "plain"));
  world.Connect();
  world.Deliver(TrackEnvelope("mmsi:1", 1), 1);
  EXPECT_EQ(world.Drain(), "");
  EXPECT_EQ(gateway.Egressed()[0].outcome(), v1::SEND_OUTCOME_NO_LABEL_SLOT);
}

TEST_F(EgressTest, EncodesOnceForAllNodesOfOneFormAndEqualOptions) {
  World first(gateway, LineConfig("FRA/a"));
  World second(gateway, LineConfig("FRA/b"));
  AccessPointConfig other = LineConfig("FRA/c");
  ASSERT_TRUE(other.options.Set(other.adapter->node_options, "dialect", "numbers"));
  World third(gateway, other);
  const std::size_t before = test::EncodeCalls();
  for (World* world : {&first, &second, &third}) {
    world->Connect();
    world->Deliver(TrackEnvelope("mmsi:1", 1), 1);
  }
  EXPECT_EQ(test::EncodeCalls() - before, 2U);
  EXPECT_EQ(first.Drain(), second.Drain());
}

TEST_F(EgressTest, TellsTheRecordAUnitsOctetsOnceAndItsHashEveryTime) {
  World first(gateway, LineConfig("FRA/a"));
  World second(gateway, LineConfig("FRA/b"));
  for (World* world : {&first, &second}) {
    world->Connect();
    world->Deliver(TrackEnvelope("mmsi:1", 3, 77), 1);
    world->Drain();
  }
  const std::vector<v1::MessageEgressed> egressed = gateway.Egressed();
  ASSERT_EQ(egressed.size(), 2U);
  EXPECT_THAT(egressed[0].octets(), ElementsAre("track mmsi:1 3 77 \n"));
  EXPECT_THAT(egressed[1].octets(), IsEmpty());
  for (const v1::MessageEgressed& event : egressed) {
    EXPECT_EQ(event.form(), "labelled");
    EXPECT_THAT(event.unit_hashes(), ElementsAre(UnitHash(AsBytes("track mmsi:1 3 77 \n"))));
    EXPECT_EQ(event.ledger_size(), 1);
  }
}

TEST_F(EgressTest, WaitsForTheNodeAndSendsFlashFirst) {
  World world(gateway);
  world.Deliver(Chat("one"), 1);
  world.Deliver(Chat("two"), 2);
  world.Deliver(Chat("now"), 1, kFlash);
  EXPECT_EQ(world.Drain(), "");
  EXPECT_THAT(world.bus.acknowledged, IsEmpty());
  world.Connect();
  EXPECT_EQ(world.Drain(), "flash now\nflash one\nflash two\n");
  EXPECT_THAT(world.bus.acknowledged, ElementsAre(Pair(kFlash, 1U), Pair(kRoutine, 1U), Pair(kRoutine, 2U)));
}

TEST_F(EgressTest, SendsAgainAfterALostConnectionWhatWasNotHandedOver) {
  World world(gateway);
  world.Connect();
  world.Deliver(Chat("one"), 1);
  world.Deliver(Chat("two"), 2);
  ASSERT_TRUE(world.point.NextOutput(gateway.clock.Read()));
  world.point.OnWritten(gateway.clock.Read());
  world.point.OnDisconnected("connection reset", gateway.clock.Read());
  EXPECT_EQ(gateway.Egressed().size(), 1U);
  world.Deliver(Chat("three"), 3);

  world.Connect();
  EXPECT_EQ(world.Drain(), "flash two\nflash three\n");
  EXPECT_EQ(gateway.Egressed().size(), 3U);
  EXPECT_THAT(world.bus.acknowledged, ElementsAre(Pair(kRoutine, 1U), Pair(kRoutine, 2U), Pair(kRoutine, 3U)));
}

TEST_F(EgressTest, DoesNotSendWhatWentStaleWhileItWaited) {
  World world(gateway);
  v1::Envelope message = Chat("old news");
  message.set_stale_at_ns(ToNanoseconds(gateway.clock.Read().utc) + 1'000'000'000);
  world.Deliver(message, 1);
  gateway.clock.Advance(std::chrono::seconds(2));
  world.Connect();
  EXPECT_EQ(world.Drain(), "");
  EXPECT_EQ(gateway.Egressed()[0].outcome(), v1::SEND_OUTCOME_DROPPED);
  EXPECT_EQ(gateway.Egressed()[0].reason(), "stale");
}

TEST_F(EgressTest, AStreamThatTakesNothingStopsAcknowledgingAndIsBounded) {
  World world(gateway);
  world.Connect();
  const std::string text(400'000, 'x');
  for (std::uint64_t i = 1; i <= 40; ++i) world.Deliver(Chat(text), i);
  // At most 4 MiB in the session and 4 MiB waiting; the rest was given up, said so, and acknowledged only in order.
  EXPECT_LE(world.point.undecided(), 22U);
  EXPECT_THAT(world.bus.acknowledged, IsEmpty()) << "the oldest are in the session, undecided";
  const std::size_t dropped = gateway.Egressed().size();
  EXPECT_EQ(dropped + world.point.undecided(), 40U);
  for (const auto& egressed : gateway.Egressed()) EXPECT_EQ(egressed.reason(), "queue full");
  world.Drain();
  EXPECT_EQ(gateway.Egressed().size(), 40U);
  EXPECT_EQ(world.bus.acknowledged.back(), std::pair(kRoutine, std::uint64_t{40}));
}

TEST_F(EgressTest, ADatagramLinkThatTakesNothingDropsWithAReason) {
  World world(gateway, LineConfig("FRA/radio", "datagram"));
  world.Connect();
  const std::string text(400'000, 'x');
  for (std::uint64_t i = 1; i <= 14; ++i) world.Deliver(Chat(text), i);
  ASSERT_EQ(gateway.Egressed().size(), 3U);
  EXPECT_EQ(gateway.Egressed()[0].reason(), "link output full");
  EXPECT_EQ(gateway.Egressed()[0].outcome(), v1::SEND_OUTCOME_DROPPED);
}

TEST_F(EgressTest, SaysAtTheEndWhatNeverWent) {
  World world(gateway);
  world.Deliver(Chat("one"), 1);
  world.point.Close("ENDEX", gateway.clock.Read());
  ASSERT_EQ(gateway.Egressed().size(), 1U);
  EXPECT_EQ(gateway.Egressed()[0].reason(), "ENDEX; the node never connected");
  EXPECT_THAT(world.bus.acknowledged, ElementsAre(Pair(kRoutine, 1U)));
  world.Deliver(Chat("late"), 2);
  EXPECT_EQ(gateway.Egressed().back().reason(), "ENDEX");
  EXPECT_EQ(world.point.wants_close(), "ENDEX");
  EXPECT_THAT(gateway.States(), IsEmpty());
}

TEST_F(EgressTest, LeavesAtTheEnd) {
  World world(gateway);
  world.Connect();
  world.Deliver(Chat("one"), 1);
  world.point.Close("ENDEX", gateway.clock.Read());
  EXPECT_EQ(world.Drain(), "") << "what was given up is not sent after all";
  world.point.OnDisconnected("ENDEX", gateway.clock.Read());
  EXPECT_THAT(gateway.States(), ElementsAre("CONNECTED", "LEFT: ENDEX"));
  EXPECT_EQ(gateway.Egressed()[0].outcome(), v1::SEND_OUTCOME_DROPPED);
}

TEST_F(EgressTest, TakesARepeatedDeliveryOnce) {
  World world(gateway);
  world.Deliver(Chat("one"), 1);
  world.Deliver(Chat("one"), 1);
  world.Connect();
  EXPECT_EQ(world.Drain(), "flash one\n");
  world.Deliver(Chat("one"), 1);
  EXPECT_EQ(world.Drain(), "");
  EXPECT_THAT(world.bus.acknowledged, ElementsAre(Pair(kRoutine, 1U), Pair(kRoutine, 1U)));
}

TEST_F(EgressTest, CountsAnewAfterTheBusRestarted) {
  World world(gateway);
  world.Connect();
  world.Deliver(Chat("one"), 7);
  world.Drain();
  world.point.OnBusRestarted();
  world.Deliver(Chat("two"), 1);
  EXPECT_EQ(world.Drain(), "flash two\n");
  EXPECT_THAT(world.bus.acknowledged, ElementsAre(Pair(kRoutine, 7U), Pair(kRoutine, 1U)));
}

TEST_F(EgressTest, RecordsOctetsThatAreNoEnvelopeAsOurFault) {
  World world(gateway);
  world.Connect();
  const Bytes garbage{0xFF, 0xFF, 0xFF};
  world.point.OnDelivery(kRoutine, 1, garbage, gateway.clock.Read());
  const auto faults = gateway.EventsOf(v1::RecordEvent::kProcessFault);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_THAT(faults[0].process_fault().text(), HasSubstr("ROUTINE delivery 1"));
  EXPECT_THAT(world.bus.acknowledged, ElementsAre(Pair(kRoutine, 1U)));
  world.point.OnDelivery(static_cast<v1::Precedence>(99), 1, garbage, gateway.clock.Read());
  EXPECT_EQ(gateway.EventsOf(v1::RecordEvent::kProcessFault).size(), 2U);
}

TEST_F(EgressTest, WakesTheTransport) {
  World world(gateway);
  world.Connect();
  int woken = 0;
  world.point.SetWakeUp([&] { ++woken; });
  world.Deliver(Chat("one"), 1);
  EXPECT_EQ(woken, 1);
  world.bus.room = 0;
  world.Say("flash held\n");
  world.bus.room = 1;
  world.point.OnBusReady(gateway.clock.Read());
  EXPECT_EQ(woken, 2);
}

}  // namespace
}  // namespace entente::gateway
