// SPDX-License-Identifier: Apache-2.0
#include "broker/record/crc32c.h"

#include <gmock/gmock.h>

namespace entente::record {
namespace {

// RFC 3720 §B.4, octets in the order of the wire.
TEST(Crc32c, GivesTheValuesOfTheStandard) {
  EXPECT_EQ(Crc32c(Bytes(32, 0x00)), 0x8A9136AA);
  EXPECT_EQ(Crc32c(Bytes(32, 0xFF)), 0x62A8AB43);
  EXPECT_EQ(Crc32c(AsBytes("123456789")), 0xE3069283);
  Bytes rising(32);
  for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(Crc32c(rising), 0x46DD794E);
}

TEST(Crc32c, GoesOnFromAnEarlierPart) {
  const std::string_view text = "the quick brown fox jumps over the lazy dog";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(Crc32c(AsBytes(text.substr(cut)), Crc32c(AsBytes(text.substr(0, cut)))), Crc32c(AsBytes(text)));
  }
}

TEST(Crc32c, TableAndProcessorAgree) {
  Bytes octets(1021);
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<std::uint8_t>(i * 31 + 7);
  for (const std::size_t length : std::initializer_list<std::size_t>{0, 1, 7, 8, 9, 63, 64, 65, 1021}) {
    const ByteView part = ByteView(octets).first(length);
    EXPECT_EQ(Crc32c(part), Crc32cByTable(part)) << length;
  }
}

}  // namespace
}  // namespace entente::record
