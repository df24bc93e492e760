// SPDX-License-Identifier: Apache-2.0

// Reorder: some units take a longer way, so that those behind overtake them. On a stream the receiver waits for them: they delay.

#include <array>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::array kParameters{
    Parameter{.name = "share", .type = ParameterType::kShare, .description = "probability per unit", .required = true},
    Parameter{.name = "by", .type = ParameterType::kDuration, .description = "how much later such a unit comes", .initial = 0.05},
};

class Reorder final : public Impairment {
 public:
  explicit Reorder(const ImpairmentContext& context)
      : Impairment(context), share_(context.settings.Number("share")), by_(context.settings.Time("by")) {}

  void Apply(Passage& passage) override {
    if (!passage.first() || !ChanceOf(passage.unit).Chance(share_)) return;
    passage.Delay(by_);
    Decide(passage, DecisionKind::kReordered, by_);
  }

 private:
  double share_;
  Duration by_;
};

}  // namespace

extern const ImpairmentKind kReorderKind;
const ImpairmentKind kReorderKind{.name = "reorder",
                                  .summary = "is overtaken by those behind it; on a stream it delays them",
                                  .source = "RFC 4737 section 3: a unit is reordered when a later one comes first",
                                  .parameters = kParameters,
                                  .on_messages = true,
                                  .make = Make<Reorder>};

}  // namespace entente::harness
