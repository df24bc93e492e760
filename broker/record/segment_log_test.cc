// SPDX-License-Identifier: Apache-2.0
#include "broker/record/segment_log.h"

#include <gmock/gmock.h>

#include <future>
#include <map>

#include "base/invariant.h"
#include "base/io/files.h"
#include "broker/record/log_reader.h"
#include "broker/record/record_fixture.h"

namespace entente::record {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SegmentLogTest : public ::testing::TestWithParam<bool> {
 protected:
  SegmentLogOptions Options(const std::string& folder = "record") const {
    return {.directory = folder_.path() / folder, .simulated = GetParam(), .segment_octets = 4096};
  }

  VirtualClock clock_{Noon()};
  TemporaryFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Modes, SegmentLogTest, ::testing::Values(false, true),
                         [](const auto& mode) { return mode.param ? "Simulated" : "Live"; });

TEST_P(SegmentLogTest, ReadsBackWhatWasAppendedInOrder) {
  auto log = OpenLog(Options(), clock_);
  for (int number = 0; number < 200; ++number) ASSERT_TRUE(log->Append(Batch(number)));
  ASSERT_TRUE(log->Flush());
  auto reader = log->Tail({}, {});
  ASSERT_TRUE(reader);
  EXPECT_THAT(ReadAll(**reader), ElementsAreArray(Injects(0, 200)));
  EXPECT_EQ((*reader)->cursor(), log->end());
  EXPECT_FALSE((*reader)->Ended());
  ASSERT_TRUE(log->Close());
  EXPECT_THAT(ReadAll(**reader), IsEmpty());
  EXPECT_TRUE((*reader)->Ended());
}

TEST_P(SegmentLogTest, FollowsAGrowingLog) {
  auto log = OpenLog(Options(), clock_);
  auto reader = log->Tail({}, {});
  ASSERT_TRUE(reader);
  EXPECT_THAT(ReadAll(**reader), IsEmpty());
  for (int number = 0; number < 100; ++number) {
    ASSERT_TRUE(log->Append(Batch(number)));
    ASSERT_TRUE(log->Flush());
    EXPECT_TRUE(log->AwaitMore((*reader)->cursor(), std::chrono::milliseconds(0)));
    EXPECT_THAT(ReadAll(**reader), ElementsAreArray(Injects(number, number + 1)));
  }
  EXPECT_FALSE(log->AwaitMore((*reader)->cursor(), std::chrono::milliseconds(0)));
}

TEST_P(SegmentLogTest, ReadsFromAnyCursor) {
  auto log = OpenLog(Options(), clock_);
  for (int number = 0; number < 60; ++number) ASSERT_TRUE(log->Append(Batch(number)));
  ASSERT_TRUE(log->Flush());
  std::vector<Cursor> cursors{Cursor{}};
  auto reader = log->Tail({}, {});
  const std::vector<std::string> all = Injects(0, 60);
  for (std::size_t i = 0; i < all.size(); ++i) cursors.push_back((**(*reader)->Next()).next);
  for (std::size_t i = 0; i < cursors.size(); ++i) {
    auto again = log->Tail(cursors[i], {});
    EXPECT_THAT(ReadAll(**again), ElementsAreArray(all.begin() + static_cast<std::ptrdiff_t>(i), all.end()));
  }
}

TEST_P(SegmentLogTest, HoldsBackWhatTheFilterDoesNotAdmit) {
  auto log = OpenLog(Options(), clock_);
  for (int number = 0; number < 10; ++number) {
    std::vector<v1::RecordEvent> batch = Batch(number);
    v1::RecordEvent& state = batch.emplace_back();
    state.set_writer("broker");
    state.mutable_node_attached()->set_node("DEU/brigade");
    ASSERT_TRUE(log->Append(batch));
  }
  ASSERT_TRUE(log->Flush());
  auto by_event = log->Tail({}, {.events = {v1::RecordEvent::kInjectFired}, .writers = {}});
  EXPECT_THAT(ReadAll(**by_event), ElementsAreArray(Injects(0, 10)));
  EXPECT_EQ((*by_event)->cursor(), log->end());
  auto by_writer = log->Tail({}, {.events = {}, .writers = {"broker"}});
  EXPECT_THAT(ReadAll(**by_writer), SizeIs(10));
}

TEST_P(SegmentLogTest, GoesOnAfterReopening) {
  Digest head{};
  {
    auto log = OpenLog(Options(), clock_);
    for (int number = 0; number < 70; ++number) ASSERT_TRUE(log->Append(Batch(number)));
    ASSERT_TRUE(log->Close());
    head = log->head();
  }
  auto log = OpenLog(Options(), clock_);
  EXPECT_THAT(log->notices(), IsEmpty());
  EXPECT_EQ(log->head(), head);
  for (int number = 70; number < 90; ++number) ASSERT_TRUE(log->Append(Batch(number)));
  ASSERT_TRUE(log->Flush());
  auto reader = log->Tail({}, {});
  EXPECT_THAT(ReadAll(**reader), ElementsAreArray(Injects(0, 90)));
}

TEST_P(SegmentLogTest, DigestIsTheSameWhateverTimeFolderAndSegmentSize) {
  auto first = OpenLog(Options("first"), clock_);
  SegmentLogOptions other = Options("second");
  other.segment_octets = 64UL * 1024;
  other.simulated = !other.simulated;
  VirtualClock later(Noon() + std::chrono::hours(7));
  auto second = OpenLog(other, later);
  for (int number = 0; number < 100; ++number) {
    ASSERT_TRUE(first->Append(Batch(number)));
    ASSERT_TRUE(second->Append(Batch(number)));
    EXPECT_EQ(first->record_digest(), second->record_digest());
  }
  const Digest before = first->record_digest();
  ASSERT_TRUE(first->Append(Batch(100)));
  EXPECT_NE(first->record_digest(), before);
}

TEST_P(SegmentLogTest, DigestDependsOnTheEventsAndTheirBatches) {
  auto one = OpenLog(Options("one"), clock_);
  auto two = OpenLog(Options("two"), clock_);
  const std::vector<v1::RecordEvent> events = Batch(2);
  ASSERT_TRUE(one->Append(events));
  ASSERT_TRUE(two->Append(std::span(events).first(1)));
  ASSERT_TRUE(two->Append(std::span(events).subspan(1)));
  EXPECT_NE(one->record_digest(), two->record_digest());
}

TEST_P(SegmentLogTest, SaysWhenAFrameIsDurable) {
  auto log = OpenLog(Options(), clock_);
  std::promise<bool> durable;
  ASSERT_TRUE(log->Append(Batch(0), [&](const Status& status) { durable.set_value(status.has_value()); }));
  ASSERT_TRUE(!GetParam() || log->Flush());
  EXPECT_TRUE(durable.get_future().get());
  EXPECT_EQ(log->end(), (Cursor{1, 0}));
}

TEST_P(SegmentLogTest, AFrameLargerThanASegmentHasOneOfItsOwn) {
  auto log = OpenLog(Options(), clock_);
  ASSERT_TRUE(log->Append(Batch(0)));
  ASSERT_TRUE(log->Append(std::vector{InjectEvent(10, 100'000)}));
  ASSERT_TRUE(log->Append(Batch(2)));
  ASSERT_TRUE(log->Close());
  LogReader reader(Options().directory, {}, {});
  EXPECT_THAT(ReadAll(reader), ElementsAreArray({"inject-0", "inject-10", "inject-20", "inject-21", "inject-22"}));
  EXPECT_TRUE(reader.Ended());
}

TEST_P(SegmentLogTest, RefusesABatchLargerThanAFrameMayBe) {
  auto log = OpenLog(Options(), clock_);
  const Status refused = log->Append(std::vector{InjectEvent(1, kBodyLimitOctets)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(log->Append(Batch(0)));
  EXPECT_EQ(log->end(), (Cursor{1, 0}));
}

TEST_P(SegmentLogTest, RefusesToAppendOnceClosed) {
  auto log = OpenLog(Options(), clock_);
  ASSERT_TRUE(log->Close());
  ASSERT_TRUE(log->Close());
  const Status refused = log->Append(Batch(0));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  LogReader reader(Options().directory, {}, {});
  EXPECT_THAT(ReadAll(reader), IsEmpty());
  EXPECT_TRUE(reader.Ended());
}

TEST_P(SegmentLogTest, RefusesASecondWriterOfTheSameFolder) {
  auto log = OpenLog(Options(), clock_);
  const auto second = SegmentLog::Open(Options(), clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kAlreadyExists);
}

TEST_P(SegmentLogTest, RefusesAnUnknownVersion) {
  ASSERT_TRUE(OpenLog(Options(), clock_)->Append(Batch(0)));
  const std::filesystem::path path = Options().directory / SegmentName(1);
  Bytes octets = *ReadFile(path);
  octets[8] = 2;
  ASSERT_TRUE(WriteFile(path, AsText(octets)));
  const auto refused = SegmentLog::Open(Options(), clock_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(refused.error().Text(), HasSubstr("version 2"));
}

TEST_P(SegmentLogTest, RefusesAKeyThatIsNone) {
  ASSERT_TRUE(OpenLog(Options(), clock_)->Close());
  ASSERT_TRUE(WriteFile(Options().directory / kPrivateKeyFile, "not a key"));
  const auto refused = SegmentLog::Open(Options(), clock_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kDataLoss);
}

TEST_P(SegmentLogTest, KeepsItsPrivateKeyPrivate) {
  ASSERT_TRUE(OpenLog(Options(), clock_)->Close());
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(Options().directory / kPrivateKeyFile).permissions(), perms::owner_read | perms::owner_write);
}

// With one key, even the signatures are the same: Ed25519 has no chance in it.
TEST(SegmentLogModes, LiveAndSimulatedWriteTheSameOctets) {
  const VirtualClock clock(Noon());
  const TemporaryFolder folder;
  const auto options = [&](bool simulated) {
    return SegmentLogOptions{
        .directory = folder.path() / (simulated ? "simulated" : "live"), .simulated = simulated, .segment_octets = 4096};
  };
  ASSERT_TRUE(MakeDirectories(options(true).directory));
  ASSERT_TRUE(MakeDirectories(options(false).directory));
  ASSERT_TRUE(SigningKey::LoadOrMake(options(true).directory));
  std::filesystem::copy_file(options(true).directory / kPrivateKeyFile, options(false).directory / kPrivateKeyFile);
  for (const bool simulated : {false, true}) {
    auto log = OpenLog(options(simulated), clock);
    for (int number = 0; number < 100; ++number) ASSERT_TRUE(log->Append(Batch(number)));
    ASSERT_TRUE(log->Close());
  }
  const std::vector<SegmentPath> segments = *ListSegments(options(true).directory);
  EXPECT_THAT(*ListSegments(options(false).directory), SizeIs(segments.size()));
  for (const SegmentPath& segment : segments) {
    EXPECT_EQ(*ReadFile(segment.path), *ReadFile(options(false).directory / SegmentName(segment.number)));
  }
}

TEST(SegmentLogThreads, KeepsEachWritersOrderAndLosesNothing) {
  constexpr int kWriters = 4;
  constexpr int kEach = 500;
  const VirtualClock clock(Noon());
  const TemporaryFolder folder;
  auto log = OpenLog({.directory = folder.path(), .segment_octets = 16UL * 1024}, clock);
  std::atomic<int> durable = 0;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int number = 0; number < kEach; ++number) {
        v1::RecordEvent event = InjectEvent(number);
        event.set_writer(std::to_string(writer));
        EXPECT_TRUE(log->Append(std::span(&event, 1), [&](const Status& status) { durable += status ? 1 : 0; }));
      }
    });
  }
  auto reader = log->Tail({}, {});
  std::map<std::string, int> next;
  for (int seen = 0; seen < kWriters * kEach;) {
    Result<std::optional<ReadEvent>> read = (*reader)->Next();
    ASSERT_TRUE(read) << read.error().Text();
    if (!*read) {
      log->AwaitMore((*reader)->cursor(), std::chrono::milliseconds(100));
      continue;
    }
    ++seen;
    EXPECT_EQ((*read)->event.inject_fired().inject(), "inject-" + std::to_string(next[(*read)->event.writer()]++));
  }
  for (std::thread& writer : writers) writer.join();
  ASSERT_TRUE(log->Close());
  EXPECT_EQ(durable, kWriters * kEach);
}

TEST(SegmentLogThreads, WaitsForRoomWhenTheDiskLagsBehind) {
  const VirtualClock clock(Noon());
  const TemporaryFolder folder;
  auto log = OpenLog({.directory = folder.path(), .backlog_octets = 1024}, clock);
  for (int number = 0; number < 300; ++number) ASSERT_TRUE(log->Append(Batch(number)));
  ASSERT_TRUE(log->Close());
  LogReader reader(folder.path(), {}, {});
  EXPECT_THAT(ReadAll(reader), ElementsAreArray(Injects(0, 300)));
}

}  // namespace
}  // namespace entente::record
