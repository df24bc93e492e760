// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/quantity.h"

#include <gtest/gtest.h>

namespace entente::harness {
namespace {

using namespace std::chrono_literals;

TEST(QuantityTest, DurationsCarryTheirUnit) {
  EXPECT_EQ(ParseDuration("30 s"), 30s);
  EXPECT_EQ(ParseDuration("30s"), 30s);
  EXPECT_EQ(ParseDuration("250 ms"), 250ms);
  EXPECT_EQ(ParseDuration("1 min 30 s"), 90s);
  EXPECT_EQ(ParseDuration("0.5 h"), 30min);
}

TEST(QuantityTest, DurationWithoutUnitOrBelowZeroIsRefused) {
  for (const auto* text : {"30", "", "s", "30 seconds", "-1 s", "1 s 2", "nan s", "1e99 s", "101 h 9999999 s"}) {
    EXPECT_FALSE(ParseDuration(text)) << text;
  }
}

TEST(QuantityTest, ShareIsPercentOrFraction) {
  EXPECT_DOUBLE_EQ(*ParseShare("5 %"), 0.05);
  EXPECT_DOUBLE_EQ(*ParseShare("5%"), 0.05);
  EXPECT_DOUBLE_EQ(*ParseShare("0.05"), 0.05);
  EXPECT_FALSE(ParseShare("5"));
  EXPECT_FALSE(ParseShare("101 %"));
  EXPECT_FALSE(ParseShare("-1 %"));
}

TEST(QuantityTest, SpeedsRatesAndLengthsAreSi) {
  EXPECT_NEAR(*ParseSpeed("12 kn"), 6.1733, 1e-4);
  EXPECT_DOUBLE_EQ(*ParseSpeed("36 km/h"), 10);
  EXPECT_EQ(ParseBitRate("64 kbit/s"), 64'000U);
  EXPECT_FALSE(ParseBitRate("64 kbps"));
  EXPECT_DOUBLE_EQ(*ParseLength("1.5 km"), 1500);
  EXPECT_DOUBLE_EQ(*ParseLength("-100 ft"), -30.48);
}

TEST(QuantityTest, PositionHasHemispheresAndMayHaveAnAltitude) {
  const auto point = ParseRoutePoint("53.55 N 9.99 W 300 m");
  ASSERT_TRUE(point);
  EXPECT_DOUBLE_EQ(point->position().latitude_deg(), 53.55);
  EXPECT_DOUBLE_EQ(point->position().longitude_deg(), -9.99);
  EXPECT_DOUBLE_EQ(point->altitude_m(), 300);
  EXPECT_FALSE(ParseRoutePoint("9.99 E 53.55 N"));
  EXPECT_FALSE(ParseRoutePoint("91 N 0 E"));
  EXPECT_FALSE(ParseRoutePoint("53.55 9.99"));
}

TEST(QuantityTest, EndpointMayBeAPortAlone) {
  EXPECT_EQ(ParseEndpoint("8087")->host(), "127.0.0.1");
  EXPECT_EQ(ParseEndpoint("[::1]:8087")->host(), "::1");
  EXPECT_EQ(ParseEndpoint("239.2.3.1:6969")->port(), 6969U);
  EXPECT_FALSE(ParseEndpoint("host:65536"));
  EXPECT_FALSE(ParseEndpoint(":1"));
}

TEST(QuantityTest, DisEntityTypeHasTwoToSevenNumbers) {
  EXPECT_EQ(ParseDisEntityType("1.2.78.50.1")->country(), 78U);
  EXPECT_FALSE(ParseDisEntityType("1"));
  EXPECT_FALSE(ParseDisEntityType("1.2.3.4.5.6.7.8"));
  EXPECT_FALSE(ParseDisEntityType("1.256"));
  EXPECT_FALSE(ParseDisEntityType("1..2"));
}

TEST(QuantityTest, TextsForPeopleReadBack) {
  EXPECT_EQ(DurationText(250ms), "250 ms");
  EXPECT_EQ(DurationText(1500ms), "1.5 s");
  EXPECT_EQ(ParseDuration(DurationText(6s)), 6s);
  EXPECT_EQ(BitRateText(64'000), "64 kbit/s");
}

}  // namespace
}  // namespace entente::harness
