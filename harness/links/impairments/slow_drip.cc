// SPDX-License-Identifier: Apache-2.0

// Slow drip: a stream comes out so many octets at a time, at fixed intervals, for as long as there is any: the connection lives,
// and hardly anything arrives.

#include <algorithm>
#include <array>

#include "harness/links/impairment.h"
#include "harness/links/pieces.h"

namespace entente::harness {
namespace {

constexpr std::array kParameters{
    Parameter{
        .name = "octets", .type = ParameterType::kOctets, .description = "of a drop", .initial = 16, .minimum = 1, .maximum = 1460},
    Parameter{.name = "every", .type = ParameterType::kDuration, .description = "from drop to drop", .initial = 0.1},
};

class SlowDrip final : public Impairment {
 public:
  explicit SlowDrip(const ImpairmentContext& context)
      : Impairment(context), octets_(context.settings.Whole("octets")), every_(context.settings.Time("every")) {}

  void Apply(Passage& passage) override {
    passage.parcels = InPieces(std::move(passage.parcels), octets_);
    const Instant before = next_;
    for (Parcel& parcel : passage.parcels) {
      // A piece that came in two reads is one drop.
      if (parcel.at % octets_ == 0) {
        drop_ = std::max(next_, passage.arrived);
        next_ = drop_ + every_;
      }
      parcel.due += std::max(drop_ - passage.arrived, Duration{0});
    }
    if (passage.first()) Decide(passage, DecisionKind::kSliced, std::max(before - passage.arrived, Duration{0}));
  }
  [[nodiscard]] bool HoldsBack() const override { return true; }
  void OnConnection() override { drop_ = next_ = {}; }

 private:
  std::size_t octets_;
  Duration every_;
  Instant drop_{};
  Instant next_{};
};

}  // namespace

extern const ImpairmentKind kSlowDripKind;
const ImpairmentKind kSlowDripKind{.name = "slow-drip",
                                   .summary = "comes out a few octets at a time",
                                   .source = "RFC 9293 section 3.8.6.2.1: the silly window, made by the link",
                                   .parameters = kParameters,
                                   .on_datagrams = false,
                                   .by_arrival = true,
                                   .make = Make<SlowDrip>};

}  // namespace entente::harness
