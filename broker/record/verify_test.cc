// SPDX-License-Identifier: Apache-2.0
#include "broker/record/verify.h"

#include <gmock/gmock.h>

#include "base/io/files.h"
#include "broker/record/log_damage.h"
#include "broker/record/log_reader.h"
#include "broker/record/record_fixture.h"

namespace entente::record {
namespace {

using ::testing::HasSubstr;

constexpr int kBatches = 60;

// A closed log of several segments; each test damages a copy of it.
class VerifyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto log = OpenLog({.directory = folder_.path(), .simulated = true, .segment_octets = 4096}, clock_);
    for (int number = 0; number < kBatches; ++number) ASSERT_TRUE(log->Append(Batch(number)));
    ASSERT_TRUE(log->Close());
    digest_ = log->record_digest();
    segments_ = *ListSegments(folder_.path());
    ASSERT_GE(segments_.size(), 3U);
  }

  [[nodiscard]] std::filesystem::path Path(std::uint32_t number) const { return folder_.path() / SegmentName(number); }

  // Frames in the segments before.
  [[nodiscard]] std::uint64_t FirstFrame(std::uint32_t number) const {
    return (*SegmentReader::Open(Path(number)))->header().first_frame;
  }

  [[nodiscard]] LogFault FaultFound(std::optional<PublicKey> trusted = {}) const {
    const Result<LogVerification> verified = VerifyLog(folder_.path(), trusted);
    EXPECT_TRUE(verified.has_value()) << verified.error().Text();
    EXPECT_TRUE(verified && verified->fault);
    return verified && verified->fault ? *verified->fault : LogFault{};
  }

  VirtualClock clock_{Noon()};
  TemporaryFolder folder_;
  Digest digest_{};
  std::vector<SegmentPath> segments_;
};

TEST_F(VerifyTest, FindsAWholeLogWhole) {
  const Result<LogVerification> verified = VerifyLog(folder_.path());
  ASSERT_TRUE(verified) << verified.error().Text();
  EXPECT_TRUE(verified->whole());
  EXPECT_TRUE(verified->closed);
  EXPECT_EQ(verified->frames, kBatches);
  EXPECT_EQ(verified->signed_frames, kBatches);
  EXPECT_EQ(verified->events, Injects(0, kBatches).size());
  EXPECT_EQ(verified->record_digest, digest_);
}

TEST_F(VerifyTest, NamesTheFrameOfEveryFlippedOctet) {
  const DamagedSegment whole(Path(2));
  for (std::size_t frame = 0; frame < whole.size(); ++frame) {
    const std::size_t size = (frame + 1 < whole.size() ? whole.OffsetOf(frame + 1) : whole.total_octets()) - whole.OffsetOf(frame);
    for (std::size_t octet = 0; octet < size; ++octet) {
      DamagedSegment damaged = whole;
      damaged.FlipOctet(frame, octet);
      damaged.Store();
      const LogFault fault = FaultFound();
      EXPECT_EQ(fault.kind, LogFaultKind::kAltered) << fault.Text();
      EXPECT_EQ(fault.frame, FirstFrame(2) + frame + 1) << fault.Text();
      EXPECT_EQ(fault.offset, whole.OffsetOf(frame));
      EXPECT_EQ(fault.segment, Path(2));
    }
  }
}

TEST_F(VerifyTest, FindsEveryFlippedOctetOfAHeader) {
  const DamagedSegment whole(Path(2));
  for (std::size_t octet = 0; octet < kSegmentHeaderOctets; ++octet) {
    DamagedSegment damaged = whole;
    damaged.FlipHeaderOctet(octet);
    damaged.Store();
    const Result<LogVerification> verified = VerifyLog(folder_.path());
    const bool is_version = octet >= 8 && octet < 12;
    if (is_version) {
      ASSERT_FALSE(verified);
      EXPECT_EQ(verified.error().code, ErrorCode::kUnsupported);
    } else {
      ASSERT_TRUE(verified && verified->fault) << octet;
      EXPECT_EQ(verified->fault->kind, LogFaultKind::kAltered);
    }
  }
}

TEST_F(VerifyTest, NamesTheFrameThatIsMissing) {
  const DamagedSegment whole(Path(2));
  for (std::size_t frame = 0; frame + 1 < whole.size(); ++frame) {
    DamagedSegment damaged = whole;
    damaged.Remove(frame);
    damaged.Store();
    const LogFault fault = FaultFound();
    EXPECT_EQ(fault.kind, LogFaultKind::kMissing) << fault.Text();
    EXPECT_EQ(fault.frame, FirstFrame(2) + frame + 1);
  }
}

TEST_F(VerifyTest, FindsAMissingCheckpoint) {
  DamagedSegment damaged(Path(2));
  damaged.Remove(damaged.size() - 1);
  damaged.Store();
  EXPECT_EQ(FaultFound().kind, LogFaultKind::kMissing);
}

TEST_F(VerifyTest, NamesTheFrameThatWasZeroed) {
  const DamagedSegment whole(Path(2));
  for (std::size_t frame = 0; frame < whole.size(); ++frame) {
    DamagedSegment damaged = whole;
    damaged.Zero(frame);
    damaged.Store();
    EXPECT_EQ(FaultFound().frame, FirstFrame(2) + frame + 1);
  }
}

TEST_F(VerifyTest, NamesTheFirstOfTwoSwappedFrames) {
  const DamagedSegment whole(Path(2));
  for (std::size_t one = 0; one + 2 < whole.size(); ++one) {
    for (std::size_t other = one + 1; other + 1 < whole.size(); ++other) {
      DamagedSegment damaged = whole;
      damaged.Swap(one, other);
      damaged.Store();
      const LogFault fault = FaultFound();
      EXPECT_EQ(fault.kind, LogFaultKind::kMoved) << fault.Text();
      EXPECT_EQ(fault.frame, FirstFrame(2) + one + 1);
    }
  }
}

