// SPDX-License-Identifier: Apache-2.0

// Slow close: one side closes the connection, and the other hears of it only after a while.

#include <array>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::array kParameters{
    Parameter{.name = "delay", .type = ParameterType::kDuration, .description = "before the other side is told", .required = true},
};

class SlowClose final : public Impairment {
 public:
  explicit SlowClose(const ImpairmentContext& context) : Impairment(context), delay_(context.settings.Time("delay")) {}
  [[nodiscard]] Duration CloseDelay() const override { return delay_; }

 private:
  Duration delay_;
};

}  // namespace

extern const ImpairmentKind kSlowCloseKind;
const ImpairmentKind kSlowCloseKind{.name = "slow-close",
                                    .summary = "the end of a connection takes long to be told",
                                    .source = "RFC 9293 section 3.6: each side closes by itself",
                                    .parameters = kParameters,
                                    .on_datagrams = false,
                                    .by_arrival = true,
                                    .make = Make<SlowClose>};

}  // namespace entente::harness
