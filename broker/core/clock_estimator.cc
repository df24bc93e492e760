// SPDX-License-Identifier: Apache-2.0
#include "broker/core/clock_estimator.h"

#include <algorithm>

namespace entente::broker {
namespace {

// An estimate is better, and worth telling, when its error is smaller by so much.
constexpr int kBetterBy = 2;
// No clock is farther off, 73 years; what is computed from such differences has room in a Duration.
constexpr Duration kFarthest = Duration::max() / 4;

// How far `a` is after `b`; std::nullopt: they are not both times between 1824 and 2116, or too far apart.
std::optional<Duration> Difference(UtcTime a, UtcTime b) {
  const auto has_room = [](UtcTime time) { return std::chrono::abs(time.time_since_epoch()) <= Duration::max() / 2; };
  if (a == UtcTime::min() || b == UtcTime::min() || !has_room(a) || !has_room(b)) return std::nullopt;
  const Duration difference = a - b;
  return std::chrono::abs(difference) > kFarthest ? std::nullopt : std::optional(difference);
}

}  // namespace

bool ClockEstimator::IsDue(Instant now) {
  if (next_ && now < *next_) return false;
  next_ = now + (++sent_ < kProbes ? kFirst : kLater);
  return true;
}

std::optional<ClockEstimate> ClockEstimator::Add(UtcTime t1, UtcTime t2, UtcTime t3, UtcTime t4) {
  const auto there = Difference(t2, t1);
  const auto back = Difference(t3, t4);
  if (!there || !back) return std::nullopt;
  const Duration round_trip = *there - *back;
  if (round_trip < Duration::zero()) return std::nullopt;  // a clock was set meanwhile
  probes_.push_back({(*there + *back) / 2, round_trip / 2 + Duration(1)});
  if (probes_.size() > kProbes) probes_.pop_front();
  const ClockEstimate best = *std::ranges::min_element(probes_, {}, &ClockEstimate::error);
  const ClockEstimate& newest = probes_.back();
  // The clocks drifted apart, or one was set: what is remembered contradicts what was just seen.
  const bool contradicted = std::chrono::abs(newest.offset - best.offset) > newest.error + best.error;
  if (contradicted) probes_.erase(probes_.begin(), probes_.end() - 1);
  const ClockEstimate now = contradicted ? probes_.back() : best;
  const bool news =
      !told_ || contradicted || now.error * kBetterBy < told_->error || std::chrono::abs(now.offset - told_->offset) > told_->error;
  if (!news) return std::nullopt;
  told_ = now;
  return now;
}

}  // namespace entente::broker
