// SPDX-License-Identifier: Apache-2.0

// Flap: the link goes down and comes up again at fixed intervals, beginning with down.

#include <array>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::array<std::string_view, 2> kHow{"silent", "refuse"};
constexpr std::array kParameters{
    Parameter{.name = "period",
              .type = ParameterType::kDuration,
              .description = "from one time it goes down to the next",
              .minimum = 0.001,
              .required = true},
    Parameter{.name = "down",
              .type = ParameterType::kShare,
              .description = "of each period, at its beginning",
              .initial = 0.5,
              .maximum = 1},
    Parameter{.name = "how",
              .type = ParameterType::kChoice,
              .description = "silent: octets do not pass; refuse: connections are reset and refused",
              .choices = kHow},
};

class Flap final : public Impairment {
 public:
  explicit Flap(const ImpairmentContext& context)
      : Impairment(context),
        period_(std::max(context.settings.Time("period"), Duration{1})),
        down_(FromSeconds(ToSeconds(period_) * context.settings.Number("down"))),
        gate_(context.settings.Word("how") == "refuse" ? Gate::kRefusing : Gate::kShut) {}

  [[nodiscard]] GateState GateAt(Instant now) const override {
    const Duration elapsed = std::max(now - since(), Duration{0});
    const Instant begun = since() + elapsed / period_ * period_;
    if (now - begun < down_) return {gate_, begun + down_};
    return {Gate::kOpen, begun + period_};
  }

 private:
  Duration period_;
  Duration down_;
  Gate gate_;
};

}  // namespace

extern const ImpairmentKind kFlapKind;
const ImpairmentKind kFlapKind{.name = "flap",
                               .summary = "goes down and comes up again, at fixed intervals",
                               .source = "RFC 2439 section 1: what flapping does to those behind the link",
                               .parameters = kParameters,
                               .on_messages = true,
                               .by_arrival = true,
                               .make = Make<Flap>};

}  // namespace entente::harness
