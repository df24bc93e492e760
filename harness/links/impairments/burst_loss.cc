// SPDX-License-Identifier: Apache-2.0

// Loss in bursts, after Gilbert and Elliott: a channel that is good or bad, with a loss of its own in each. One draw per unit moves
// it, from the unit's own stream of chance, so that the state at a unit is a function of the draws up to it and of nothing else.
// The two states share the draw u: good turns bad when u < p, bad stays bad when u < 1 - r. A draw below both bounds ends in bad,
// above both in good, whatever was before; so the state at any unit is found by walking back to the nearest such draw, without
// having seen the units between. It does not matter when the fault began, or which units this process happened to carry.

#include <algorithm>
#include <array>
#include <optional>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr Duration kTimeout = std::chrono::seconds(1);  // RFC 6298 (2.4), as in loss.cc

constexpr std::array kParameters{
    Parameter{.name = "p",
              .type = ParameterType::kShare,
              .description = "probability per unit that the good channel turns bad",
              .minimum = 1e-6,
              .maximum = 1,
              .required = true},
    Parameter{.name = "r",
              .type = ParameterType::kShare,
              .description = "probability per unit that the bad channel turns good; 1/r is the mean length of a burst",
              .minimum = 1e-6,
              .maximum = 1,
              .required = true},
    Parameter{.name = "loss-in-bad",
              .type = ParameterType::kShare,
              .description = "1 - h: loss in the bad state",
              .initial = 1,
              .maximum = 1},
    Parameter{.name = "loss-in-good", .type = ParameterType::kShare, .description = "1 - k: loss in the good state", .maximum = 1},
};

class BurstLoss final : public Impairment {
 public:
  explicit BurstLoss(const ImpairmentContext& context)
      : Impairment(context),
        p_(context.settings.Number("p")),
        r_(context.settings.Number("r")),
        loss_in_bad_(context.settings.Number("loss-in-bad")),
        loss_in_good_(context.settings.Number("loss-in-good")) {}

  void Apply(Passage& passage) override {
    if (!passage.first()) return;
    const bool bad = BadAt(passage.unit);
    Prng chance = ChanceOf(passage.unit);
    chance.Uniform();  // moved the state
    if (!chance.Chance(bad ? loss_in_bad_ : loss_in_good_)) return;
    if (on_stream()) {
      passage.Delay(kTimeout);
      return Decide(passage, DecisionKind::kDelayed, kTimeout);
    }
    passage.parcels.clear();
    Decide(passage, DecisionKind::kLost);
  }

 private:
  // The state that a draw leads to; std::nullopt: it depends on the state before.
  [[nodiscard]] std::optional<bool> Settled(double draw) const {
    if (draw < std::min(p_, 1 - r_)) return true;
    if (draw >= std::max(p_, 1 - r_)) return false;
    return std::nullopt;
  }
  [[nodiscard]] bool Step(bool bad, double draw) const { return draw < (bad ? 1 - r_ : p_); }

  bool BadAt(std::uint64_t unit) {
    if (known_ && known_->unit == unit) return known_->bad;
    // Back to a draw that settles the state, or to the last unit that is known, or to the first.
    std::uint64_t from = unit;
    std::optional<bool> state;
    while (true) {
      if (known_ && from == known_->unit) {
        state = known_->bad;
        break;
      }
      state = Settled(ChanceOf(from).Uniform());
      if (state || from == 0) break;
      --from;
    }
    bool bad = state.value_or(Step(false, ChanceOf(0).Uniform()));  // before the first unit it is good
    for (std::uint64_t at = from + 1; at <= unit; ++at) bad = Step(bad, ChanceOf(at).Uniform());
    known_ = Known{unit, bad};
    return bad;
  }

  struct Known {
    std::uint64_t unit = 0;
    bool bad = false;
  };
  double p_;
  double r_;
  double loss_in_bad_;
  double loss_in_good_;
  std::optional<Known> known_;
};

}  // namespace

extern const ImpairmentKind kBurstLossKind;
const ImpairmentKind kBurstLossKind{
    .name = "burst-loss",
    .summary = "is lost in bursts (Gilbert-Elliott); on a stream it comes after retransmission",
    .source =
        "E. N. Gilbert, Capacity of a burst-noise channel, BSTJ 39 (1960); E. O. Elliott, Estimates of error rates for codes on "
        "burst-noise channels, BSTJ 42 (1963)",
    .parameters = kParameters,
    .on_messages = true,
    .make = Make<BurstLoss>};

}  // namespace entente::harness