TEST_F(VerifyTest, FindsAFrameThatStandsThereTwice) {
  DamagedSegment damaged(Path(2));
  damaged.Duplicate(3);
  damaged.Store();
  const LogFault fault = FaultFound();
  EXPECT_EQ(fault.kind, LogFaultKind::kMoved);
  EXPECT_EQ(fault.frame, FirstFrame(2) + 5);
}

TEST_F(VerifyTest, FindsAChangedBodyWhoseChecksumWasRepaired) {
  DamagedSegment damaged(Path(2));
  damaged.ReplaceBody(3, EncodeEvents(Batch(999)));
  damaged.FixChecksum(3);
  damaged.Store();
  const LogFault fault = FaultFound();
  EXPECT_EQ(fault.kind, LogFaultKind::kAltered) << fault.Text();
  EXPECT_EQ(fault.frame, FirstFrame(2) + 4);
}

TEST_F(VerifyTest, FindsAChangedBodyWhoseWholeChainWasRepaired) {
  DamagedSegment damaged(Path(2));
  damaged.ReplaceBody(3, EncodeEvents(Batch(999)));
  damaged.FixChainFrom(3);
  damaged.Store();
  const LogFault fault = FaultFound();
  EXPECT_EQ(fault.kind, LogFaultKind::kUnsigned) << fault.Text();
}

TEST_F(VerifyTest, FindsALogThatSomebodyElseSigned) {
  const TemporaryFolder forged;
  auto log = OpenLog({.directory = forged.path(), .simulated = true, .segment_octets = 4096}, clock_);
  for (int number = 0; number < kBatches; ++number) ASSERT_TRUE(log->Append(Batch(number)));
  ASSERT_TRUE(log->Close());
  std::filesystem::copy_file(forged.path() / SegmentName(2), Path(2), std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(FaultFound().kind, LogFaultKind::kUnsigned);
  const Result<LogVerification> own = VerifyLog(forged.path());
  ASSERT_TRUE(own && own->whole());
  std::filesystem::copy_file(forged.path() / SegmentName(1), Path(1), std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(FaultFound().kind, LogFaultKind::kUnsigned);
}

TEST_F(VerifyTest, TrustsTheKeyItIsToldRatherThanTheFolders) {
  EXPECT_EQ(FaultFound(PublicKey{1, 2, 3}).kind, LogFaultKind::kUnsigned);
}

TEST_F(VerifyTest, FindsAMissingSegment) {
  std::filesystem::remove(Path(2));
  const LogFault fault = FaultFound();
  EXPECT_EQ(fault.kind, LogFaultKind::kMissing);
  EXPECT_THAT(fault.Text(), HasSubstr(SegmentName(2)));
}

TEST_F(VerifyTest, FindsSwappedSegments) {
  std::filesystem::rename(Path(2), folder_.path() / "aside");
  std::filesystem::rename(Path(3), Path(2));
  std::filesystem::rename(folder_.path() / "aside", Path(3));
  EXPECT_EQ(FaultFound().kind, LogFaultKind::kMoved);
}

TEST_F(VerifyTest, SeesThatALogWithoutItsLastSegmentWasNotClosed) {
  std::filesystem::remove(segments_.back().path);
  const Result<LogVerification> verified = VerifyLog(folder_.path());
  ASSERT_TRUE(verified && verified->whole());
  EXPECT_FALSE(verified->closed);
}

TEST_F(VerifyTest, FindsATornTailAtEveryLength) {
  const std::uint32_t last = segments_.back().number;
  const DamagedSegment whole(Path(last));
  const std::size_t begin = whole.OffsetOf(1);
  for (std::size_t octet = begin + 1; octet < whole.OffsetOf(2); ++octet) {
    DamagedSegment damaged = whole;
    damaged.CutAt(octet);
    damaged.Store();
    const LogFault fault = FaultFound();
    EXPECT_EQ(fault.kind, LogFaultKind::kTornTail) << fault.Text();
    EXPECT_EQ(fault.offset, begin);
  }
}

TEST_F(VerifyTest, FindsFramesBehindACheckpoint) {
  DamagedSegment damaged(Path(2));
  Bytes extra;
  AppendFrame(FrameType::kEvents, {}, EncodeEvents(Batch(1)), extra);
  damaged.AppendOctets(extra);
  damaged.Store();
  EXPECT_EQ(FaultFound().kind, LogFaultKind::kAltered);
}

TEST_F(VerifyTest, SaysThatAFolderWithoutARecordHasNone) {
  const TemporaryFolder empty;
  ASSERT_FALSE(VerifyLog(empty.path()));
  EXPECT_EQ(VerifyLog(empty.path()).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(VerifyLog(empty.path() / "nowhere").error().code, ErrorCode::kNotFound);
}

TEST_F(VerifyTest, AReaderStopsAtWhatIsAlteredAndStaysThere) {
  DamagedSegment damaged(Path(2));
  damaged.FlipOctet(3, kFrameHeaderOctets + 2);
  damaged.Store();
  LogReader reader(folder_.path(), {}, {});
  std::uint64_t frames = 0;
  Result<std::optional<ReadEvent>> read = reader.Next();
  while (read && *read) {
    frames = (*read)->next.frame;
    read = reader.Next();
  }
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(frames, FirstFrame(2) + 3);
  EXPECT_FALSE(reader.Next());
}

}  // namespace
}  // namespace entente::record
