// SPDX-License-Identifier: Apache-2.0

// Latency and jitter: a unit is due this much after it arrived, the jitter uniform from 0 to its bound and drawn once per unit. A
// datagram may so overtake another; on a stream the channel keeps the order.

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::string_view kRule = "latency";

class Latency final : public Impairment {
 public:
  std::optional<Decision> Apply(const LinkStream& stream, const Conditions& conditions, Transit& transit) override {
    if (transit.first) {
      const double jitter = conditions.jitter > Duration{0} ? ChanceOf(stream, kRule, transit.unit).Uniform() : 0;
      delay_ = conditions.latency + FromSeconds(jitter * ToSeconds(conditions.jitter));
    }
    transit.due += delay_;
    if (!transit.first || delay_ == Duration{0}) return std::nullopt;
    return Decide(stream, kRule, transit, DecisionKind::kDelayed, delay_);
  }

 private:
  Duration delay_{0};  // of the present unit
};

}  // namespace

std::unique_ptr<Impairment> MakeLatency() {
  return std::make_unique<Latency>();
}

}  // namespace entente::harness
