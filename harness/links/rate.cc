// SPDX-License-Identifier: Apache-2.0

// Rate: a token bucket of one block's depth. Octets leave no faster than the rate, one after the other in order of arrival; a
// datagram that would wait longer than the queue holds is lost, a stream waits (its channel is full before long, and the sender
// slows down).

#include <algorithm>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::string_view kRule = "rate";
// Longest queue before a slow link, as time: what a radio's or router's buffer holds. Longer: the datagram is lost.
constexpr Duration kLongestQueue = std::chrono::seconds(10);

class Rate final : public Impairment {
 public:
  std::optional<Decision> Apply(const LinkStream& stream, const Conditions& conditions, Transit& transit) override {
    if (conditions.rate_bps == 0) return std::nullopt;
    if (transit.arrived >= free_at_ || conditions.rate_bps != rate_bps_) {
      busy_since_ = std::max(free_at_, transit.arrived);
      busy_octets_ = 0;
      rate_bps_ = conditions.rate_bps;
    }
    const Duration waiting = std::max(free_at_ - transit.arrived, Duration{0});
    if (stream.carrier == LinkCarrier::kDatagram && waiting > kLongestQueue) {
      transit.lost = true;
      return Decide(stream, kRule, transit, DecisionKind::kLost);
    }
    busy_octets_ += transit.octets;
    free_at_ = busy_since_ + FromSeconds(static_cast<double>(busy_octets_) * 8 / static_cast<double>(rate_bps_));
    transit.due += free_at_ - transit.arrived;
    if (!transit.first || waiting == Duration{0}) return std::nullopt;
    return Decide(stream, kRule, transit, DecisionKind::kDelayed, waiting);
  }

 private:
  // Counted from when the link last fell idle, so that the slicing of reads does not round differently.
  Instant busy_since_{};
  std::uint64_t busy_octets_ = 0;
  std::uint64_t rate_bps_ = 0;
  Instant free_at_{};  // when what came before has left
};

}  // namespace

std::unique_ptr<Impairment> MakeRate() {
  return std::make_unique<Rate>();
}

}  // namespace entente::harness
