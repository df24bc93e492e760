// SPDX-License-Identifier: Apache-2.0

// Slow open: a connection is accepted, and the other side hears of it only after a while.

#include <array>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::array kParameters{
    Parameter{.name = "delay", .type = ParameterType::kDuration, .description = "before the connection goes on", .required = true},
};

class SlowOpen final : public Impairment {
 public:
  explicit SlowOpen(const ImpairmentContext& context) : Impairment(context), delay_(context.settings.Time("delay")) {}
  [[nodiscard]] Duration OpenDelay() const override { return delay_; }

 private:
  Duration delay_;
};

}  // namespace

extern const ImpairmentKind kSlowOpenKind;
const ImpairmentKind kSlowOpenKind{.name = "slow-open",
                                   .summary = "a connection takes long to open",
                                   .source = "RFC 9293 section 3.5: a handshake takes as long as its slowest segment",
                                   .parameters = kParameters,
                                   .on_datagrams = false,
                                   .by_arrival = true,
                                   .make = Make<SlowOpen>};

}  // namespace entente::harness
