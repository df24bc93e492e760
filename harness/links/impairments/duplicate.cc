// SPDX-License-Identifier: Apache-2.0

// Duplicate: a datagram comes more than once, as after a switch of routes or over two paths. Not on a stream: TCP removes
// duplicates.

#include <algorithm>
#include <array>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::array kParameters{
    Parameter{.name = "share", .type = ParameterType::kShare, .description = "probability per unit", .required = true},
    Parameter{.name = "copies",
              .type = ParameterType::kCount,
              .description = "how many come beside the first",
              .initial = 1,
              .minimum = 1,
              .maximum = 16},
    Parameter{.name = "after", .type = ParameterType::kDuration, .description = "each copy after the one before it"},
};

class Duplicate final : public Impairment {
 public:
  explicit Duplicate(const ImpairmentContext& context)
      : Impairment(context),
        share_(context.settings.Number("share")),
        copies_(context.settings.Whole("copies")),
        after_(context.settings.Time("after")) {}

  void Apply(Passage& passage) override {
    if (!ChanceOf(passage.unit).Chance(share_)) return;
    const std::vector<Parcel> once = passage.parcels;
    Duration later{0};
    for (std::uint64_t i = 0; i < copies_; ++i) {
      later += after_;
      for (Parcel copy : once) {
        copy.due += later;
        passage.parcels.push_back(std::move(copy));
      }
    }
    Decide(passage, DecisionKind::kDuplicated, later);
  }

 private:
  double share_;
  std::uint64_t copies_;
  Duration after_;
};

}  // namespace

extern const ImpairmentKind kDuplicateKind;
const ImpairmentKind kDuplicateKind{.name = "duplicate",
                                    .summary = "comes more than once",
                                    .source = "RFC 2679 section 3.8.2 names the case; the share is the user's",
                                    .parameters = kParameters,
                                    .on_streams = false,
                                    .on_messages = true,
                                    .make = Make<Duplicate>};

}  // namespace entente::harness
