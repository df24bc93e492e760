// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/dis/pdu_reader.h"
#include "adapters/dis/pdu_writer.h"
#include "adapters/dis/test_vectors.h"
#include "adapters/dis/timestamp.h"

namespace entente::dis {
namespace {

using adapter::SessionState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using namespace std::chrono_literals;

class SessionTest : public testing::Test {
 protected:
  std::unique_ptr<adapter::Session> Make(const std::map<std::string, std::string>& options = {}, std::string form = "v7") {
    adapter::SessionConfig config;
    config.carrier = adapter::Carrier::kDatagram;
    config.form = std::move(form);
    config.options = OptionsWith(options);
    config.ids = &ids_;
    options_ = config.options;
    auto session = Info().make_session(std::move(config));
    session->Start(clock_.Read(), sink_);
    return session;
  }
  adapter::SendResult Send(adapter::Session& session, const v1::Envelope& message) {
    const auto encoded = Info().codec->Encode(message, {session.form(), options_, ids_});
    EXPECT_TRUE(encoded.has_value());
    return session.Send(message, *encoded, clock_.Read());
  }
  std::vector<adapter::Output> Outputs(adapter::Session& session) {
    std::vector<adapter::Output> outputs;
    while (auto output = session.NextOutput()) outputs.push_back(*output);
    return outputs;
  }
  void PassDeadline(adapter::Session& session) {
    const auto deadline = session.NextDeadline();
    ASSERT_TRUE(deadline.has_value());
    clock_.AdvanceTo(*deadline);
    session.OnDeadline(clock_.Read(), sink_);
  }
  // `pdu` with another timestamp.
  static Bytes Stamped(Bytes pdu, std::uint32_t timestamp) {
    for (std::size_t i = 0; i < 4; ++i) pdu[4 + i] = static_cast<std::uint8_t>(timestamp >> (24 - 8 * i));
    return pdu;
  }

