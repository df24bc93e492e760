// SPDX-License-Identifier: Apache-2.0

// Corrupt: bits of a unit are turned over, or octets of it replaced by others. Which ones follows from the unit's number and not
// from how its octets came: of a stream's block, those places that never come are never wrong.

#include <array>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::array<std::string_view, 2> kWhat{"bits", "octets"};
constexpr std::array kParameters{
    Parameter{.name = "share", .type = ParameterType::kShare, .description = "probability per unit", .required = true},
    Parameter{.name = "what", .type = ParameterType::kChoice, .description = "turned over or replaced", .choices = kWhat},
    Parameter{.name = "count",
              .type = ParameterType::kCount,
              .description = "how many of them in such a unit",
              .initial = 1,
              .minimum = 1,
              .maximum = 1460},
};

class Corrupt final : public Impairment {
 public:
  explicit Corrupt(const ImpairmentContext& context)
      : Impairment(context),
        share_(context.settings.Number("share")),
        bits_(context.settings.Word("what") == "bits"),
        count_(context.settings.Whole("count")) {}

  void Apply(Passage& passage) override {
    Prng chance = ChanceOf(passage.unit);
    const std::size_t size = on_stream() ? kBlockOctets : passage.octets;
    if (!chance.Chance(share_) || size == 0) return;
    for (std::uint64_t i = 0; i < count_; ++i) {
      const std::size_t place = chance.Below(size);
      const auto pattern = static_cast<std::uint8_t>(bits_ ? 1U << chance.Below(8) : 1 + chance.Below(255));
      for (Parcel& parcel : passage.parcels) {
        if (place >= parcel.at && place - parcel.at < parcel.octets.size()) parcel.octets[place - parcel.at] ^= pattern;
      }
    }
    if (passage.first()) Decide(passage, DecisionKind::kCorrupted);
  }

 private:
  double share_;
  bool bits_;
  std::uint64_t count_;
};

}  // namespace

extern const ImpairmentKind kCorruptKind;
const ImpairmentKind kCorruptKind{.name = "corrupt",
                                  .summary = "comes with wrong bits or octets in it, past what checksums find",
                                  .source = "J. Stone and C. Partridge, When the CRC and TCP checksum disagree, SIGCOMM 2000",
                                  .parameters = kParameters,
                                  .make = Make<Corrupt>};

}  // namespace entente::harness
