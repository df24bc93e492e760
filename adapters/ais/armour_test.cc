// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/armour.h"

#include <gtest/gtest.h>

#include "base/bit_reader.h"
#include "base/prng.h"

namespace entente::ais {
namespace {

constexpr std::string_view kAlphabet = "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw";

TEST(Armour, EveryCharacterIsItsPlaceInTheAlphabet) {
  MessageBits bits;
  ASSERT_EQ(bits.AppendArmour(kAlphabet), std::nullopt);
  BitReader reader(bits.octets(), bits.length_bits());
  for (unsigned value = 0; value < 64; ++value) EXPECT_EQ(reader.Unsigned(6), value);
  EXPECT_EQ(reader.remaining_bits(), 0U);
}

TEST(Armour, NamesTheFirstCharacterThatIsNone) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    const char c = static_cast<char>(octet);
    if (kAlphabet.find(c) != std::string_view::npos) continue;
    for (std::size_t place = 0; place < 19; ++place) {
      std::string characters(19, 'w');
      characters[place] = c;
      MessageBits bits;
      EXPECT_EQ(bits.AppendArmour(characters), place) << "octet " << octet;
      EXPECT_EQ(bits.length_bits(), place * 6);
    }
  }
}

TEST(Armour, SentencesOfAnyLengthJoinWithoutAGap) {
  Prng prng(1);
  std::string characters;
  for (int i = 0; i < 60; ++i) characters += kAlphabet[prng.Below(kAlphabet.size())];
  MessageBits whole;
  ASSERT_EQ(whole.AppendArmour(characters), std::nullopt);
  for (std::size_t cut = 0; cut <= characters.size(); ++cut) {
    MessageBits joined;
    ASSERT_EQ(joined.AppendArmour(std::string_view(characters).substr(0, cut)), std::nullopt);
    ASSERT_EQ(joined.AppendArmour(std::string_view(characters).substr(cut)), std::nullopt);
    ASSERT_EQ(joined.length_bits(), whole.length_bits());
    BitReader left(joined.octets(), joined.length_bits());
    BitReader right(whole.octets(), whole.length_bits());
    while (right.remaining_bits() > 0) ASSERT_EQ(left.Unsigned(6), right.Unsigned(6)) << "cut at " << cut;
  }
}

TEST(Armour, RefusesWhatThereIsNoRoomFor) {
  MessageBits bits;
  EXPECT_EQ(bits.AppendArmour(std::string(MessageBits::kMaxCharacters - 1, 'w')), std::nullopt);
  EXPECT_EQ(bits.AppendArmour("ww"), 1U);
  EXPECT_EQ(bits.length_bits(), MessageBits::kMaxCharacters * 6);
  EXPECT_EQ(bits.AppendArmour("w"), 0U);
}

}  // namespace
}  // namespace entente::ais