  VirtualClock clock_{VectorTime().utc};
  adapter::HashedObjectIds ids_;
  adapter::NodeOptions options_;
  CollectingSink sink_;
};

Bytes Joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

TEST_F(SessionTest, IsActiveAtOnceSinceDisHasNoNegotiation) {
  const auto session = Make();
  EXPECT_THAT(sink_.states, ElementsAre(SessionState::kConnected, SessionState::kActive));
  EXPECT_EQ(session->form(), "v7");
}

TEST_F(SessionTest, PartsBundledPdusIntoUnitsOfTheirOwn) {
  const auto session = Make();
  const Bytes& tank = FindVector("entity_state_tank_v7").octets;
  const Bytes& start = FindVector("start_resume_v7").octets;
  const Bytes& comment = FindVector("comment_v7").octets;
  session->Receive(Joined({tank, start, comment}), clock_.Read(), sink_);
  ASSERT_THAT(sink_.units, SizeIs(3));
  EXPECT_EQ(sink_.units[0].octets, tank);
  EXPECT_EQ(sink_.units[1].octets, start);
  EXPECT_EQ(sink_.units[2].octets, comment);
  EXPECT_EQ(sink_.units[2].number, 3U);
  EXPECT_EQ(sink_.messages.size(), 3U);
  EXPECT_TRUE(sink_.messages[0].findings.empty());
}

TEST_F(SessionTest, FindsOctetsThatTrailTheLastPduAndLeavesThemOutOfTheUnit) {
  const auto session = Make();
  const Bytes& tank = FindVector("entity_state_tank_v7").octets;
  session->Receive(Joined({tank, tank, Bytes(13, 0)}), clock_.Read(), sink_);
  ASSERT_THAT(sink_.units, SizeIs(2));
  EXPECT_EQ(sink_.units[1].octets, tank);
  ASSERT_FALSE(sink_.messages.back().findings.empty());
  EXPECT_THAT(sink_.messages.back().findings.back().text, HasSubstr("13 octets follow"));
}

TEST_F(SessionTest, RefusesOneBrokenPduOfABundleAndKeepsTheOthers) {
  const auto session = Make();
  const Bytes& tank = FindVector("entity_state_tank_v7").octets;
  Bytes broken = tank;
  broken[19] = 200;  // variable parameter records that are not there
  session->Receive(Joined({broken, FindVector("fire_v7").octets}), clock_.Read(), sink_);
  ASSERT_THAT(sink_.refused, SizeIs(1));
  EXPECT_EQ(sink_.refused[0].number, 1U);
  EXPECT_EQ(sink_.refused[0].octets, broken);
  EXPECT_EQ(sink_.refused[0].error.code, adapter::DecodeCode::kCount);
  EXPECT_THAT(sink_.units, SizeIs(1));
  EXPECT_EQ(sink_.units[0].number, 2U);
}

TEST_F(SessionTest, TakesAStateThatDiffersInTheTimestampAloneForAHeartbeat) {
  const auto session = Make();
  const Bytes& ship = FindVector("entity_state_tank_v7").octets;
  session->Receive(ship, clock_.Read(), sink_);
  clock_.Advance(5s);
  session->Receive(Stamped(ship, ToTimestamp(clock_.Read().utc, true)), clock_.Read(), sink_);
  ASSERT_THAT(sink_.units, SizeIs(2));
  EXPECT_EQ(sink_.units[0].role, v1::UNIT_ROLE_CARRIES);
  EXPECT_EQ(sink_.units[1].role, v1::UNIT_ROLE_REFRESHES);
  EXPECT_THAT(sink_.messages, SizeIs(1));
}

TEST_F(SessionTest, TakesAnyOtherDifferenceForNews) {
  const auto session = Make();
  Bytes state = FindVector("entity_state_tank_v7").octets;
  session->Receive(state, clock_.Read(), sink_);
  for (const std::size_t octet :
       {std::size_t{18}, std::size_t{55}, std::size_t{79}, std::size_t{87}, std::size_t{129}, std::size_t{159}}) {
    state[octet] ^= 1;
    session->Receive(state, clock_.Read(), sink_);
  }
  EXPECT_THAT(sink_.messages, SizeIs(7));
}

TEST_F(SessionTest, JoinsAnUpdateWithTheEntitysLastState) {
  const auto session = Make();
  const Vector& tank = FindVector("entity_state_tank_v7");
  session->Receive(tank.octets, clock_.Read(), sink_);
  const auto state = ReadEntityState(tank.octets);
  EntityStateUpdate update;
  update.header = state->header;
  update.entity = state->entity;
  update.location = state->location;
  update.orientation = state->orientation;
  update.appearance = 3U << 3;
  session->Receive(*Write(update), clock_.Read(), sink_);
  ASSERT_THAT(sink_.messages, SizeIs(2));
  const v1::Track& track = sink_.messages[1].envelope.track();
  EXPECT_EQ(track.callsign(), "ALPHA 1");
  EXPECT_EQ(track.classification().standard_identity(), v1::STANDARD_IDENTITY_FRIEND);
  EXPECT_EQ(track.operational_status().code(), v1::OPERATIONAL_CODE_NOT);
  EXPECT_EQ(track.speed_mps(), 0);
  EXPECT_EQ(sink_.units[1].native_type, "Entity State Update");
  EXPECT_EQ(sink_.units[1].octets.size(), 72U);
}

TEST_F(SessionTest, SaysThatAnUpdateOfAnUnknownEntityLacksItsIdentity) {
  const auto session = Make();
  EntityStateUpdate update;
  update.entity = {1, 2, 3};
  update.location = {6378137, 0, 0};
  session->Receive(*Write(update), clock_.Read(), sink_);
  ASSERT_THAT(sink_.messages, SizeIs(1));
  EXPECT_FALSE(sink_.messages[0].envelope.track().has_classification());
  EXPECT_THAT(sink_.messages[0].findings.back().text, HasSubstr("before any state"));
}

TEST_F(SessionTest, SaysThatAnEntityIsGoneWhenItWasNotHeardForTheTimeOut) {
  const auto session = Make({{"heartbeat_s", "5"}, {"timeout_multiple", "2.4"}});
  const Bytes& tank = FindVector("entity_state_tank_v7").octets;
  session->Receive(tank, clock_.Read(), sink_);
  EXPECT_EQ(session->NextDeadline(), clock_.Read().instant + 12s);
  PassDeadline(*session);
  ASSERT_THAT(sink_.messages, SizeIs(2));
  EXPECT_EQ(sink_.messages[1].envelope.track().lifecycle(), v1::LIFECYCLE_DROPPED);
  EXPECT_EQ(sink_.messages[1].envelope.native_id().value(), "7:3:42");
  EXPECT_EQ(sink_.message_octets[1], tank);
  session->Receive(tank, clock_.Read(), sink_);
  EXPECT_THAT(sink_.messages, SizeIs(3)) << "once gone, the same state is news again";
}

TEST_F(SessionTest, FallsSilentAfterTheTimeOutAndWakesWithTheNextPdu) {
  const auto session = Make();
  PassDeadline(*session);
  EXPECT_EQ(sink_.states.back(), SessionState::kSilent);
  EXPECT_FALSE(session->NextDeadline().has_value());
  session->Receive(FindVector("comment_v7").octets, clock_.Read(), sink_);
  EXPECT_EQ(sink_.states.back(), SessionState::kActive);
}

TEST_F(SessionTest, DoesNotWakeForWhatItRefuses) {
  const auto session = Make();
  PassDeadline(*session);
  session->Receive(Bytes(20, 0xEE), clock_.Read(), sink_);
  EXPECT_EQ(sink_.states.back(), SessionState::kSilent);
}

TEST_F(SessionTest, SaysAnOwnEntityAgainAtEachHeartbeatWithoutAUnitNumber) {
  const auto session = Make();
  v1::Envelope ship = FindVector("entity_state_tank_v7").message;
  ship.mutable_track()->set_speed_mps(0);
  EXPECT_EQ(Send(*session, ship).outcome, v1::SEND_OUTCOME_SENT);
  const auto first = Outputs(*session);
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].unit, 1U);
  PassDeadline(*session);
  const auto second = Outputs(*session);
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].unit, 0U);

  CollectingSink receiver;
  const auto peer = Make();
  peer->Receive(*first[0].octets, clock_.Read(), receiver);
  peer->Receive(*second[0].octets, clock_.Read(), receiver);
  EXPECT_EQ(receiver.units.back().role, v1::UNIT_ROLE_REFRESHES);
}

