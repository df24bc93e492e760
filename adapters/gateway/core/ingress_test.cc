// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/ingress.h"

#include <gmock/gmock.h>

#include "adapters/gateway/core/test/access_point_world.h"
#include "base/digest.h"

namespace entente::gateway {
namespace {

using test::Gateway;
using test::LineConfig;
using test::TrackLine;
using test::World;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct IngressTest : ::testing::Test {
  Gateway gateway;
};

TEST_F(IngressTest, PublishesWhatTheNodeSaysAsACompleteEnvelope) {
  World world(gateway);
  world.Connect();
  world.Say("track alpha 52.5 1000 RESTRICTED\n");

  ASSERT_EQ(world.bus.published.size(), 1U);
  const v1::Envelope& envelope = world.bus.published[0];
  EXPECT_EQ(ToText(envelope.id()), "DEU/brigade#2a.R.1");
  EXPECT_EQ(envelope.family(), v1::FAMILY_TRACK);
  EXPECT_EQ(envelope.object_id(), "line-name:alpha");
  EXPECT_EQ(envelope.label().classification(), "RESTRICTED");
  EXPECT_EQ(envelope.label().origin(), v1::LABEL_ORIGIN_CARRIED);
  EXPECT_EQ(envelope.provenance().protocol(), "line");
  EXPECT_EQ(envelope.provenance().form(), "labelled");
  EXPECT_EQ(envelope.provenance().transport(), "tcp");
  EXPECT_THAT(envelope.provenance().unit_hashes(), ElementsAre(UnitHash(AsBytes("track alpha 52.5 1000 RESTRICTED\n"))));
}

TEST_F(IngressTest, RecordsUnitAndMessageInThisOrder) {
  World world(gateway);
  world.Connect();
  world.Say("track alpha 52.5 1000\n");

  const auto units = gateway.EventsOf(v1::RecordEvent::kUnitReceived);
  ASSERT_EQ(units.size(), 1U);
  EXPECT_EQ(units[0].unit_received().node(), "DEU/brigade");
  EXPECT_EQ(units[0].unit_received().unit(), 1U);
  EXPECT_EQ(units[0].unit_received().octets(), "track alpha 52.5 1000\n");
  EXPECT_EQ(units[0].unit_received().native_type(), "track");
  EXPECT_EQ(units[0].unit_received().role(), v1::UNIT_ROLE_CARRIES);
  const v1::MessageIngested& ingested = gateway.events.back().message_ingested();
  EXPECT_EQ(ToText(ingested.id()), "DEU/brigade#2a.R.1");
  EXPECT_EQ(ingested.family(), v1::FAMILY_TRACK);
  EXPECT_THAT(ingested.unit_hashes(), ElementsAre(units[0].unit_received().unit_hash()));
  ASSERT_EQ(ingested.ledger_size(), 1);
  EXPECT_EQ(ingested.ledger(0).outcome(), v1::LEDGER_OUTCOME_KEPT);
  EXPECT_EQ(gateway.events.back().utc_ns(), ToNanoseconds(gateway.clock.Read().utc));
}

TEST_F(IngressTest, NumbersEachPrecedenceFromOne) {
  World world(gateway);
  world.Connect();
  world.Say(TrackLine("a", "1") + "flash fire\n" + TrackLine("a", "2") + "flash again\n");
  EXPECT_THAT(world.bus.ids, ElementsAre("DEU/brigade#2a.R.1", "DEU/brigade#2a.F.1", "DEU/brigade#2a.R.2", "DEU/brigade#2a.F.2"));
}

TEST_F(IngressTest, GivesTheDefaultLabelToWhatCarriesNone) {
  AccessPointConfig config = LineConfig();
  config.default_label.emplace().set_classification("UNCLASSIFIED");
  World world(gateway, config);
  world.Connect();
  world.Say(TrackLine("alpha", "1"));
  EXPECT_EQ(world.bus.published[0].label().classification(), "UNCLASSIFIED");
  EXPECT_EQ(world.bus.published[0].label().origin(), v1::LABEL_ORIGIN_DEFAULT);
}

TEST_F(IngressTest, LeavesAMessageUnlabelledWhenThereIsNoDefault) {
  World world(gateway);
  world.Connect();
  world.Say(TrackLine("alpha", "1"));
  EXPECT_FALSE(world.bus.published[0].has_label());
}

TEST_F(IngressTest, MapsTheLabelOfAnotherPolicyAndSaysWhatItWas) {
  AccessPointConfig config = LineConfig();
  config.default_label.emplace().set_policy("UN");
  config.default_label->set_classification("CONFIDENTIAL");
  config.map_label = [](const v1::Label& label) -> std::optional<v1::Label> {
    if (label.policy() != "UN") return std::nullopt;
    v1::Label mapped;
    mapped.set_policy("EXERCISE");
    mapped.set_classification("RESTRICTED");
    mapped.set_origin(v1::LABEL_ORIGIN_MAPPED);
    return mapped;
  };
  World world(gateway, config);
  world.Connect();
  world.Say(TrackLine("alpha", "1"));
  EXPECT_EQ(world.bus.published[0].label().classification(), "RESTRICTED");
  EXPECT_EQ(world.bus.published[0].label().origin(), v1::LABEL_ORIGIN_MAPPED);
  const v1::MessageIngested& ingested = gateway.events.back().message_ingested();
  ASSERT_GE(ingested.ledger_size(), 1);
  EXPECT_EQ(ingested.ledger(ingested.ledger_size() - 1).rule(), "mapped from UN CONFIDENTIAL");
}

TEST_F(IngressTest, RecordsARefusedUnitWithItsReasonAndFirstOctets) {
  World world(gateway);
  world.Connect();
  world.Say("nonsense\n" + TrackLine("alpha", "1"));
  const auto refused = gateway.EventsOf(v1::RecordEvent::kUnitRefused);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].unit_refused().refusal().code(), "unknown type");
  EXPECT_EQ(refused[0].unit_refused().octets(), "nonsense\n");
  EXPECT_EQ(refused[0].unit_refused().side(), v1::SIDE_GATEWAY);
  EXPECT_EQ(world.bus.published.size(), 1U) << "the unit after it is understood";
}

