// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/latency_sample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/prng.h"

namespace entente::harness {
namespace {

std::vector<std::int64_t> Latencies(std::size_t count) {
  Prng prng = Prng::Derive(1, {"latencies"});
  std::vector<std::int64_t> latencies;
  for (std::size_t i = 0; i < count; ++i) latencies.push_back(static_cast<std::int64_t>(1 + prng.Below(3'600'000'000'000)));
  return latencies;
}

LatencySample SampleOf(const std::vector<std::int64_t>& latencies) {
  LatencySample sample;
  for (const std::int64_t latency : latencies) sample.Add(latency);
  return sample;
}

TEST(LatencySample, IsExactUpToItsLimit) {
  std::vector<std::int64_t> latencies = Latencies(LatencySample::kExact);
  const LatencySummary summary = SampleOf(latencies).Summary(7);
  EXPECT_EQ(summary, Summarise(latencies, 7));
}

TEST(LatencySample, IsNeverBelowAndWithinABucketAboveBeyondIt) {
  std::vector<std::int64_t> latencies = Latencies(4 * LatencySample::kExact);
  const LatencySample sample = SampleOf(latencies);
  std::ranges::sort(latencies);
  for (const double percentile : {0.0, 1.0, 25.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const std::int64_t truth = Percentile(latencies, percentile);
    EXPECT_GE(sample.At(percentile), truth) << percentile;
    EXPECT_LE(static_cast<double>(sample.At(percentile)), static_cast<double>(truth) * (1 + 1.0 / 128)) << percentile;
  }
  EXPECT_EQ(sample.Summary().minimum_ns, latencies.front());
  EXPECT_EQ(sample.Summary().maximum_ns, latencies.back());
  EXPECT_EQ(sample.size(), latencies.size());
}

TEST(LatencySample, PartsAddUpToTheWhole) {
  const std::vector<std::int64_t> latencies = Latencies(3 * LatencySample::kExact);
  for (const std::size_t cut : {std::size_t{10}, LatencySample::kExact, 2 * LatencySample::kExact + 5}) {
    const auto middle = latencies.begin() + static_cast<std::ptrdiff_t>(cut);
    LatencySample sum = SampleOf({latencies.begin(), middle});
    sum.Add(SampleOf({middle, latencies.end()}));
    EXPECT_EQ(sum.Summary(), SampleOf(latencies).Summary()) << cut;
  }
}

TEST(LatencySample, CountsWhatWasUnderstoodBeforeItWasSaid) {
  LatencySample sample = SampleOf(Latencies(2 * LatencySample::kExact));
  sample.Add(-5);
  EXPECT_EQ(sample.Summary().minimum_ns, -5);
  EXPECT_LE(sample.At(0), 0);
}

}  // namespace
}  // namespace entente::harness
