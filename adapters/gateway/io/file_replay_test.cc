// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/io/file_replay.h"

#include <gmock/gmock.h>

#include <fstream>

#include "adapters/gateway/core/test/access_point_world.h"
#include "adapters/gateway/io/test/talker.h"

namespace entente::gateway {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct FileReplayTest : ::testing::Test {
  FileReplayTest() {
    const auto* const info = ::testing::UnitTest::GetInstance()->current_test_info();
    file = std::filesystem::path(::testing::TempDir()) / (std::string("entente_replay_") + info->name() + ".log");
    std::ofstream(file) << "track alpha 1 10\ntrack alpha 2 20\nnonsense\ntrack alpha 3 30\n";
  }
  ~FileReplayTest() override { std::filesystem::remove(file); }

  std::unique_ptr<Transport> Make(ReplayPace pace) {
    return MakeFileReplay(sockets.context, sockets.clock, {file, pace}, test::LineProtocol(), world.point);
  }

  std::filesystem::path file;
  test::Sockets sockets;
  test::Gateway gateway;
  test::World world{gateway};
};

TEST_F(FileReplayTest, SpeaksForTheNodeAndLeavesAtTheEnd) {
  const auto replay = Make({.speed = 0, .interval = 1ms});
  ASSERT_TRUE(replay->Start());
  EXPECT_EQ(replay->endpoint(), file.filename().string());
  ASSERT_TRUE(sockets.RunUntil([&] { return !world.point.connected(); }));
  EXPECT_EQ(world.bus.published.size(), 3U);
  EXPECT_EQ(gateway.EventsOf(v1::RecordEvent::kUnitRefused).size(), 1U);
  EXPECT_THAT(gateway.States(), ElementsAre("CONNECTED", "ACTIVE", "LEFT: closed by the peer"));
  replay->Stop();
  EXPECT_TRUE(sockets.RunOut());
}

TEST_F(FileReplayTest, WaitsWhileTheBusIsFullAndGoesOnAfterwards) {
  world.bus.room = 1;
  const auto replay = Make({.speed = 0, .interval = 1ms});
  ASSERT_TRUE(replay->Start());
  ASSERT_TRUE(sockets.RunUntil([&] { return !world.point.wants_input(); }));
  world.bus.room = 10;
  world.point.OnBusReady(sockets.clock.Read());
  ASSERT_TRUE(sockets.RunUntil([&] { return world.bus.published.size() == 3; }));
}

TEST_F(FileReplayTest, StopsInTheMiddle) {
  const auto replay = Make({.speed = 0, .interval = 1h});
  ASSERT_TRUE(replay->Start());
  ASSERT_TRUE(sockets.RunUntil([&] { return world.bus.published.size() == 1; }));
  replay->Stop();
  EXPECT_FALSE(world.point.connected());
  EXPECT_TRUE(sockets.RunOut());
}

TEST_F(FileReplayTest, SaysNothingWasSentToAFile) {
  const auto replay = Make({.speed = 0, .interval = 1h});
  ASSERT_TRUE(replay->Start());
  world.Deliver(test::TrackEnvelope("mmsi:1", 1), 1);
  ASSERT_TRUE(sockets.RunUntil([&] { return world.bus.published.size() == 1; }));
  world.point.Close("ENDEX", sockets.clock.Read());
  ASSERT_TRUE(sockets.RunUntil([&] { return !world.point.connected(); }));
  ASSERT_EQ(gateway.Egressed().size(), 1U);
  EXPECT_EQ(gateway.Egressed()[0].outcome(), v1::SEND_OUTCOME_DROPPED);
}

TEST_F(FileReplayTest, SaysWhichFileIsWrongAndWhy) {
  std::filesystem::remove(file);
  const auto missing = Make({})->Start();
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().Text(), HasSubstr(file.string()));
  std::ofstream(file) << "";
  const auto empty = Make({})->Start();
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().Text(), HasSubstr(file.string()));
  EXPECT_THAT(empty.error().Text(), HasSubstr("nothing that line can replay"));
}

}  // namespace
}  // namespace entente::gateway