TEST_F(SessionTest, MovesAMovingEntityAlongInItsHeartbeat) {
  const auto session = Make();
  Send(*session, FindVector("entity_state_tank_v7").message);
  Outputs(*session);
  PassDeadline(*session);
  PassDeadline(*session);
  const auto outputs = Outputs(*session);
  ASSERT_THAT(outputs, SizeIs(2));
  const auto before = ReadEntityState(FindVector("entity_state_tank_v7").octets);
  const auto after = ReadEntityState(*outputs[1].octets);
  const double moved = std::hypot(after->location.x - before->location.x, after->location.y - before->location.y,
                                  after->location.z - before->location.z);
  EXPECT_NEAR(moved, 100, 0.01);  // 10 m/s for two heartbeats of 5 s
  EXPECT_NEAR(ToSeconds(Between(before->header.timestamp, after->header.timestamp)), 10, 1e-5);
}

TEST_F(SessionTest, EndsTheHeartbeatOfADeactivatedEntity) {
  const auto session = Make();
  v1::Envelope tank = FindVector("entity_state_tank_v7").message;
  Send(*session, tank);
  tank.mutable_track()->set_lifecycle(v1::LIFECYCLE_DROPPED);
  Send(*session, tank);
  Outputs(*session);
  PassDeadline(*session);  // silence of the peer
  EXPECT_THAT(Outputs(*session), SizeIs(0));
  EXPECT_FALSE(session->NextDeadline().has_value());
}

TEST_F(SessionTest, EndsTheHeartbeatOfAStaleEntity) {
  const auto session = Make();
  v1::Envelope tank = FindVector("entity_state_tank_v7").message;
  tank.set_stale_at_ns(ToNanoseconds(clock_.Read().utc + 7s));
  Send(*session, tank);
  Outputs(*session);
  PassDeadline(*session);
  EXPECT_THAT(Outputs(*session), SizeIs(1));
  PassDeadline(*session);
  EXPECT_THAT(Outputs(*session), SizeIs(0));
}

// The tank, driven on for `by` along its course, and turned.
v1::Envelope Later(const v1::Envelope& tank, Duration by, double east_m, double turn_deg) {
  v1::Envelope later = tank;
  later.mutable_times()->mutable_observed()->set_utc_ns(tank.times().observed().utc_ns() + by.count());
  // One degree of longitude at 50°N on WGS-84: 71 695.7 m.
  later.mutable_track()->mutable_position()->set_longitude_deg(8 + east_m / 71695.73);
  later.mutable_track()->mutable_attitude()->set_heading_deg(90 + turn_deg);
  return later;
}

