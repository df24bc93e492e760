// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/figures.h"

#include <algorithm>

namespace entente::harness {

void LatencyHistogram::Add(double latency_s) {
  const auto bound = std::ranges::lower_bound(kBoundsS, latency_s);
  ++buckets[static_cast<std::size_t>(bound - kBoundsS.begin())];
  ++count;
  sum_s += latency_s;
}

}  // namespace entente::harness
