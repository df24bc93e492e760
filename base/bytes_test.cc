// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <gtest/gtest.h>

namespace entente {
namespace {

TEST(Bytes, HexIsLowerCaseAndComesBack) {
  const Bytes octets = {0x00, 0x0F, 0xA5, 0xFF};
  EXPECT_EQ(ToHex(octets), "000fa5ff");
  EXPECT_EQ(FromHex("000fa5ff"), octets);
  EXPECT_EQ(FromHex("000FA5FF"), octets);
  EXPECT_EQ(ToHex({}), "");
}

TEST(Bytes, HexOfOddLengthOrOtherCharactersGivesNothing) {
  EXPECT_TRUE(FromHex("abc").empty());
  EXPECT_TRUE(FromHex("0g").empty());
  EXPECT_TRUE(FromHex("g0").empty());
  EXPECT_TRUE(FromHex(" 0").empty());
  EXPECT_TRUE(FromHex("").empty());
}

TEST(Bytes, TextIsTheSameOctets) {
  const std::string text("a\0b\xFF", 4);
  EXPECT_EQ(ToBytes(std::string_view(text)), (Bytes{'a', 0, 'b', 0xFF}));
  EXPECT_EQ(ToText(AsBytes(text)), text);
  EXPECT_EQ(AsText(AsBytes(text)), text);
}

TEST(Bytes, SharedOctetsAreTheOnesGiven) {
  const Bytes octets = {1, 2, 3};
  const SharedBytes shared = Share(octets);
  EXPECT_EQ(*shared, octets);
  EXPECT_EQ(ToBytes(ByteView(*shared).subspan(1)), (Bytes{2, 3}));
}

}  // namespace
}  // namespace entente
