// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/latency_sample.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/invariant.h"

namespace entente::harness {
namespace {

constexpr unsigned kBitsPerOctave = 7;
constexpr std::uint64_t kPerOctave = 1U << kBitsPerOctave;

// Up to 255 ns each has a bucket of its own; what was understood before it was said is in the first.
std::size_t BucketOf(std::int64_t latency_ns) {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(latency_ns, 0));
  if (value < 2 * kPerOctave) return value;
  const auto shift = static_cast<unsigned>(std::bit_width(value)) - (kBitsPerOctave + 1);
  return shift * kPerOctave + (value >> shift);
}

// The largest latency of the bucket.
std::int64_t EdgeOf(std::size_t bucket) {
  if (bucket < 2 * kPerOctave) return static_cast<std::int64_t>(bucket);
  const std::uint64_t shift = bucket / kPerOctave - 1;
  return static_cast<std::int64_t>(((bucket - shift * kPerOctave + 1) << shift) - 1);
}

}  // namespace

void LatencySample::Add(std::int64_t latency_ns) {
  ++count_;
  minimum_ns_ = std::min(minimum_ns_, latency_ns);
  maximum_ns_ = std::max(maximum_ns_, latency_ns);
  if (!buckets_.empty()) return Count(latency_ns, 1);
  exact_.push_back(latency_ns);
  sorted_ = false;
  if (exact_.size() > kExact) PutIntoBuckets();
}

void LatencySample::Add(const LatencySample& other) {
  if (other.buckets_.empty()) {
    for (const std::int64_t latency_ns : other.exact_) Add(latency_ns);
    return;
  }
  if (buckets_.empty()) PutIntoBuckets();
  count_ += other.count_;
  minimum_ns_ = std::min(minimum_ns_, other.minimum_ns_);
  maximum_ns_ = std::max(maximum_ns_, other.maximum_ns_);
  for (std::size_t bucket = 0; bucket < other.buckets_.size(); ++bucket) Count(EdgeOf(bucket), other.buckets_[bucket]);
}

void LatencySample::Count(std::int64_t latency_ns, std::uint64_t times) {
  if (times == 0) return;
  const std::size_t bucket = BucketOf(latency_ns);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  buckets_[bucket] += times;
}

void LatencySample::PutIntoBuckets() {
  buckets_.resize(1);
  for (const std::int64_t latency_ns : exact_) Count(latency_ns, 1);
  std::vector<std::int64_t>().swap(exact_);
}

void LatencySample::Sort() const {
  if (!sorted_) std::ranges::sort(exact_);
  sorted_ = true;
}

std::int64_t LatencySample::At(double percentile) const {
  ENTENTE_INVARIANT(count_ > 0);
  Sort();
  if (buckets_.empty()) return Percentile(exact_, percentile);
  const double rank = std::ceil(std::clamp(percentile, 0.0, 100.0) / 100 * static_cast<double>(count_));
  auto before = static_cast<std::uint64_t>(std::max(rank, 1.0));
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    if (buckets_[bucket] >= before) return std::clamp(EdgeOf(bucket), minimum_ns_, maximum_ns_);
    before -= buckets_[bucket];
  }
  return maximum_ns_;
}

LatencySummary LatencySample::Summary(std::int64_t uncertainty_ns) const {
  if (count_ == 0) return {};
  return {.count = count_,
          .minimum_ns = minimum_ns_,
          .median_ns = At(50),
          .p90_ns = At(90),
          .p99_ns = At(99),
          .maximum_ns = maximum_ns_,
          .uncertainty_ns = uncertainty_ns};
}

}  // namespace entente::harness