TEST_F(IngressTest, StopsReadingAndHoldsInOrderWhileTheBusIsFull) {
  World world(gateway);
  world.Connect();
  world.bus.room = 1;
  world.Say(TrackLine("a", "1") + TrackLine("a", "2") + TrackLine("a", "3"));
  EXPECT_FALSE(world.point.wants_input());
  EXPECT_EQ(world.point.held(), 2U);

  world.bus.room = 10;
  world.point.OnBusReady(gateway.clock.Read());
  EXPECT_TRUE(world.point.wants_input());
  EXPECT_THAT(world.bus.ids, ElementsAre("DEU/brigade#2a.R.1", "DEU/brigade#2a.R.2", "DEU/brigade#2a.R.3"));
}

TEST_F(IngressTest, OffersFlashWhileTheBusIsFullForRoutine) {
  World world(gateway);
  world.Connect();
  world.bus.room = 0;
  world.Say(TrackLine("a", "1"));
  world.bus.room = 1;
  world.Say("flash fire\n");
  EXPECT_THAT(world.bus.ids, ElementsAre("DEU/brigade#2a.F.1"));
}

TEST_F(IngressTest, RefusesTheNewestOfTheLowestPrecedenceWhenTheHoldIsFullAndLeavesNoGap) {
  test::FakeBus bus;
  bus.room = 0;
  Publisher publisher(bus, gateway.shared, 2000);
  const auto offer = [&](v1::Precedence precedence) {
    Candidate candidate{test::TrackEnvelope("object", 1), {}};
    candidate.envelope.mutable_id()->set_origin("DEU/brigade");
    candidate.envelope.mutable_id()->set_precedence(precedence);
    candidate.envelope.mutable_native_id()->set_value(std::string(500, 'x'));
    publisher.Offer(std::move(candidate), gateway.clock.Read());
  };
  for (int i = 0; i < 5; ++i) offer(v1::PRECEDENCE_ROUTINE);
  offer(v1::PRECEDENCE_FLASH);

  const auto refused = gateway.EventsOf(v1::RecordEvent::kMessageRefused);
  ASSERT_EQ(refused.size(), 3U);
  for (const auto& event : refused) {
    EXPECT_EQ(event.message_refused().reason(), "bus full");
    EXPECT_EQ(event.message_refused().id().precedence(), v1::PRECEDENCE_ROUTINE);
    EXPECT_EQ(event.message_refused().id().sequence(), 0U);
  }
  bus.room = 10;
  publisher.OnBusReady(gateway.clock.Read());
  EXPECT_THAT(bus.ids, ElementsAre("DEU/brigade#0.F.1", "DEU/brigade#0.R.1", "DEU/brigade#0.R.2"));
}

TEST_F(IngressTest, EndsAnEchoOfTheSameOctets) {
  World world(gateway);
  world.Connect();
  world.Deliver(test::TrackEnvelope("mmsi:1", 3, 77), 1);
  const std::string sent = world.Drain();
  world.Say(sent);

  EXPECT_TRUE(world.bus.published.empty());
  EXPECT_EQ(gateway.EventsOf(v1::RecordEvent::kUnitReceived).size(), 1U);
  const auto refused = gateway.EventsOf(v1::RecordEvent::kMessageRefused);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].message_refused().reason(), "echo of FRA/hq#1.R.1");
  EXPECT_EQ(refused[0].message_refused().id().sequence(), 0U);
}

TEST_F(IngressTest, EndsAnEchoOfTheSameContentInOtherOctets) {
  World world(gateway);
  world.Connect();
  world.Deliver(test::TrackEnvelope("mmsi:1", 3, 77), 1);
  world.Drain();
  world.Say("track mmsi:1 3.000 77 SECRET\n");
  EXPECT_TRUE(world.bus.published.empty());
  EXPECT_EQ(gateway.EventsOf(v1::RecordEvent::kMessageRefused).size(), 1U);
}

