// SPDX-License-Identifier: Apache-2.0

// Reset: the connection is reset once so many octets of it have come, each time anew; or once, at a time after this began.

#include <array>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::array kParameters{
    Parameter{.name = "octets",
              .type = ParameterType::kOctets,
              .description = "of a connection that pass before it is reset; 0: octets do not matter",
              .maximum = 1e12},
    Parameter{
        .name = "after", .type = ParameterType::kDuration, .description = "this began, once; 0: at once, unless octets are given"},
};

class ResetConnection final : public Impairment {
 public:
  explicit ResetConnection(const ImpairmentContext& context)
      : Impairment(context), octets_(context.settings.Whole("octets")), after_(context.settings.Time("after")) {}

  void Apply(Passage& passage) override {
    if (octets_ == 0) return;
    if (done_) return passage.parcels.clear();
    if (passage.connection_octets + passage.octets < octets_) return;
    const auto pass = static_cast<std::size_t>(octets_ - passage.connection_octets);
    for (Parcel& parcel : passage.parcels) {
      const std::size_t before = parcel.at - passage.at;
      if (before + parcel.octets.size() > pass) parcel.octets.resize(pass > before ? pass - before : 0);
    }
    std::erase_if(passage.parcels, [](const Parcel& parcel) { return parcel.octets.empty(); });
    passage.end = ConnectionEnd::kReset;
    done_ = true;
    Decide(passage, DecisionKind::kReset);
  }
  [[nodiscard]] std::optional<Instant> NextReset(Instant after) const override {
    const bool timed = octets_ == 0 || after_ > Duration{0};
    return timed && since() + after_ > after ? std::optional(since() + after_) : std::nullopt;
  }
  void OnConnection() override { done_ = false; }

 private:
  std::uint64_t octets_;
  Duration after_;
  bool done_ = false;
};

}  // namespace

extern const ImpairmentKind kResetKind;
const ImpairmentKind kResetKind{.name = "reset",
                                .summary = "the connection is reset, after so many octets or at a time",
                                .source = "RFC 9293 section 3.10.7: a reset ends a connection at once",
                                .parameters = kParameters,
                                .on_datagrams = false,
                                .by_arrival = true,
                                .make = Make<ResetConnection>};

}  // namespace entente::harness
