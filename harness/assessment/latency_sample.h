// SPDX-License-Identifier: Apache-2.0
#pragma once

// Latencies of which order statistics are wanted: exactly kExact of them, and of more by buckets, each a 128th of its octave wide,
// so that a percentile is at most 0.8 % above the true one, never below it, and memory does not grow with a day's messages.
// Minimum, maximum and count stay exact.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "harness/assessment/ratio.h"

namespace entente::harness {

class LatencySample {
 public:
  static constexpr std::size_t kExact = 16'384;

  void Add(std::int64_t latency_ns);
  void Add(const LatencySample& other);

  [[nodiscard]] std::uint64_t size() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  // Nearest rank, of a sample that is not empty; `percentile` from 0 to 100.
  [[nodiscard]] std::int64_t At(double percentile) const;
  [[nodiscard]] LatencySummary Summary(std::int64_t uncertainty_ns = 0) const;

 private:
  void Count(std::int64_t latency_ns, std::uint64_t times);
  void PutIntoBuckets();
  void Sort() const;

  std::uint64_t count_ = 0;
  std::int64_t minimum_ns_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t maximum_ns_ = std::numeric_limits<std::int64_t>::min();
  mutable std::vector<std::int64_t> exact_;  // all of them, until there are buckets
  mutable bool sorted_ = true;
  std::vector<std::uint64_t> buckets_;  // empty: all are in exact_
};

}  // namespace entente::harness
