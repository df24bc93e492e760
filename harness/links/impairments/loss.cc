// SPDX-License-Identifier: Apache-2.0

// Loss, each unit by itself: a datagram is gone. On a stream nothing is removed: the block comes later, as TCP's retransmission
// would have it, by one retransmission timeout, twice that if it is lost again, and so on. Octets behind it wait, since the channel
// keeps the order.

#include <array>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

// RFC 6298 (2.4): the retransmission timeout is at least 1 s; (5.5): it doubles each time.
constexpr Duration kTimeout = std::chrono::seconds(1);
constexpr int kRetransmissions = 6;

constexpr std::array kParameters{
    Parameter{.name = "share", .type = ParameterType::kShare, .description = "probability per unit", .required = true},
};

class Loss final : public Impairment {
 public:
  explicit Loss(const ImpairmentContext& context) : Impairment(context), share_(context.settings.Number("share")) {}

  void Apply(Passage& passage) override {
    if (!passage.first() || share_ <= 0) return;
    Prng chance = ChanceOf(passage.unit);
    if (!on_stream()) {
      if (!chance.Chance(share_)) return;
      passage.parcels.clear();
      return Decide(passage, DecisionKind::kLost);
    }
    Duration delay{0};
    Duration timeout = kTimeout;
    for (int i = 0; i < kRetransmissions && chance.Chance(share_); ++i, timeout *= 2) delay += timeout;
    if (delay == Duration{0}) return;
    passage.Delay(delay);
    Decide(passage, DecisionKind::kDelayed, delay);
  }

 private:
  double share_;
};

}  // namespace

extern const ImpairmentKind kLossKind;
const ImpairmentKind kLossKind{.name = "loss",
                               .summary = "is lost, each unit by itself; on a stream it comes after retransmission",
                               .source = "RFC 6298 sections 2.4 and 5.5, for streams",
                               .parameters = kParameters,
                               .on_messages = true,
                               .make = Make<Loss>};

}  // namespace entente::harness
