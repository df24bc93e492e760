// SPDX-License-Identifier: Apache-2.0

// Truncate: a datagram loses its end. On a stream the connection ends within such a block: what was sent up to there still arrives,
// what came after it is gone, and both sides see an orderly close in the middle of a unit.

#include <array>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::array kParameters{
    Parameter{.name = "share", .type = ParameterType::kShare, .description = "probability per unit", .required = true},
    Parameter{.name = "keep",
              .type = ParameterType::kShare,
              .description = "of such a unit, its beginning",
              .initial = 0.5,
              .maximum = 1},
};

class Truncate final : public Impairment {
 public:
  explicit Truncate(const ImpairmentContext& context)
      : Impairment(context), share_(context.settings.Number("share")), keep_(context.settings.Number("keep")) {}

  void Apply(Passage& passage) override {
    if (cut_) return passage.parcels.clear();
    if (!ChanceOf(passage.unit).Chance(share_)) return;
    const auto kept = static_cast<std::size_t>(keep_ * static_cast<double>(on_stream() ? kBlockOctets : passage.octets));
    if (passage.first()) Decide(passage, DecisionKind::kTruncated);
    for (Parcel& parcel : passage.parcels) {
      if (parcel.at + parcel.octets.size() > kept) parcel.octets.resize(kept > parcel.at ? kept - parcel.at : 0);
    }
    if (!on_stream() || passage.at + passage.octets <= kept) return;
    std::erase_if(passage.parcels, [](const Parcel& parcel) { return parcel.octets.empty(); });
    passage.end = ConnectionEnd::kClose;
    cut_ = true;
  }
  void OnConnection() override { cut_ = false; }
  [[nodiscard]] bool SpoilsConnection() const override { return cut_; }

 private:
  double share_;
  double keep_;
  bool cut_ = false;  // of a stream: what comes after it is gone
};

}  // namespace

extern const ImpairmentKind kTruncateKind;
const ImpairmentKind kTruncateKind{.name = "truncate",
                                   .summary = "comes without its end; a stream's connection closes within it",
                                   .source = "RFC 9293 section 3.6: a connection may close at any octet",
                                   .parameters = kParameters,
                                   .make = Make<Truncate>};

}  // namespace entente::harness
