// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <limits>

#include "base/bit_reader.h"
#include "base/bit_writer.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/prng.h"

namespace entente {
namespace {

TEST(ByteReader, ReadsBothByteOrders) {
  const Bytes octets = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};
  EXPECT_EQ(ByteReader(octets).U8(), 0x01);
  EXPECT_EQ(ByteReader(octets).U16Be(), 0x0102);
  EXPECT_EQ(ByteReader(octets).U16Le(), 0x0201);
  EXPECT_EQ(ByteReader(octets).U32Be(), 0x01020304U);
  EXPECT_EQ(ByteReader(octets).U32Le(), 0x04030201U);
  EXPECT_EQ(ByteReader(octets).U64Be(), 0x0102030405060708ULL);
  EXPECT_EQ(ByteReader(octets).U64Le(), 0x0807060504030201ULL);
}

TEST(ByteReader, ReadsIeeeNumbers) {
  EXPECT_EQ(ByteReader(FromHex("3fc00000")).F32Be(), 1.5F);
  EXPECT_EQ(ByteReader(FromHex("c009000000000000")).F64Be(), -3.125);
}

TEST(ByteReader, KeepsTheFirstFailure) {
  const Bytes octets = {0xAA, 0xBB, 0xCC};
  ByteReader reader(octets);
  EXPECT_EQ(reader.U16Be(), 0xAABB);
  EXPECT_EQ(reader.U16Be(), 0);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.failed_at(), 2U);
  EXPECT_EQ(reader.U8(), 0) << "the octet is there, but the reader has failed already";
  EXPECT_EQ(reader.failed_at(), 2U);
  EXPECT_EQ(reader.remaining(), 0U);
}

TEST(ByteReader, TakesAndSkipsNoMoreThanThereIs) {
  const Bytes octets = {1, 2, 3, 4};
  ByteReader reader(octets);
  EXPECT_EQ(ToBytes(reader.Take(2)), (Bytes{1, 2}));
  reader.Skip(1);
  EXPECT_EQ(reader.offset(), 3U);
  EXPECT_TRUE(reader.Take(std::numeric_limits<std::size_t>::max()).empty());
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, ReadsVarintsOfUpToTenOctets) {
  EXPECT_EQ(ByteReader(FromHex("00")).Varint(), 0U);
  EXPECT_EQ(ByteReader(FromHex("ac02")).Varint(), 300U);
  EXPECT_EQ(ByteReader(FromHex("ffffffffffffffffff01")).Varint(), std::numeric_limits<std::uint64_t>::max());
  const Bytes too_long = FromHex("8080808080808080808000");
  ByteReader reader(too_long);
  EXPECT_EQ(reader.Varint(), 0U);
  EXPECT_FALSE(reader.ok());
  const Bytes cut_off = FromHex("80");
  ByteReader cut(cut_off);
  cut.Varint();
  EXPECT_FALSE(cut.ok());
}

TEST(ByteWriter, WritesWhatTheReaderReads) {
  ByteWriter writer;
  writer.U8(1);
  writer.U16Be(0x0203);
  writer.U16Le(0x0203);
  writer.U32Be(0x04050607);
  writer.U32Le(0x04050607);
  writer.U64Be(0x08090A0B0C0D0E0FULL);
  writer.U64Le(0x08090A0B0C0D0E0FULL);
  writer.F32Be(-0.25F);
  writer.F64Be(1e300);
  writer.Varint(300);
  writer.Text("end");
  writer.Zeros(2);
  ByteReader reader(writer.view());
  EXPECT_EQ(reader.U8(), 1);
  EXPECT_EQ(reader.U16Be(), 0x0203);
  EXPECT_EQ(reader.U16Le(), 0x0203);
  EXPECT_EQ(reader.U32Be(), 0x04050607U);
  EXPECT_EQ(reader.U32Le(), 0x04050607U);
  EXPECT_EQ(reader.U64Be(), 0x08090A0B0C0D0E0FULL);
  EXPECT_EQ(reader.U64Le(), 0x08090A0B0C0D0E0FULL);
  EXPECT_EQ(reader.F32Be(), -0.25F);
  EXPECT_EQ(reader.F64Be(), 1e300);
  EXPECT_EQ(reader.Varint(), 300U);
  EXPECT_EQ(AsText(reader.Take(3)), "end");
  EXPECT_EQ(reader.U16Be(), 0);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.remaining(), 0U);
}

