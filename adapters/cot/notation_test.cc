// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/notation.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <random>
#include <string>

namespace entente::cot {
namespace {

// Up to 20 digits with a point at any place among them, by a seed of its own.
std::string AnyDecimal(std::mt19937& random) {
  std::string text(1 + random() % 20, '0');
  for (char& digit : text) digit = static_cast<char>('0' + random() % 10);
  if (random() % 8 != 0) text.insert(random() % (text.size() + 1), 1, '.');
  return random() % 2 == 0 ? text : "-" + text;
}

TEST(Notation, EveryDecimalReadsAsTheNearestDouble) {
  std::mt19937 random(20260301);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = AnyDecimal(random);
    const auto decimal = ParseDecimal(text);
    ASSERT_TRUE(decimal) << text;
    EXPECT_EQ(decimal->value, std::strtod(text.c_str(), nullptr)) << text;
    EXPECT_TRUE(decimal->conforming) << text;
  }
}

TEST(Notation, AnOctetThatIsNoDigitIsSeenAtEveryPlace) {
  const std::string whole = "-10.135791357913";
  for (std::size_t at = 1; at + 1 < whole.size(); ++at) {
    for (int octet = 0; octet < 256; ++octet) {
      if (whole[at] == '.' || octet == 'e' || octet == 'E') continue;
      std::string text = whole;
      text[at] = static_cast<char>(octet);
      EXPECT_EQ(ParseDecimal(text).has_value(), octet >= '0' && octet <= '9') << text;
    }
  }
}

TEST(Notation, ExponentsAndWhatIsNotFiniteAreReadButDoNotConform) {
  for (const char* text : {"1e3", "1.5E-2", "12345678901234567890e1", "NaN", "inf", "-inf"}) {
    const auto decimal = ParseDecimal(text);
    ASSERT_TRUE(decimal) << text;
    EXPECT_FALSE(decimal->conforming) << text;
  }
  EXPECT_EQ(ParseDecimal("1.5E-2")->value, 0.015);
  EXPECT_TRUE(std::isnan(ParseDecimal("NaN")->value));
}

TEST(Notation, WhatIsNoNumberIsRefused) {
  for (const char* text : {"", "-", ".", "-.", "+", "++1", "+-", "1.2.3", "1 2", "0x10", "1e", "1e999", "1,5"}) {
    EXPECT_FALSE(ParseDecimal(text)) << text;
  }
}

// ParseUtc reads them by another way; what the short way takes, it must take alike.
TEST(Notation, TheShortWayForTimesAgreesWithTheLongOneWhateverOctetStandsWhere) {
  for (const std::string whole : {"2026-03-01T10:15:30Z", "2028-02-29T23:59:59.7Z", "1999-12-31T00:00:00.250Z"}) {
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (int octet = 0x21; octet < 256; ++octet) {
        std::string text = whole;
        text[at] = static_cast<char>(octet);
        bool zone_known = false;
        const auto ours = ParseEventTime(text, zone_known);
        const auto utc = ParseUtc(text);
        ASSERT_EQ(ours.has_value(), utc.has_value()) << text;
        if (!ours) continue;
        EXPECT_EQ(ours->time, utc->time) << text;
        EXPECT_EQ(zone_known, utc->zone_known) << text;
      }
    }
  }
}

TEST(Notation, TheResolutionOfATimeIsThatOfItsDigits) {
  constexpr std::array kNanoseconds = {1'000'000'000U, 100'000'000U, 10'000'000U, 1'000'000U, 100'000U};
  std::string fraction;
  for (const unsigned nanoseconds : kNanoseconds) {
    bool zone_known = false;
    const auto time = ParseEventTime("2026-03-01T10:15:30" + fraction + "Z", zone_known);
    ASSERT_TRUE(time) << fraction;
    EXPECT_EQ(time->precision_ns, nanoseconds) << fraction;
    fraction += fraction.empty() ? ".5" : "0";
  }
}

}  // namespace
}  // namespace entente::cot
