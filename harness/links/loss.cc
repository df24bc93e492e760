// SPDX-License-Identifier: Apache-2.0

// Loss: a datagram is gone. On a stream nothing is removed: the block comes later, as TCP's retransmission would have it, by one
// retransmission timeout, twice that if it is lost again, and so on. Octets behind it wait, since the channel keeps the order.

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::string_view kRule = "loss";
// RFC 6298 (2.4): the retransmission timeout is at least 1 s; (5.5): it doubles each time.
constexpr Duration kTimeout = std::chrono::seconds(1);
constexpr int kRetransmissions = 6;

class Loss final : public Impairment {
 public:
  std::optional<Decision> Apply(const LinkStream& stream, const Conditions& conditions, Transit& transit) override {
    if (!transit.first || conditions.loss <= 0) return std::nullopt;
    Prng chance = ChanceOf(stream, kRule, transit.unit);
    if (stream.carrier == LinkCarrier::kDatagram) {
      if (!chance.Chance(conditions.loss)) return std::nullopt;
      transit.lost = true;
      return Decide(stream, kRule, transit, DecisionKind::kLost);
    }
    Duration delay{0};
    Duration timeout = kTimeout;
    for (int i = 0; i < kRetransmissions && chance.Chance(conditions.loss); ++i, timeout *= 2) delay += timeout;
    if (delay == Duration{0}) return std::nullopt;
    transit.due += delay;
    return Decide(stream, kRule, transit, DecisionKind::kDelayed, delay);
  }
};

}  // namespace

std::unique_ptr<Impairment> MakeLoss() {
  return std::make_unique<Loss>();
}

}  // namespace entente::harness