TEST(ByteWriter, PatchesALengthWrittenEarlier) {
  ByteWriter writer;
  writer.U16Be(0);
  writer.Text("abc");
  writer.PatchU16Be(0, static_cast<std::uint16_t>(writer.size()));
  EXPECT_EQ(std::move(writer).Release(), (Bytes{0, 5, 'a', 'b', 'c'}));
}

TEST(BitReader, ReadsMostSignificantBitFirst) {
  const Bytes octets = {0b1010'0101, 0b1100'0011};
  BitReader bits(octets);
  EXPECT_EQ(bits.Unsigned(1), 1U);
  EXPECT_EQ(bits.Unsigned(3), 0b010U);
  EXPECT_EQ(bits.Unsigned(8), 0b0101'1100U);
  EXPECT_EQ(bits.remaining_bits(), 4U);
  EXPECT_EQ(bits.Unsigned(4), 0b0011U);
  EXPECT_TRUE(bits.ok());
}

TEST(BitReader, SignsByTheFirstBitOfTheField) {
  const Bytes octets = {0b1000'0111};
  EXPECT_EQ(BitReader(octets).Signed(4), -8);
  EXPECT_EQ(BitReader(octets).Signed(1), -1);
  EXPECT_EQ(BitReader(octets).Signed(8), -121);
  const Bytes ones(8, 0xFF);
  EXPECT_EQ(BitReader(ones).Signed(64), -1);
}

TEST(BitReader, EndsWhereItsLengthSays) {
  const Bytes octets = {0xFF, 0xFF};
  BitReader bits(octets, 10);
  EXPECT_EQ(bits.Unsigned(9), 0x1FFU);
  EXPECT_EQ(bits.Unsigned(2), 0U);
  EXPECT_FALSE(bits.ok());
  EXPECT_EQ(bits.failed_at_bits(), 9U);
  EXPECT_EQ(bits.Unsigned(1), 0U) << "the reader has failed already";
  EXPECT_EQ(BitReader(octets, 100).remaining_bits(), 16U) << "a length beyond the octets counts no more than they hold";
}

TEST(BitReader, ReadsEveryWidthAtEveryBit) {
  Prng prng(2);
  Bytes octets(24);
  for (std::uint8_t& octet : octets) octet = static_cast<std::uint8_t>(prng.Next());
  for (unsigned start = 0; start < 128; ++start) {
    for (unsigned width = 1; width <= 64; ++width) {
      BitReader one_by_one(octets);
      one_by_one.Skip(start);
      std::uint64_t expected = 0;
      for (unsigned i = 0; i < width; ++i) expected = expected << 1 | one_by_one.Unsigned(1);
      BitReader bits(octets);
      bits.Skip(start);
      ASSERT_EQ(bits.Unsigned(width), expected) << width << " bits at " << start;
    }
  }
}

TEST(BitWriter, WritesWhatTheBitReaderReadsAtEveryWidth) {
  Prng prng(1);
  std::vector<std::pair<std::uint64_t, unsigned>> fields;
  BitWriter writer;
  for (unsigned width = 1; width <= 64; ++width) {
    const std::uint64_t value = width == 64 ? prng.Next() : prng.Next() & ((std::uint64_t{1} << width) - 1);
    fields.emplace_back(value, width);
    writer.Unsigned(value, width);
  }
  writer.Signed(-5, 7);
  writer.Flag(true);
  EXPECT_EQ(writer.size_bits(), 64U * 65 / 2 + 8);
  BitReader reader(writer.view(), writer.size_bits());
  for (const auto& [value, width] : fields) EXPECT_EQ(reader.Unsigned(width), value) << width;
  EXPECT_EQ(reader.Signed(7), -5);
  EXPECT_TRUE(reader.Flag());
  EXPECT_EQ(reader.remaining_bits(), 0U);
}

TEST(BitWriter, PadsTheLastOctetWithZeros) {
  BitWriter writer;
  writer.Unsigned(0b111, 3);
  EXPECT_EQ(ToBytes(writer.view()), (Bytes{0b1110'0000}));
}

}  // namespace
}  // namespace entente
