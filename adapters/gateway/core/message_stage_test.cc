// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/message_stage.h"

#include <gmock/gmock.h>

#include "adapters/gateway/core/test/access_point_world.h"

namespace entente::gateway {
namespace {

using namespace std::chrono_literals;
using test::Gateway;
using test::LineConfig;
using test::TrackEnvelope;
using test::World;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

struct FixedFate final : MessageStage {
  MessageFate Decide(const v1::Envelope& /*message*/, v1::Direction direction, Now /*now*/) override {
    asked.push_back(direction);
    return fate;
  }
  MessageFate fate;
  std::vector<v1::Direction> asked;
};

struct MessageStageTest : ::testing::Test {
  static AccessPointConfig Config(MessageStage& stage) {
    AccessPointConfig config = LineConfig();
    config.stage = &stage;
    return config;
  }
  void PassTo(Duration at) {
    gateway.clock.AdvanceTo(Instant{} + at);
    world.point.OnDeadline(gateway.clock.Read());
  }
  Gateway gateway;
  FixedFate stage;
  World world{gateway, Config(stage)};
};

TEST_F(MessageStageTest, WhatIsLostOnItsWayOutIsSaidAndAcknowledged) {
  world.Connect();
  stage.fate.lost_because = "lost by jam/loss";
  world.Deliver(TrackEnvelope("mmsi:1", 3, 77), 1);
  EXPECT_EQ(world.Drain(), "");
  ASSERT_EQ(gateway.Egressed().size(), 1U);
  EXPECT_EQ(gateway.Egressed()[0].outcome(), v1::SEND_OUTCOME_DROPPED);
  EXPECT_EQ(gateway.Egressed()[0].reason(), "lost by jam/loss");
  EXPECT_THAT(world.bus.acknowledged, ElementsAre(Pair(v1::PRECEDENCE_ROUTINE, 1U)));
  EXPECT_THAT(stage.asked, ElementsAre(v1::DIRECTION_TO_NODE));
}

TEST_F(MessageStageTest, WhatIsDelayedOnItsWayOutGoesWhenItIsDue) {
  world.Connect();
  stage.fate.delay = 5s;
  world.Deliver(TrackEnvelope("mmsi:1", 3, 77), 1);
  stage.fate.delay = 0s;
  world.Deliver(TrackEnvelope("mmsi:2", 4, 77), 2);
  EXPECT_EQ(world.Drain(), "track mmsi:2 4 77 \n") << "it overtakes";
  EXPECT_THAT(world.bus.acknowledged, IsEmpty()) << "the first is still undecided";
  EXPECT_EQ(world.point.NextDeadline(), Instant{} + 5s);
  PassTo(5s);
  EXPECT_EQ(world.Drain(), "track mmsi:1 3 77 \n");
  EXPECT_THAT(world.bus.acknowledged, ElementsAre(Pair(v1::PRECEDENCE_ROUTINE, 2U)));
}

TEST_F(MessageStageTest, ACopyGoesOutBesideTheFirst) {
  world.Connect();
  stage.fate.copies = 1;
  world.Deliver(TrackEnvelope("mmsi:1", 3, 77), 1);
  EXPECT_EQ(world.Drain(), "track mmsi:1 3 77 \ntrack mmsi:1 3 77 \n");
  EXPECT_EQ(world.point.undecided(), 0U);
}

TEST_F(MessageStageTest, WhatIsLostOnItsWayInIsRefusedWithTheReason) {
  world.Connect();
  stage.fate.lost_because = "lost by jam/loss";
  world.Say("track alpha 52.5 1000\n");
  EXPECT_THAT(world.bus.published, IsEmpty());
  const auto refused = gateway.EventsOf(v1::RecordEvent::kMessageRefused);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].message_refused().reason(), "lost by jam/loss");
  EXPECT_THAT(stage.asked, ElementsAre(v1::DIRECTION_TO_GATEWAY));
}

TEST_F(MessageStageTest, WhatIsDelayedOnItsWayInIsPublishedWhenItIsDueThoughItsNodeHasLeft) {
  world.Connect();
  stage.fate.delay = 5s;
  world.Say("track alpha 52.5 1000\n");
  EXPECT_THAT(world.bus.published, IsEmpty());
  EXPECT_EQ(world.point.held(), 1U);
  world.point.OnDisconnected("reset", gateway.clock.Read());
  EXPECT_EQ(world.point.NextDeadline(), Instant{} + 5s);
  PassTo(5s);
  EXPECT_EQ(world.bus.published.size(), 1U);
}

TEST_F(MessageStageTest, WhatIsStillDelayedAtTheEndIsGivenUpWithItsReason) {
  world.Connect();
  stage.fate.delay = 5s;
  world.Deliver(TrackEnvelope("mmsi:1", 3, 77), 1);
  world.Say("track alpha 52.5 1000\n");
  world.point.Close("ENDEX", gateway.clock.Read());
  ASSERT_EQ(gateway.Egressed().size(), 1U);
  EXPECT_EQ(gateway.Egressed()[0].reason(), "ENDEX");
  EXPECT_EQ(gateway.EventsOf(v1::RecordEvent::kMessageRefused).size(), 1U);
  EXPECT_FALSE(world.point.NextDeadline());
}

TEST_F(MessageStageTest, NoMoreIsDelayedThanItsBound) {
  world.Connect();
  stage.fate.delay = 5s;
  v1::Envelope large;
  large.mutable_chat()->set_text(std::string(limits::kLinkOutputOctets / 2, 'x'));
  world.Deliver(large, 1);
  world.Deliver(large, 2);
  ASSERT_EQ(gateway.Egressed().size(), 1U);
  EXPECT_EQ(gateway.Egressed()[0].reason(), "too much is delayed by faults");
}

}  // namespace
}  // namespace entente::gateway