TEST_F(SessionTest, HoldsBackWhatReceiversReckonThemselvesWhereAsked) {
  const auto session = Make({{"dead_reckoning", "true"}});
  const v1::Envelope& tank = FindVector("entity_state_tank_v7").message;
  EXPECT_EQ(Send(*session, tank).outcome, v1::SEND_OUTCOME_SENT);
  clock_.Advance(2s);
  const auto held = Send(*session, Later(tank, 2s, 20.2, 1));
  EXPECT_EQ(held.outcome, v1::SEND_OUTCOME_SUPERSEDED);
  EXPECT_THAT(held.reason, HasSubstr("from where receivers reckon it"));
  EXPECT_EQ(Send(*session, Later(tank, 2s, 22, 0)).outcome, v1::SEND_OUTCOME_SENT) << "2 m ahead of the reckoning";
}

TEST_F(SessionTest, SaysAtOnceWhatReceiversCannotReckon) {
  const auto session = Make({{"dead_reckoning", "true"}});
  const v1::Envelope& tank = FindVector("entity_state_tank_v7").message;
  Send(*session, tank);
  EXPECT_EQ(Send(*session, Later(tank, 2s, 20, 4)).outcome, v1::SEND_OUTCOME_SENT) << "turned by 4 degrees";
  v1::Envelope hit = tank;
  hit.mutable_track()->mutable_operational_status()->set_code(v1::OPERATIONAL_CODE_NOT);
  EXPECT_EQ(Send(*session, hit).outcome, v1::SEND_OUTCOME_SENT) << "destroyed";
}

TEST_F(SessionTest, ForwardsEveryTrackUnlessAskedToReckon) {
  const auto session = Make();
  const v1::Envelope& tank = FindVector("entity_state_tank_v7").message;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Send(*session, tank).outcome, v1::SEND_OUTCOME_SENT);
}

TEST_F(SessionTest, LeavesAnUnchangedStateOfARestingEntityToTheHeartbeat) {
  const auto session = Make();
  v1::Envelope tank = FindVector("entity_state_tank_v7").message;
  tank.mutable_track()->set_speed_mps(0);
  EXPECT_EQ(Send(*session, tank).outcome, v1::SEND_OUTCOME_SENT);
  clock_.Advance(2s);
  const v1::Envelope same = Later(tank, 2s, 0, 0);
  const auto repeated = Send(*session, same);
  EXPECT_EQ(repeated.outcome, v1::SEND_OUTCOME_SUPERSEDED);
  EXPECT_THAT(repeated.reason, HasSubstr("heartbeat"));
  EXPECT_EQ(Send(*session, Later(tank, 2s, 3, 0)).outcome, v1::SEND_OUTCOME_SENT) << "moved by 3 m";
}

TEST_F(SessionTest, StampsWhatHasNoTimeWithTheTimeOfSending) {
  const auto session = Make();
  v1::Envelope tank = FindVector("entity_state_tank_v7").message;
  tank.clear_times();
  const auto sent = Send(*session, tank);
  ASSERT_THAT(sent.units, SizeIs(1));
  EXPECT_EQ(ReadHeader(*sent.units[0].octets)->timestamp, ToTimestamp(clock_.Read().utc, true));
}

TEST_F(SessionTest, DropsWithAReasonWhenTheTransportDoesNotTakeItsOutput) {
  const auto session = Make();
  const v1::Envelope& comment = FindVector("comment_v7").message;
  for (std::size_t i = 0; i < kOutputLimit; ++i) ASSERT_EQ(Send(*session, comment).outcome, v1::SEND_OUTCOME_SENT);
  const auto dropped = Send(*session, comment);
  EXPECT_EQ(dropped.outcome, v1::SEND_OUTCOME_DROPPED);
  EXPECT_THAT(dropped.reason, HasSubstr("waiting for the transport"));
}

TEST_F(SessionTest, RemembersNoMoreEntitiesThanItsLimit) {
  const auto session = Make();
  auto state = *ReadEntityState(FindVector("entity_state_tank_v7").octets);
  for (std::uint32_t i = 0; i < kHeardEntitiesLimit + 10; ++i) {
    state.entity = {1, static_cast<std::uint16_t>(1 + i / 60000), static_cast<std::uint16_t>(1 + i % 60000)};
    session->Receive(*Write(state), clock_.Read(), sink_);
  }
  sink_.messages.clear();
  PassDeadline(*session);
  EXPECT_EQ(sink_.messages.size(), kHeardEntitiesLimit) << "only remembered entities can be missed";
}

}  // namespace
}  // namespace entente::dis
