// SPDX-License-Identifier: Apache-2.0

// Slice: a stream comes out in pieces of so many octets, counted from the start of each block, each piece by itself and a moment
// after the one before it: a receiver that takes one read for one unit is found out.

#include <algorithm>
#include <array>

#include "harness/links/impairment.h"
#include "harness/links/pieces.h"

namespace entente::harness {
namespace {

constexpr std::array kParameters{
    Parameter{.name = "octets",
              .type = ParameterType::kOctets,
              .description = "of a piece",
              .initial = 64,
              .minimum = 1,
              .maximum = 1460},
    Parameter{.name = "gap", .type = ParameterType::kDuration, .description = "between pieces of a block", .initial = 0.001},
};

class Slice final : public Impairment {
 public:
  explicit Slice(const ImpairmentContext& context)
      : Impairment(context), octets_(context.settings.Whole("octets")), gap_(context.settings.Time("gap")) {}

  void Apply(Passage& passage) override {
    passage.parcels = InPieces(std::move(passage.parcels), octets_);
    for (Parcel& parcel : passage.parcels) parcel.due += gap_ * static_cast<std::int64_t>(parcel.at / octets_);
    if (passage.first()) Decide(passage, DecisionKind::kSliced);
  }

 private:
  std::size_t octets_;
  Duration gap_;
};

}  // namespace

extern const ImpairmentKind kSliceKind;
const ImpairmentKind kSliceKind{.name = "slice",
                                .summary = "comes out in small pieces",
                                .source = "RFC 9293 section 3.8: a stream has no boundaries but octets",
                                .parameters = kParameters,
                                .on_datagrams = false,
                                .by_arrival = true,
                                .make = Make<Slice>};

}  // namespace entente::harness
