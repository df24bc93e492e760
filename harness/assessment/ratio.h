// SPDX-License-Identifier: Apache-2.0
#pragma once

// A share with its confidence interval, and order statistics of latencies: what verdicts are made of.

#include <cstdint>
#include <vector>

namespace entente::harness {

// Share `part` of `whole` with its Wilson score interval at 95 % (E. B. Wilson, JASA 22, 1927). Of nothing: 0 to 1.
struct Ratio {
  std::uint64_t part = 0;
  std::uint64_t whole = 0;
  double low = 0;
  double high = 1;

  [[nodiscard]] double value() const { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }
  bool operator==(const Ratio&) const = default;
};

Ratio RatioOf(std::uint64_t part, std::uint64_t whole);

struct LatencySummary {
  std::uint64_t count = 0;
  std::int64_t minimum_ns = 0;
  std::int64_t median_ns = 0;
  std::int64_t p90_ns = 0;
  std::int64_t p99_ns = 0;
  std::int64_t maximum_ns = 0;
  std::int64_t uncertainty_ns = 0;  // each may be wrong by so much, because of the clocks; 0: one clock took them all
  bool operator==(const LatencySummary&) const = default;
};

// Sorts `latencies`.
LatencySummary Summarise(std::vector<std::int64_t>& latencies, std::int64_t uncertainty_ns = 0);

// Nearest rank, of a sorted sample that is not empty; `percentile` from 0 to 100.
std::int64_t Percentile(const std::vector<std::int64_t>& sorted, double percentile);

}  // namespace entente::harness
