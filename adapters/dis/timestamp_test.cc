// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/timestamp.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace entente::dis {
namespace {

using namespace std::chrono_literals;

UtcTime At(std::string_view text) {
  return ParseUtc(text)->time;
}

TEST(TimestampTest, HasTheUnitThatMakesOneHourTwoToThe31MinusOne) {
  EXPECT_EQ(PastHour(0xFFFFFFFF), 1h);
  EXPECT_EQ(PastHour(0), 0s);
  EXPECT_EQ(ToTimestamp(At("2026-01-01T12:30:00Z"), true), 0x80000001U);
  EXPECT_EQ(ToTimestamp(At("2026-01-01T12:30:00Z"), false), 0x80000000U);
}

TEST(TimestampTest, IsCompletedToTheHourThatIsNearestToReceipt) {
  const std::uint32_t two_to = ToTimestamp(At("2026-01-01T12:58:00Z"), true);
  const std::uint32_t two_past = ToTimestamp(At("2026-01-01T13:02:00Z"), true);
  EXPECT_NEAR(ToSeconds(Complete(two_to, At("2026-01-01T13:01:00Z")) - At("2026-01-01T12:58:00Z")), 0, 1e-6);
  EXPECT_NEAR(ToSeconds(Complete(two_past, At("2026-01-01T12:59:00Z")) - At("2026-01-01T13:02:00Z")), 0, 1e-6);
}

TEST(TimestampTest, ComesBackWithinHalfAUnitWhateverTheTime) {
  EXPECT_TRUE(rc::check([] {
    const UtcTime time = FromNanoseconds(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000'000'000));
    const Duration error = Complete(ToTimestamp(time, true), time) - time;
    RC_ASSERT(error <= kTimestampError && error >= -kTimestampError);
  }));
}

TEST(TimestampTest, CountsElapsedTimeAcrossTheTurnOfTheHour) {
  const std::uint32_t before = ToTimestamp(At("2026-01-01T12:59:58Z"), true);
  const std::uint32_t after = ToTimestamp(At("2026-01-01T13:00:03Z"), true);
  EXPECT_NEAR(ToSeconds(Between(before, after)), 5, 1e-5);
  EXPECT_NEAR(ToSeconds(Between(after, before)), -5, 1e-5);
}

TEST(TimestampTest, ClockTimesComeBackWithinHalfAUnit) {
  EXPECT_TRUE(rc::check([] {
    const UtcTime time = FromNanoseconds(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000'000'000));
    const Duration error = FromClockTime(ToClockTime(time)) - time;
    RC_ASSERT(error <= kTimestampError && error >= -kTimestampError);
  }));
}

TEST(TimestampTest, AnHourBeyondNanosecondsIsHeldAtTheLimit) {
  EXPECT_GT(FromClockTime({2'147'483'647, 0}), FromClockTime({0, 0}));
  EXPECT_LT(FromClockTime({-2'147'483'647 - 1, 0}), FromClockTime({0, 0}));
}

}  // namespace
}  // namespace entente::dis
