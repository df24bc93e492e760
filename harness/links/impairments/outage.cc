// SPDX-License-Identifier: Apache-2.0

// Outage: nothing passes. Datagrams are lost, a stream is held until the end; or connections are reset and refused.

#include <array>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::array<std::string_view, 2> kHow{"silent", "refuse"};
constexpr std::array kParameters{
    Parameter{.name = "how",
              .type = ParameterType::kChoice,
              .description = "silent: octets do not pass; refuse: connections are reset and refused",
              .choices = kHow},
};

class Outage final : public Impairment {
 public:
  explicit Outage(const ImpairmentContext& context)
      : Impairment(context), gate_(context.settings.Word("how") == "refuse" ? Gate::kRefusing : Gate::kShut) {}
  [[nodiscard]] GateState GateAt(Instant /*now*/) const override { return {gate_}; }

 private:
  Gate gate_;
};

}  // namespace

extern const ImpairmentKind kOutageKind;
const ImpairmentKind kOutageKind{.name = "outage",
                                 .summary = "nothing passes",
                                 .source = "a cut cable, a radio in a tunnel: no model",
                                 .parameters = kParameters,
                                 .on_messages = true,
                                 .by_arrival = true,
                                 .make = Make<Outage>};

}  // namespace entente::harness
