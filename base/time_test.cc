// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <gtest/gtest.h>

namespace entente {
namespace {

std::int64_t Nanoseconds(std::string_view text) {
  const auto parsed = ParseUtc(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed ? ToNanoseconds(parsed->time) : -1;
}

TEST(Time, FormatsWithTheFractionAskedFor) {
  const UtcTime time = FromNanoseconds(1'767'225'600'123'456'789);
  EXPECT_EQ(FormatUtc(time, 0), "2026-01-01T00:00:00Z");
  EXPECT_EQ(FormatUtc(time), "2026-01-01T00:00:00.123Z");
  EXPECT_EQ(FormatUtc(time, 9), "2026-01-01T00:00:00.123456789Z");
  EXPECT_EQ(FormatUtc(time, 12), "2026-01-01T00:00:00.123456789Z");
}

TEST(Time, CutsFractionsOffAndDoesNotRoundThem) {
  EXPECT_EQ(FormatUtc(FromNanoseconds(999'999'999), 3), "1970-01-01T00:00:00.999Z");
  EXPECT_EQ(FormatUtc(FromNanoseconds(-1), 3), "1969-12-31T23:59:59.999Z");
}

TEST(Time, ParsesWhatItFormats) {
  for (const std::int64_t ns :
       {std::int64_t{0}, std::int64_t{1'767'225'600'123'456'789}, std::int64_t{-1}, std::int64_t{951'782'400'000'000'001}}) {
    EXPECT_EQ(Nanoseconds(FormatUtc(FromNanoseconds(ns), 9)), ns);
  }
}

TEST(Time, ReadsZonesAsOffsetsFromUtc) {
  EXPECT_EQ(Nanoseconds("2026-06-01T12:00:00+02:00"), Nanoseconds("2026-06-01T10:00:00Z"));
  EXPECT_EQ(Nanoseconds("2026-06-01T00:15:00-09:30"), Nanoseconds("2026-06-01T09:45:00Z"));
  EXPECT_EQ(Nanoseconds("2026-01-01T00:30:00+01:00"), Nanoseconds("2025-12-31T23:30:00Z"));
}

TEST(Time, SaysWhenThereIsNoZone) {
  const auto parsed = ParseUtc("2026-06-01T12:00:00");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_FALSE(parsed->zone_known);
  EXPECT_TRUE(ParseUtc("2026-06-01T12:00:00Z")->zone_known);
}

TEST(Time, ReadsUpToNineFractionDigitsAndPassesOverMore) {
  EXPECT_EQ(ParseUtc("2026-06-01T12:00:00.5Z")->fraction_digits, 1);
  EXPECT_EQ(Nanoseconds("2026-06-01T12:00:00.5Z") - Nanoseconds("2026-06-01T12:00:00Z"), 500'000'000);
  EXPECT_EQ(Nanoseconds("2026-06-01T12:00:00.1234567899999Z") - Nanoseconds("2026-06-01T12:00:00Z"), 123'456'789);
}

TEST(Time, FoldsALeapSecondOntoTheNext) {
  EXPECT_EQ(Nanoseconds("2016-12-31T23:59:60Z"), Nanoseconds("2017-01-01T00:00:00Z"));
}

TEST(Time, KnowsLeapDays) {
  EXPECT_EQ(Nanoseconds("2024-02-29T00:00:00Z"), 1'709'164'800'000'000'000);
  EXPECT_FALSE(ParseUtc("2026-02-29T00:00:00Z").has_value());
  EXPECT_FALSE(ParseUtc("2100-02-29T00:00:00Z").has_value());
}

TEST(Time, ReadsMidnightAtTheEndOfTheDay) {
  EXPECT_EQ(Nanoseconds("2026-06-01T24:00:00Z"), Nanoseconds("2026-06-02T00:00:00Z"));
  EXPECT_FALSE(ParseUtc("2026-06-01T24:00:01Z").has_value());
}

TEST(Time, CapsYearsThatANanosecondCountCannotHold) {
  EXPECT_EQ(ParseUtc("9999-12-31T23:59:59Z")->time, UtcTime::max());
  EXPECT_FALSE(ParseUtc("1600-01-01T00:00:00Z").has_value());
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const std::string_view text :
       {"", "2026", "2026-06-01", "2026-06-01 12:00:00Z", "2026-13-01T12:00:00Z", "2026-06-31T12:00:00Z", "2026-06-01T25:00:00Z",
        "2026-06-01T12:60:00Z", "2026-06-01T12:00:61Z", "2026-06-01T12:00:00.Z", "2026-06-01T12:00:00+2:00",
        "2026-06-01T12:00:00+15:00", "2026-06-01T12:00:00Zx", "2026-6-1T12:00:00Z", "-026-06-01T12:00:00Z", "2026-06-01T12:00Z"}) {
    EXPECT_FALSE(ParseUtc(text).has_value()) << text;
  }
}

TEST(VirtualClock, MovesOnlyWhenTold) {
  VirtualClock clock(FromNanoseconds(1'000));
  const Now start = clock.Read();
  EXPECT_EQ(clock.Read(), start);
  clock.Advance(std::chrono::seconds(2));
  EXPECT_EQ(clock.Read().instant - start.instant, std::chrono::seconds(2));
  EXPECT_EQ(clock.Read().utc - start.utc, std::chrono::seconds(2));
}

TEST(VirtualClock, NeverRunsBackwards) {
  VirtualClock clock(FromNanoseconds(0));
  clock.AdvanceTo(Instant(std::chrono::seconds(5)));
  clock.AdvanceTo(Instant(std::chrono::seconds(3)));
  EXPECT_EQ(clock.Read().instant, Instant(std::chrono::seconds(5)));
}

TEST(Time, SecondsComeBackAsNanoseconds) {
  EXPECT_EQ(FromSeconds(1.5), std::chrono::milliseconds(1500));
  EXPECT_EQ(FromSeconds(-0.000'000'001), Duration(-1));
  EXPECT_DOUBLE_EQ(ToSeconds(std::chrono::milliseconds(250)), 0.25);
}

}  // namespace
}  // namespace entente
