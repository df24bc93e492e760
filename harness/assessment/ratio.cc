// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/ratio.h"

#include <algorithm>
#include <cmath>

#include "base/invariant.h"

namespace entente::harness {

Ratio RatioOf(std::uint64_t part, std::uint64_t whole) {
  Ratio ratio{.part = part, .whole = whole};
  if (whole == 0) return ratio;
  constexpr double kZ = 1.959963984540054;  // of the normal distribution, two-sided 95 %
  const double n = static_cast<double>(whole);
  const double share = ratio.value();
  const double centre = share + kZ * kZ / (2 * n);
  const double spread = kZ * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
  const double scale = 1 + kZ * kZ / n;
  ratio.low = part == 0 ? 0 : std::max(0.0, (centre - spread) / scale);
  ratio.high = part == whole ? 1 : std::min(1.0, (centre + spread) / scale);
  return ratio;
}

std::int64_t Percentile(const std::vector<std::int64_t>& sorted, double percentile) {
  ENTENTE_INVARIANT(!sorted.empty());
  const double rank = std::ceil(std::clamp(percentile, 0.0, 100.0) / 100 * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

LatencySummary Summarise(std::vector<std::int64_t>& latencies, std::int64_t uncertainty_ns) {
  if (latencies.empty()) return {};
  std::ranges::sort(latencies);
  return {.count = latencies.size(),
          .minimum_ns = latencies.front(),
          .median_ns = Percentile(latencies, 50),
          .p90_ns = Percentile(latencies, 90),
          .p99_ns = Percentile(latencies, 99),
          .maximum_ns = latencies.back(),
          .uncertainty_ns = uncertainty_ns};
}

}  // namespace entente::harness
