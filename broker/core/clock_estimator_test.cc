// SPDX-License-Identifier: Apache-2.0
#include "broker/core/clock_estimator.h"

#include <gmock/gmock.h>

#include <random>

namespace entente::broker {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A peer whose clock is `ahead` of ours, over a way that takes `there` and `back`.
std::optional<ClockEstimate> Probe(ClockEstimator& estimator, UtcTime now, Duration ahead, Duration there, Duration back) {
  const UtcTime t2 = now + there + ahead;
  const UtcTime t3 = t2 + microseconds(50);
  return estimator.Add(now, t2, t3, t3 - ahead + back);
}

TEST(ClockEstimator, ASymmetricWayGivesTheOffsetItself) {
  ClockEstimator estimator;
  const auto estimate = Probe(estimator, UtcTime(seconds(100)), seconds(-7), milliseconds(3), milliseconds(3));
  ASSERT_TRUE(estimate);
  EXPECT_EQ(estimate->offset, seconds(-7));
  EXPECT_EQ(estimate->error, milliseconds(3) + Duration(1));
}

TEST(ClockEstimator, TimesThatNoClockSaysAreNoProbe) {
  ClockEstimator estimator;
  const UtcTime now{seconds(1'800'000'000)};
  for (const UtcTime wrong : {UtcTime::min(), UtcTime::max(), now + std::chrono::years(100), UtcTime{} - std::chrono::years(100)}) {
    EXPECT_EQ(estimator.Add(wrong, now, now, now), std::nullopt) << ToNanoseconds(wrong);
    EXPECT_EQ(estimator.Add(now, wrong, now, now), std::nullopt) << ToNanoseconds(wrong);
    EXPECT_EQ(estimator.Add(now, now, wrong, now), std::nullopt) << ToNanoseconds(wrong);
  }
  EXPECT_TRUE(estimator.Add(now, now, now, now)) << "they left nothing behind";
}

TEST(ClockEstimator, TheTruthLiesWithinTheBoundWhateverTheWays) {
  std::mt19937_64 chance(7);
  const auto any = [&](Duration most) {
    return Duration(static_cast<Duration::rep>(chance() % static_cast<std::uint64_t>(most.count())));
  };
  for (int round = 0; round < 200; ++round) {
    ClockEstimator estimator;
    const Duration ahead = any(seconds(20)) - seconds(10);
    for (int probe = 0; probe < 30; ++probe) {
      const auto estimate = Probe(estimator, UtcTime(seconds(probe)), ahead, any(milliseconds(80)), any(milliseconds(5)));
      if (!estimate) continue;
      EXPECT_LE(std::chrono::abs(estimate->offset - ahead), estimate->error);
    }
  }
}

TEST(ClockEstimator, TheShortestRoundTripCounts) {
  ClockEstimator estimator;
  EXPECT_TRUE(Probe(estimator, UtcTime(seconds(1)), seconds(3), milliseconds(40), milliseconds(2)));
  const auto better = Probe(estimator, UtcTime(seconds(2)), seconds(3), milliseconds(1), milliseconds(1));
  ASSERT_TRUE(better);
  EXPECT_EQ(better->offset, seconds(3));
  EXPECT_FALSE(Probe(estimator, UtcTime(seconds(3)), seconds(3), milliseconds(40), milliseconds(2))) << "a worse one is no news";
}

TEST(ClockEstimator, NoticesThatAClockWasSet) {
  ClockEstimator estimator;
  Probe(estimator, UtcTime(seconds(1)), seconds(3), milliseconds(1), milliseconds(1));
  const auto set = Probe(estimator, UtcTime(seconds(2)), seconds(-5), milliseconds(2), milliseconds(2));
  ASSERT_TRUE(set);
  EXPECT_EQ(set->offset, seconds(-5));
}

TEST(ClockEstimator, ProbesOftenAtFirst) {
  ClockEstimator estimator;
  Instant now{};
  EXPECT_TRUE(estimator.IsDue(now));
  EXPECT_FALSE(estimator.IsDue(now));
  for (std::size_t probe = 1; probe < ClockEstimator::kProbes; ++probe) EXPECT_TRUE(estimator.IsDue(now += ClockEstimator::kFirst));
  EXPECT_FALSE(estimator.IsDue(now += ClockEstimator::kFirst));
  EXPECT_TRUE(estimator.IsDue(now += ClockEstimator::kLater));
}

}  // namespace
}  // namespace entente::broker
