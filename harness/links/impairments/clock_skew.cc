// SPDX-License-Identifier: Apache-2.0

// Clock skew: the clock of the link's node is wrong by an offset, and runs too fast or too slow from when this began. Octets pass
// unharmed; what a simulated node says is stamped with its own time.

#include <array>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::array kParameters{
    Parameter{.name = "offset", .type = ParameterType::kSignedDuration, .description = "ahead of the right time; may be negative"},
    Parameter{.name = "drift",
              .type = ParameterType::kNumber,
              .description = "parts per million too fast; may be negative",
              .minimum = -100'000,
              .maximum = 100'000},
};

class ClockSkew final : public Impairment {
 public:
  explicit ClockSkew(const ImpairmentContext& context)
      : Impairment(context), offset_(context.settings.Time("offset")), drift_ppm_(context.settings.Number("drift")) {}

  [[nodiscard]] Duration ClockError(Instant now) const override {
    return offset_ + FromSeconds(ToSeconds(now - since()) * drift_ppm_ * 1e-6);
  }

 private:
  Duration offset_;
  double drift_ppm_;
};

}  // namespace

extern const ImpairmentKind kClockSkewKind;
const ImpairmentKind kClockSkewKind{.name = "clock-skew",
                                    .summary = "the clock of the link's node is wrong, and drifts",
                                    .source = "RFC 5905 section 1: offset and frequency error of a clock",
                                    .parameters = kParameters,
                                    .of_node = true,
                                    .by_arrival = true,
                                    .make = Make<ClockSkew>};

}  // namespace entente::harness