TEST_F(IngressTest, PublishesWhatANodeAddsAboutAnObjectThatItHasFromUs) {
  World world(gateway);
  world.Connect();
  world.Deliver(test::TrackEnvelope("mmsi:1", 3, 77), 1);
  world.Drain();
  world.Say("track mmsi:1 3.5 78\n");
  ASSERT_EQ(world.bus.published.size(), 1U);
  EXPECT_EQ(world.bus.published[0].object_id(), "mmsi:1") << "the same object, not a new one called after it";
}

TEST_F(IngressTest, KnowsAnObjectByTheNumberThatWeGaveIt) {
  AccessPointConfig config = LineConfig();
  ASSERT_TRUE(config.options.Set(config.adapter->node_options, "dialect", "numbers"));
  World world(gateway, config);
  world.Connect();
  world.Deliver(test::TrackEnvelope("cot-uid:tank", 3, 77), 1);
  const std::string sent = world.Drain();
  const std::string number = sent.substr(sent.find('#'), sent.find(' ', sent.find('#')) - sent.find('#'));

  const auto assigned = gateway.EventsOf(v1::RecordEvent::kIdentityAssigned);
  ASSERT_EQ(assigned.size(), 1U);
  EXPECT_EQ(assigned[0].identity_assigned().object_id(), "cot-uid:tank");
  EXPECT_EQ("#" + assigned[0].identity_assigned().native().value(), number);

  world.Say("track " + number + " 9.5 99\n");
  ASSERT_EQ(world.bus.published.size(), 1U);
  EXPECT_EQ(world.bus.published[0].object_id(), "cot-uid:tank");
}

TEST_F(IngressTest, SaysEachStateOnceWithItsReason) {
  World world(gateway);
  world.Connect();
  world.Say("hello\n" + TrackLine("a", "1") + TrackLine("a", "2"));
  gateway.clock.Advance(std::chrono::seconds(11));
  ASSERT_LE(*world.point.NextDeadline(), gateway.clock.Read().instant);
  world.point.OnDeadline(gateway.clock.Read());
  world.Say(TrackLine("a", "3"));
  world.point.OnDisconnected("connection reset", gateway.clock.Read());
  EXPECT_THAT(gateway.States(), ElementsAre("CONNECTED", "NEGOTIATED: hello was said", "ACTIVE", "SILENT: nothing for 10 s",
                                            "ACTIVE", "LOST: connection reset"));
  EXPECT_EQ(gateway.EventsOf(v1::RecordEvent::kNodeStateChanged)[0].node_state_changed().endpoint(), "127.0.0.1:40001");
}

TEST_F(IngressTest, TellsAnOrderlyEndFromALoss) {
  World world(gateway);
  world.Connect();
  world.point.OnDisconnected(adapter::kClosedByPeer, gateway.clock.Read());
  EXPECT_THAT(gateway.States(), ElementsAre("CONNECTED", "LEFT: closed by the peer"));
}

TEST_F(IngressTest, ANewConnectionReplacesTheOldOne) {
  World world(gateway);
  world.Connect("127.0.0.1:1");
  world.Say("track half");
  world.Connect("127.0.0.1:2");
  world.Say(TrackLine("a", "1"));
  EXPECT_THAT(gateway.States(), ElementsAre("CONNECTED", "LOST: replaced by a connection from 127.0.0.1:2", "CONNECTED", "ACTIVE"));
  EXPECT_EQ(gateway.EventsOf(v1::RecordEvent::kUnitRefused)[0].unit_refused().refusal().code(), "truncated");
  EXPECT_EQ(world.bus.published.size(), 1U) << "the half line of the old connection does not spoil the new one";
}

TEST_F(IngressTest, ASessionThatCanGoNoFurtherWantsToBeClosed) {
  World world(gateway);
  world.Connect();
  world.Say("goodbye\n");
  EXPECT_EQ(world.point.wants_close(), "goodbye was said");
  world.point.OnDisconnected("whatever the transport says", gateway.clock.Read());
  EXPECT_THAT(gateway.States(), ElementsAre("CONNECTED", "LOST: goodbye was said"));
  EXPECT_FALSE(world.point.connected());
  EXPECT_THAT(world.point.wants_close(), "");
}

TEST_F(IngressTest, ReceivesTheSameWhateverTheCuts) {
  const std::string said = "hello\n" + TrackLine("a", "1") + "flash fire\nbad\n" + TrackLine("b", "2");
  for (std::size_t cut = 0; cut <= said.size(); ++cut) {
    Gateway own;
    World world(own);
    world.Connect();
    world.Say(said.substr(0, cut));
    world.Say(said.substr(cut));
    ASSERT_EQ(world.bus.published.size(), 3U) << "cut at " << cut;
    ASSERT_EQ(own.EventsOf(v1::RecordEvent::kUnitRefused).size(), 1U) << "cut at " << cut;
  }
}

}  // namespace
}  // namespace entente::gateway
