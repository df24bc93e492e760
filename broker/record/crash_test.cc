// SPDX-License-Identifier: Apache-2.0
// What a crash and a full disk leave behind, and how the log goes on.

#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <csignal>
#include <future>

#include "base/io/files.h"
#include "broker/record/log_damage.h"
#include "broker/record/log_reader.h"
#include "broker/record/record_fixture.h"
#include "broker/record/verify.h"

namespace entente::record {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CrashTest : public ::testing::Test {
 protected:
  SegmentLogOptions Options() const { return {.directory = folder_.path(), .simulated = true, .segment_octets = 16UL * 1024}; }

  // The log of a writer that was stopped after these batches: no final checkpoint.
  void WriteAndStop(int batches) {
    auto log = OpenLog(Options(), clock_);
    for (int number = 0; number < batches; ++number) ASSERT_TRUE(log->Append(Batch(number)));
    ASSERT_TRUE(log->Flush());
    const Bytes as_crashed = *ReadFile(Path());
    log.reset();
    ASSERT_TRUE(WriteFile(Path(), AsText(as_crashed)));
  }

  [[nodiscard]] std::filesystem::path Path() const { return folder_.path() / SegmentName(1); }

  std::vector<std::string> All() {
    LogReader reader(folder_.path(), {}, {});
    return ReadAll(reader);
  }

