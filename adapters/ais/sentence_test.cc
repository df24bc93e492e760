// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/sentence.h"

#include <gtest/gtest.h>

#include <cctype>
#include <string>

#include "adapters/ais/checksum.h"

namespace entente::ais {
namespace {

std::string WithChecksum(const std::string& body) {
  return '!' + body + '*' + ChecksumText(body);
}

TEST(Checksum, IsAllCharactersExclusiveOrAtEveryLength) {
  std::string characters;
  std::uint8_t sum = 0;
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(Checksum(characters), sum) << characters;
    characters += static_cast<char>(33 + i * 7 % 90);
    sum = static_cast<std::uint8_t>(sum ^ static_cast<std::uint8_t>(characters.back()));
  }
}

TEST(Checksum, IsTwoHexadecimalDigitsOfEitherCaseAndNothingElse) {
  for (int high = 0; high < 256; ++high) {
    for (int low = 0; low < 256; ++low) {
      const std::string digits = {static_cast<char>(high), static_cast<char>(low)};
      const auto value = ParseChecksum(digits);
      ASSERT_EQ(value.has_value(), std::isxdigit(high) != 0 && std::isxdigit(low) != 0) << digits;
      if (value.has_value()) {
        EXPECT_EQ(*value, std::stoi(digits, nullptr, 16)) << digits;
      }
    }
  }
  EXPECT_FALSE(ParseChecksum("4"));
  EXPECT_FALSE(ParseChecksum("4A0"));
}

TEST(Sentence, FindsItsFieldsWhateverTheLengthOfThePayload) {
  for (std::size_t length = 0; length < 64; ++length) {
    const std::string payload(length, 'w');
    const std::string line = WithChecksum("AIVDM,2,1,9,B," + payload + ",3");
    const auto sentence = ParseSentence(line);
    ASSERT_TRUE(sentence.has_value()) << sentence.error().text;
    EXPECT_EQ(sentence->address, "AIVDM");
    EXPECT_EQ(sentence->count, 2U);
    EXPECT_EQ(sentence->index, 1U);
    EXPECT_EQ(sentence->sequence, 9);
    EXPECT_EQ(sentence->channel, 'B');
    EXPECT_EQ(sentence->payload, payload);
    EXPECT_EQ(sentence->fill_bits, 3U);
    EXPECT_TRUE(sentence->findings.empty());
  }
}

TEST(Sentence, RefusesMoreOrFewerThanSevenFields) {
  for (const char* body : {"AIVDM", "AIVDM,", "AIVDM,1,1,,A,13aDp<PP000IwSlN", "AIVDM,1,1,,A,13aDp<PP000IwSlN,0,",
                           "AIVDM,1,1,,A,1,3,0", "AIVDM,,,,,,,,,,,,,,,,,,,,,,,,,,"}) {
    const auto sentence = ParseSentence(WithChecksum(body));
    ASSERT_FALSE(sentence.has_value()) << body;
    EXPECT_EQ(sentence.error().code, adapter::DecodeCode::kSyntax) << body;
  }
}

}  // namespace
}  // namespace entente::ais
