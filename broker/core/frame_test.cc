// SPDX-License-Identifier: Apache-2.0
#include "broker/core/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/core/test_envelope.h"

namespace entente::broker {
namespace {

constexpr std::size_t kLimit = 1024 * 1024;

v1::ClientFrame MixedFrame() {
  v1::ClientFrame frame;
  frame.add_envelope("first");
  frame.add_envelope(std::string(300, 'x'));
  frame.add_envelope("");
  frame.mutable_credit()->set_octets(5);
  frame.add_acknowledgement()->set_delivery(7);
  return frame;
}

TEST(FrameTest, SplitsEnvelopesFromTheRest) {
  const Bytes octets = testing::Octets(MixedFrame());
  FrameParts parts;
  ASSERT_TRUE(SplitFrame(octets, kLimit, parts));
  ASSERT_EQ(parts.envelopes.size(), 3U);
  EXPECT_EQ(AsText(parts.envelopes[0].envelope), "first");
  EXPECT_EQ(parts.envelopes[1].record.size(), RecordOctets(300));
  EXPECT_TRUE(parts.envelopes[2].envelope.empty());
  v1::ClientFrame control;
  ASSERT_TRUE(control.ParseFromString(parts.control));
  EXPECT_EQ(control.credit().octets(), 5U);
  EXPECT_EQ(control.acknowledgement(0).delivery(), 7U);
  EXPECT_EQ(control.envelope_size(), 0);
}

TEST(FrameTest, ConcatenatedRecordsAreAFrame) {
  const Bytes octets = testing::Octets(MixedFrame());
  FrameParts parts;
  ASSERT_TRUE(SplitFrame(octets, kLimit, parts));
  Bytes joined;
  for (const EnvelopeRecord& record : parts.envelopes) joined.insert(joined.end(), record.record.begin(), record.record.end());
  Bytes appended;
  for (const EnvelopeRecord& record : parts.envelopes) AppendRecord(appended, record.envelope);
  EXPECT_EQ(joined, appended);
  v1::BrokerFrame out;
  out.set_first_delivery(3);
  AppendControl(joined, out);
  ASSERT_TRUE(out.ParseFromArray(joined.data(), static_cast<int>(joined.size())));
  EXPECT_EQ(out.envelope(0), "first");
  EXPECT_EQ(out.first_delivery(), 3U);
}

TEST(FrameTest, RefusesTruncationTooManyFieldsAndTooManyOctets) {
  const Bytes octets = testing::Octets(MixedFrame());
  FrameParts parts;
  EXPECT_FALSE(SplitFrame(ByteView(octets).first(octets.size() - 1), kLimit, parts));
  const Status large = SplitFrame(octets, 10, parts);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kExhausted);
  Bytes many;
  for (std::size_t i = 0; i <= kFrameFields; ++i) AppendRecord(many, {});
  const Status status = SplitFrame(many, kLimit, parts);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().what, ::testing::HasSubstr("16384 fields"));
}

TEST(FrameTest, RefusesAnEnvelopeThatIsANumber) {
  FrameParts parts;
  EXPECT_FALSE(SplitFrame(FromHex("0801"), kLimit, parts));
}

TEST(FrameTest, GoodbyeSaysWhy) {
  v1::BrokerFrame frame;
  const Bytes octets = GoodbyeFrame("ENDEX");
  ASSERT_TRUE(frame.ParseFromArray(octets.data(), static_cast<int>(octets.size())));
  EXPECT_EQ(frame.goodbye().reason(), "ENDEX");
}

}  // namespace
}  // namespace entente::broker