  VirtualClock clock_{Noon()};
  TemporaryFolder folder_;
};

TEST_F(CrashTest, GoesOnInTheSameSegmentWhenNothingIsTorn) {
  WriteAndStop(5);
  auto log = OpenLog(Options(), clock_);
  EXPECT_THAT(log->notices(), IsEmpty());
  ASSERT_TRUE(log->Append(Batch(5)));
  ASSERT_TRUE(log->Close());
  EXPECT_THAT(All(), ElementsAreArray(Injects(0, 6)));
  EXPECT_THAT(*ListSegments(folder_.path()), SizeIs(1));
  EXPECT_TRUE(VerifyLog(folder_.path())->whole());
}

TEST_F(CrashTest, CutsATornTailAtEveryLengthKeepsItAndSaysSo) {
  WriteAndStop(3);
  const DamagedSegment whole(Path());
  const Bytes octets = *ReadFile(Path());
  const std::size_t begin = whole.OffsetOf(2);
  for (std::size_t octet = begin + 1; octet < whole.total_octets(); ++octet) {
    DamagedSegment damaged = whole;
    damaged.CutAt(octet);
    damaged.Store();
    auto log = OpenLog(Options(), clock_);
    ASSERT_THAT(log->notices(), SizeIs(1));
    const TailNotice& notice = log->notices().front();
    EXPECT_EQ(notice.offset, begin);
    EXPECT_FALSE(notice.whole_frame_after);
    Bytes kept = *ReadFile(notice.kept_in);
    kept.resize(octet - begin);  // zeros at its end were not kept
    EXPECT_EQ(kept, ToBytes(ByteView(octets).subspan(begin, octet - begin)));
    ASSERT_TRUE(log->Append(Batch(7)));
    ASSERT_TRUE(log->Close());
    std::vector<std::string> expected = Injects(0, 2);
    for (const std::string& inject : Injects(7, 8)) expected.push_back(inject);
    EXPECT_THAT(All(), ElementsAreArray(expected));
    EXPECT_TRUE(VerifyLog(folder_.path())->whole());
  }
}

TEST_F(CrashTest, SaysWhenWholeFramesStoodBehindTheCut) {
  WriteAndStop(5);
  DamagedSegment damaged(Path());
  damaged.FlipOctet(2, kFrameHeaderOctets + 1);
  damaged.Store();
  auto log = OpenLog(Options(), clock_);
  ASSERT_THAT(log->notices(), SizeIs(1));
  EXPECT_TRUE(log->notices().front().whole_frame_after) << log->notices().front().Text();
  EXPECT_EQ(log->end(), (Cursor{2, 0}));
}

TEST_F(CrashTest, NeverTakesAFrameOfAnotherPlaceForWhole) {
  WriteAndStop(5);
  DamagedSegment damaged(Path());
  damaged.Remove(2);
  damaged.Store();
  auto log = OpenLog(Options(), clock_);
  ASSERT_THAT(log->notices(), SizeIs(1));
  EXPECT_TRUE(log->notices().front().whole_frame_after);
  EXPECT_EQ(log->end(), (Cursor{2, 0}));
}

TEST_F(CrashTest, ForgetsASegmentThatWasNeverBegun) {
  WriteAndStop(3);
  ASSERT_TRUE(OpenLog(Options(), clock_)->Close());
  ASSERT_TRUE(WriteFile(folder_.path() / SegmentName(2), std::string(4096, '\0')));
  auto log = OpenLog(Options(), clock_);
  EXPECT_EQ(log->end(), (Cursor{3, 0}));
  ASSERT_TRUE(log->Append(Batch(3)));
  ASSERT_TRUE(log->Close());
  EXPECT_THAT(All(), ElementsAreArray(Injects(0, 4)));
  EXPECT_TRUE(VerifyLog(folder_.path())->whole());
}

// Files of this process may not grow beyond a size: writing really fails, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t octets) {
    before_ = std::signal(SIGXFSZ, SIG_IGN);
    ENTENTE_INVARIANT(::getrlimit(RLIMIT_FSIZE, &old_) == 0);
    const rlimit limited{octets, old_.rlim_max};
    ENTENTE_INVARIANT(::setrlimit(RLIMIT_FSIZE, &limited) == 0);
  }
  ~FileSizeLimit() {
    ENTENTE_INVARIANT(::setrlimit(RLIMIT_FSIZE, &old_) == 0);
    std::signal(SIGXFSZ, before_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_{};
  void (*before_)(int) = SIG_DFL;
};

class FullDiskTest : public ::testing::TestWithParam<bool> {
 protected:
  // What a file may hold, and a text that does not fit into it.
  static constexpr std::size_t kRoom = 64UL * 1024;
  static constexpr std::size_t kText = 100UL * 1024;

  VirtualClock clock_{Noon()};
  TemporaryFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Modes, FullDiskTest, ::testing::Values(false, true),
                         [](const auto& mode) { return mode.param ? "Simulated" : "Live"; });

TEST_P(FullDiskTest, RefusesWhatDoesNotFitAndGoesOnWhenThereIsRoomAgain) {
  auto log = OpenLog({.directory = folder_.path(), .simulated = GetParam()}, clock_);
  {
    const FileSizeLimit limit(kRoom);
    ASSERT_TRUE(log->Append(Batch(0)));
    ASSERT_TRUE(log->Flush());
    for (int again = 0; again < 3; ++again) {
      const Status refused = log->Append(std::vector{InjectEvent(1, kText)});
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().code, ErrorCode::kExhausted);
      EXPECT_THAT(refused.error().advice, ::testing::HasSubstr("space"));
    }
    EXPECT_EQ(log->end(), (Cursor{1, 0}));
    ASSERT_TRUE(log->Append(Batch(1))) << "what fits is still taken";
  }
  ASSERT_TRUE(log->Append(std::vector{InjectEvent(30, kText)}));
  ASSERT_TRUE(log->Close());
  LogReader reader(folder_.path(), {}, {});
  std::vector<std::string> expected = Injects(0, 2);
  expected.emplace_back("inject-30");
  EXPECT_THAT(ReadAll(reader), ElementsAreArray(expected));
  EXPECT_TRUE(VerifyLog(folder_.path())->whole());
}

