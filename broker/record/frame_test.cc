// SPDX-License-Identifier: Apache-2.0
// The octets of FORMAT.md, counted by hand.
#include "broker/record/frame.h"

#include <gmock/gmock.h>

#include "base/byte_reader.h"
#include "broker/record/crc32c.h"
#include "broker/record/record_fixture.h"

namespace entente::record {
namespace {

using ::testing::SizeIs;

Bytes Join(ByteView first, ByteView second) {
  Bytes joined = ToBytes(first);
  joined.insert(joined.end(), second.begin(), second.end());
  return joined;
}

SegmentHeader ExampleHeader() {
  return {.number = 7,
          .first_frame = 0x0102030405060708,
          .head = Sha256(AsBytes("head")),
          .created_utc_ns = -2,
          .public_key = Sha256(AsBytes("key"))};
}

TEST(Frame, HasTheOctetsOfTheFormat) {
  const Digest previous = Sha256(AsBytes("the frame before"));
  const Bytes body = EncodeEvents(Batch(2));
  Bytes frame;
  const Digest hash = AppendFrame(FrameType::kEvents, previous, body, frame);
  EXPECT_EQ(hash, Sha256(Join(previous, body)));
  ByteReader in(frame);
  EXPECT_EQ(in.U32Le(), body.size());
  EXPECT_EQ(in.U32Le(), 1U);
  const std::uint32_t crc = in.U32Le();
  EXPECT_EQ(ToBytes(in.Take(32)), ToBytes(hash));
  EXPECT_EQ(ToBytes(in.Take(body.size())), body);
  EXPECT_EQ(in.remaining(), 0U);
  EXPECT_EQ(crc, Crc32c(Join(ByteView(frame).first(8), ByteView(frame).subspan(12))));
}

TEST(Frame, BodyIsTheWireFormOfARepeatedField) {
  const std::vector<v1::RecordEvent> events = Batch(2);
  Bytes expected;
  for (const v1::RecordEvent& event : events) {
    const std::string octets = event.SerializeAsString();
    ASSERT_LT(octets.size(), 128U);
    expected.push_back(0x0A);
    expected.push_back(static_cast<std::uint8_t>(octets.size()));
    expected.insert(expected.end(), octets.begin(), octets.end());
  }
  EXPECT_EQ(EncodeEvents(events), expected);
  const Result<std::vector<v1::RecordEvent>> decoded = DecodeEvents(expected);
  ASSERT_TRUE(decoded);
  ASSERT_THAT(*decoded, SizeIs(events.size()));
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ((*decoded)[i].SerializeAsString(), events[i].SerializeAsString());
}

TEST(Frame, RefusesABodyCutShortAnywhere) {
  const Bytes body = EncodeEvents(Batch(0));
  for (std::size_t length = 1; length < body.size(); ++length) {
    EXPECT_FALSE(DecodeEvents(ByteView(body).first(length))) << length;
  }
}

TEST(Frame, RefusesABodyThatIsNoBatch) {
  EXPECT_FALSE(DecodeEvents(AsBytes("\x12\x01x")));
  EXPECT_FALSE(DecodeEvents(AsBytes("\x0A\x02\xFF\xFF")));
  EXPECT_FALSE(DecodeEvents(Bytes{0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F}));
}

TEST(SegmentHeader, HasTheOctetsOfTheFormat) {
  const SegmentHeader header = ExampleHeader();
  const Bytes octets = EncodeSegmentHeader(header);
  ASSERT_THAT(octets, SizeIs(128));
  ByteReader in(octets);
  EXPECT_EQ(AsText(in.Take(8)), "ENTENTE\n");
  EXPECT_EQ(in.U32Le(), 1U);
  EXPECT_EQ(in.U32Le(), 7U);
  EXPECT_EQ(in.U64Le(), 0x0102030405060708U);
  EXPECT_EQ(ToBytes(in.Take(32)), ToBytes(header.head));
  EXPECT_EQ(in.U64Le(), 0xFFFFFFFFFFFFFFFEU);
  EXPECT_EQ(ToBytes(in.Take(32)), ToBytes(header.public_key));
  EXPECT_EQ(ToBytes(in.Take(28)), Bytes(28, 0));
  EXPECT_EQ(in.U32Le(), Crc32c(ByteView(octets).first(124)));
  EXPECT_EQ(ParseSegmentHeader(octets, "here"), header);
}

TEST(SegmentHeader, RefusesEveryCut) {
  const Bytes octets = EncodeSegmentHeader(ExampleHeader());
  for (std::size_t length = 1; length < octets.size(); ++length) {
    const auto parsed = ParseSegmentHeader(ByteView(octets).first(length), "here");
    ASSERT_FALSE(parsed) << length;
    EXPECT_EQ(parsed.error().code, ErrorCode::kDataLoss);
    EXPECT_EQ(parsed.error().where, "here");
  }
}

TEST(SegmentHeader, OfZerosIsNotBegun) {
  const auto parsed = ParseSegmentHeader(Bytes(128, 0), "here");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, std::nullopt);
}

TEST(Checkpoint, ComesBackAndRefusesAnotherLength) {
  Checkpoint checkpoint{.frames = 99, .head = Sha256(AsBytes("x")), .utc_ns = 5, .closes = true, .signature = {}};
  checkpoint.signature.fill(0xAB);
  const Bytes octets = EncodeCheckpoint(checkpoint);
  ASSERT_THAT(octets, SizeIs(kCheckpointOctets));
  EXPECT_EQ(ParseCheckpoint(octets), checkpoint);
  EXPECT_EQ(ParseCheckpoint(ByteView(octets).first(kCheckpointOctets - 1)), std::nullopt);
  Bytes longer = octets;
  longer.push_back(0);
  EXPECT_EQ(ParseCheckpoint(longer), std::nullopt);
  Bytes neither = octets;
  neither[48] = 2;
  EXPECT_EQ(ParseCheckpoint(neither), std::nullopt);
  EXPECT_EQ(AsText(SignedPart(checkpoint)).substr(0, 21), "entente checkpoint 1\n");
}

}  // namespace
}  // namespace entente::record
