// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/replay.h"

#include <gmock/gmock.h>

#include <limits>

#include "adapters/gateway/core/rebase.h"
#include "adapters/gateway/core/test/access_point_world.h"

namespace entente::gateway {
namespace {

using namespace std::chrono_literals;
using test::Gateway;
using test::LineConfig;
using test::TrackLine;
using test::World;
using ::testing::HasSubstr;

const UtcTime kRecorded = FromNanoseconds(1'500'000'000'000'000'000);

std::vector<RecordedChunk> Lines(std::initializer_list<Duration> times) {
  std::vector<RecordedChunk> chunks;
  for (const Duration time : times) {
    chunks.push_back({ToBytes(TrackLine("a", "1", ToNanoseconds(kRecorded + time))), kRecorded + time});
  }
  return chunks;
}

struct ReplayTest : ::testing::Test {
  explicit ReplayTest() { world.Connect("file"); }
  // Runs on the virtual clock until the replay is done; when each chunk came, from the start.
  std::vector<Duration> Run(Replay& replay, std::size_t at_most = 100) {
    const Instant start = gateway.clock.Read().instant;
    std::vector<Duration> emitted;
    replay.Start(gateway.clock.Read());
    while (replay.NextDue() && emitted.size() < at_most) {
      gateway.clock.AdvanceTo(*replay.NextDue());
      const std::uint64_t before = replay.emitted();
      replay.Emit(gateway.clock.Read(), world.point);
      for (std::uint64_t i = before; i < replay.emitted(); ++i) emitted.push_back(gateway.clock.Read().instant - start);
    }
    return emitted;
  }