// The space of a segment was taken, and then the file system takes no more octets for it.
TEST_P(FullDiskTest, KeepsWhatItTookAndWritesItWhenTheDiskTakesItAgain) {
  auto log = OpenLog({.directory = folder_.path(), .simulated = GetParam(), .segment_octets = 4 * kRoom}, clock_);
  ASSERT_TRUE(log->Append(Batch(0)));
  ASSERT_TRUE(log->Flush());
  std::promise<bool> durable;
  {
    const FileSizeLimit limit(kRoom);
    ASSERT_TRUE(
        log->Append(std::vector{InjectEvent(30, kText)}, [&](const Status& status) { durable.set_value(status.has_value()); }));
    const Status flushed = log->Flush();
    ASSERT_FALSE(flushed);
    EXPECT_EQ(flushed.error().code, ErrorCode::kExhausted);
    const Status refused = log->Append(Batch(1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kExhausted);
    auto reader = log->Tail({}, {});
    EXPECT_THAT(ReadAll(**reader), ElementsAreArray(Injects(0, 1))) << "half-written frames are not read";
  }
  ASSERT_TRUE(log->Append(Batch(1)));
  ASSERT_TRUE(log->Close());
  EXPECT_TRUE(durable.get_future().get());
  LogReader reader(folder_.path(), {}, {});
  EXPECT_THAT(ReadAll(reader), ElementsAreArray({"inject-0", "inject-30", "inject-10", "inject-11"}));
  EXPECT_TRUE(VerifyLog(folder_.path())->whole());
}

TEST_P(FullDiskTest, TakesNothingHalfWrittenForWholeAfterwards) {
  {
    auto log = OpenLog({.directory = folder_.path(), .simulated = GetParam(), .segment_octets = 4 * kRoom}, clock_);
    ASSERT_TRUE(log->Append(Batch(0)));
    ASSERT_TRUE(log->Flush());
    const FileSizeLimit limit(kRoom);
    std::optional<bool> durable;
    ASSERT_TRUE(log->Append(std::vector{InjectEvent(30, kText)}, [&](const Status& status) { durable = status.has_value(); }));
    EXPECT_FALSE(log->Close());
    log.reset();
    EXPECT_EQ(durable, false);
  }
  auto log = OpenLog({.directory = folder_.path(), .simulated = GetParam()}, clock_);
  ASSERT_THAT(log->notices(), SizeIs(1));
  EXPECT_EQ(log->end(), (Cursor{1, 0}));
  ASSERT_TRUE(log->Append(Batch(1)));
  ASSERT_TRUE(log->Close());
  LogReader reader(folder_.path(), {}, {});
  EXPECT_THAT(ReadAll(reader), ElementsAreArray(Injects(0, 2)));
}

// A file system of its own of 1 MiB, where the machine allows to mount one.
class SmallFileSystem {
 public:
  SmallFileSystem() { mounted_ = ::mount("none", folder_.path().c_str(), "tmpfs", 0, "size=1m") == 0; }
  ~SmallFileSystem() {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  SmallFileSystem(const SmallFileSystem&) = delete;
  SmallFileSystem& operator=(const SmallFileSystem&) = delete;
  [[nodiscard]] bool mounted() const { return mounted_; }
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  bool mounted_ = false;
};

TEST_P(FullDiskTest, FillsASmallFileSystemToTheEndAndGoesOn) {
  const SmallFileSystem disk;
  if (!disk.mounted()) GTEST_SKIP() << "mounting a file system needs rights that this test does not have";
  const std::filesystem::path ballast = disk.path() / "ballast";
  ASSERT_TRUE(WriteFile(ballast, std::string(200UL * 1024, 'x')));
  auto log = OpenLog({.directory = disk.path() / "record", .simulated = GetParam()}, clock_);
  int taken = 0;
  Status appended;
  while ((appended = log->Append(std::vector{InjectEvent(taken, 5000)}))) ++taken;
  EXPECT_EQ(appended.error().code, ErrorCode::kExhausted);
  EXPECT_GT(taken, 100) << "the last of the disk is used, in smaller segments";
  ASSERT_TRUE(log->Flush());
  std::filesystem::remove(ballast);
  for (int more = 0; more < 10; ++more) ASSERT_TRUE(log->Append(std::vector{InjectEvent(taken++, 5000)}));
  ASSERT_TRUE(log->Close());
  LogReader reader(disk.path() / "record", {}, {});
  EXPECT_THAT(ReadAll(reader), SizeIs(static_cast<std::size_t>(taken)));
  EXPECT_TRUE(VerifyLog(disk.path() / "record")->whole());
}

}  // namespace
}  // namespace entente::record
