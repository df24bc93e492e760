// SPDX-License-Identifier: Apache-2.0

// Latency and jitter: a unit is due this much after it arrived; what is added to the delay is drawn once per unit. A datagram may
// so overtake another; on a stream the channel keeps the order. A recorded trace gives the delays one by one, and begins again at
// its end.

#include <array>
#include <cmath>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::array<std::string_view, 5> kDistributions{"uniform", "constant", "normal", "pareto", "trace"};
constexpr std::array kParameters{
    Parameter{.name = "delay", .type = ParameterType::kDuration, .description = "one way, from arrival"},
    Parameter{.name = "jitter",
              .type = ParameterType::kDuration,
              .description = "uniform: 0 to this is added; normal: the standard deviation; pareto: the scale of what is added"},
    Parameter{.name = "distribution",
              .type = ParameterType::kChoice,
              .description = "of the jitter; trace: the delays of \"delays\" in their order",
              .choices = kDistributions},
    Parameter{.name = "shape",
              .type = ParameterType::kNumber,
              .description = "of pareto: the smaller, the longer the tail",
              .initial = 3,
              .minimum = 1.1,
              .maximum = 100},
    Parameter{.name = "delays", .type = ParameterType::kDurations, .description = "of trace: as they were recorded, one per unit"},
};
// A Pareto tail has no end; a link does.
constexpr double kLongestSeconds = 60;

class Latency final : public Impairment {
 public:
  explicit Latency(const ImpairmentContext& context)
      : Impairment(context),
        delay_(context.settings.Time("delay")),
        jitter_(context.settings.Time("jitter")),
        distribution_(context.settings.Word("distribution")),
        shape_(context.settings.Number("shape")),
        delays_(context.settings.Times("delays")) {}

  void Apply(Passage& passage) override {
    if (passage.first()) present_ = DelayOf(passage.unit);
    passage.Delay(present_);
    if (passage.first() && present_ != Duration{0}) Decide(passage, DecisionKind::kDelayed, present_);
  }

 private:
  [[nodiscard]] Duration DelayOf(std::uint64_t unit) const {
    if (distribution_ == "trace") return delays_.empty() ? delay_ : delays_[unit % delays_.size()];
    if (jitter_ == Duration{0} || distribution_ == "constant") return delay_;
    Prng chance = ChanceOf(unit);
    const double jitter = ToSeconds(jitter_);
    double added = 0;
    if (distribution_ == "uniform") {
      added = chance.Uniform() * jitter;
    } else if (distribution_ == "normal") {
      added = chance.Normal() * jitter;
    } else {
      added = jitter * (std::pow(1 - chance.Uniform(), -1 / shape_) - 1);
    }
    return std::max(delay_ + FromSeconds(std::min(added, kLongestSeconds)), Duration{0});
  }

  Duration delay_;
  Duration jitter_;
  std::string distribution_;
  double shape_;
  std::vector<Duration> delays_;
  Duration present_{0};  // of the present unit
};

}  // namespace

extern const ImpairmentKind kLatencyKind;
const ImpairmentKind kLatencyKind{
    .name = "latency",
    .summary = "comes later: constant, or with uniform, normal or Pareto jitter, or as recorded",
    .source =
        "heavy tails of delay: A. Mukherjee, On the dynamics and significance of low frequency components of Internet load, "
        "Internetworking 5 (1994)",
    .parameters = kParameters,
    .on_messages = true,
    .make = Make<Latency>};

}  // namespace entente::harness