  Gateway gateway;
  World world{gateway};
};

TEST_F(ReplayTest, KeepsTheRecordingsOwnTimingAtTheSpeedChosen) {
  Replay replay(Lines({0s, 1s, 1s, 5s}), {.speed = 2});
  EXPECT_THAT(Run(replay), ::testing::ElementsAre(0ms, 500ms, 500ms, 2500ms));
  EXPECT_TRUE(replay.done());
  EXPECT_EQ(world.bus.published.size(), 4U);
}

TEST_F(ReplayTest, KeepsAFixedInterval) {
  Replay replay(Lines({0s, 1s, 9s}), {.speed = 0, .interval = 100ms});
  EXPECT_THAT(Run(replay), ::testing::ElementsAre(0ms, 100ms, 200ms));
}

TEST_F(ReplayTest, UsesTheIntervalWhereTheRecordingHasNoTimes) {
  std::vector<RecordedChunk> chunks = Lines({0s, 1s, 2s});
  chunks[1].time.reset();
  Replay replay(std::move(chunks), {.speed = 1, .interval = 10ms});
  EXPECT_THAT(Run(replay), ::testing::ElementsAre(0ms, 10ms, 20ms));
}

TEST_F(ReplayTest, NeverWaitsForAClockThatWasSetBack) {
  Replay replay(Lines({10s, 3s, 4s}), {.speed = 1});
  EXPECT_THAT(Run(replay), ::testing::ElementsAre(0s, 0s, 1s));
}

TEST_F(ReplayTest, EndsAtTheBound) {
  Replay replay(Lines({0s, 1s, 2s}), {.speed = 1, .interval = 1s, .at_most = 5, .loop = true});
  EXPECT_THAT(Run(replay), ::testing::ElementsAre(0s, 1s, 2s, 3s, 4s));
  EXPECT_TRUE(replay.done());
}

TEST_F(ReplayTest, WaitsWhileTheBusIsFull) {
  world.bus.room = 1;
  Replay replay(Lines({0s, 0s, 0s}), {.speed = 1});
  replay.Start(gateway.clock.Read());
  replay.Emit(gateway.clock.Read(), world.point);
  EXPECT_EQ(replay.emitted(), 2U) << "the second was taken, and filled the bus";
  EXPECT_FALSE(replay.done());
  world.bus.room = 10;
  world.point.OnBusReady(gateway.clock.Read());
  replay.Emit(gateway.clock.Read(), world.point);
  EXPECT_TRUE(replay.done());
  EXPECT_EQ(world.bus.published.size(), 3U);
}

TEST_F(ReplayTest, AnEmptyRecordingIsDone) {
  Replay replay({}, {});
  replay.Start(gateway.clock.Read());
  EXPECT_TRUE(replay.done());
  EXPECT_FALSE(replay.NextDue());
}

TEST_F(ReplayTest, RebasesTimesToNow) {
  Replay replay({{ToBytes(TrackLine("a", "1", ToNanoseconds(kRecorded - 3s))), kRecorded}}, {});
  Run(replay);
  const UtcTime now = gateway.clock.Read().utc;
  EXPECT_EQ(world.bus.published[0].times().observed().utc_ns(), ToNanoseconds(now - 3s));
}

TEST_F(ReplayTest, CompletesPartialTimesFromWhenItWasRecorded) {
  AccessPointConfig config = LineConfig("FRA/log");
  config.as_recorded = true;
  World as_recorded(gateway, config);
  as_recorded.Connect("file");
  as_recorded.point.OnReplayed(AsBytes(TrackLine("a", "1", 0)), kRecorded, gateway.clock.Read());
  EXPECT_EQ(as_recorded.bus.published[0].times().observed().utc_ns(), ToNanoseconds(kRecorded));
  world.point.OnReplayed(AsBytes(TrackLine("a", "1", 0)), kRecorded, gateway.clock.Read());
  EXPECT_EQ(world.bus.published[0].times().observed().utc_ns(), ToNanoseconds(gateway.clock.Read().utc));
}

TEST_F(ReplayTest, TakesTheMessagesOwnTimeWhereTheRecordingHasNone) {
  world.point.OnReplayed(AsBytes(TrackLine("a", "1", 1234)), std::nullopt, gateway.clock.Read());
  EXPECT_EQ(world.bus.published[0].times().observed().utc_ns(), ToNanoseconds(gateway.clock.Read().utc));
}

TEST_F(ReplayTest, ALiveConnectionIsNeverRebased) {
  world.Say(TrackLine("a", "1", 1234));
  EXPECT_EQ(world.bus.published[0].times().observed().utc_ns(), 1234);
}

TEST(RebaseTest, MovesEveryTimeByTheSameShift) {
  v1::Envelope message;
  message.mutable_times()->mutable_observed()->set_utc_ns(10);
  message.mutable_times()->mutable_valid_from()->set_utc_ns(11);
  message.mutable_times()->mutable_stale_at()->set_utc_ns(20);
  message.mutable_times()->mutable_sent()->set_utc_ns(12);
  message.set_stale_at_ns(20);
  Rebase(message, 100ns);
  EXPECT_EQ(message.times().observed().utc_ns(), 110);
  EXPECT_EQ(message.times().valid_from().utc_ns(), 111);
  EXPECT_EQ(message.times().stale_at().utc_ns(), 120);
  EXPECT_EQ(message.times().sent().utc_ns(), 112);
  EXPECT_EQ(message.stale_at_ns(), 120);
}

TEST(RebaseTest, StaysWithinWhatNanosecondsCanSay) {
  v1::Envelope message;
  message.set_stale_at_ns(std::numeric_limits<std::int64_t>::max() - 5);
  Rebase(message, 100ns);
  EXPECT_EQ(message.stale_at_ns(), std::numeric_limits<std::int64_t>::max());
  message.mutable_times()->mutable_sent()->set_utc_ns(std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(ShiftToNow(message, std::nullopt, FromNanoseconds(5)), Duration::zero());
}

TEST(RebaseTest, NeverStaleStaysNeverStale) {
  v1::Envelope message;
  Rebase(message, 100ns);
  EXPECT_EQ(message.stale_at_ns(), 0);
}

TEST(ReplayPaceTest, SaysWhatIsWrongWithThePlan) {
  v1::Replay plan;
  EXPECT_THAT(PaceOf(plan).error().Text(), HasSubstr("neither a speed nor an interval"));
  plan.set_speed(std::numeric_limits<double>::quiet_NaN());
  EXPECT_FALSE(PaceOf(plan));
  plan.set_speed(1);
  plan.set_loop(true);
  EXPECT_THAT(PaceOf(plan).error().Text(), HasSubstr("loop"));
  plan.set_interval_ns(5);
  ASSERT_TRUE(PaceOf(plan));
  EXPECT_EQ(PaceOf(plan)->interval, 5ns);
}

TEST(RecordingTest, SaysWhyAFileCannotBeReplayed) {
  adapter::AdapterInfo captures_only = test::LineProtocol();
  captures_only.split_recording = nullptr;
  EXPECT_EQ(ReadRecording(AsBytes("track"), captures_only).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(ReadRecording({}, test::LineProtocol()).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(ReadRecording(FromHex("d4c3b2a1"), test::LineProtocol()).error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(ReadRecording(AsBytes("one\ntwo\n"), test::LineProtocol())->size(), 2U);
}

}  // namespace
}  // namespace entente::gateway
