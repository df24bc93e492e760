// SPDX-License-Identifier: Apache-2.0

// Half-open: the connection that there is falls silent and is not closed, as when a box between has forgotten it: octets vanish,
// and so does a close. When this ends the connection is reset, since a part of it is missing; a connection made meanwhile works.

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

class HalfOpen final : public Impairment {
 public:
  using Impairment::Impairment;

  void Apply(Passage& passage) override {
    if (!silent_) return;
    swallowed_ = true;
    passage.parcels.clear();
    if (passage.first()) Decide(passage, DecisionKind::kLost);
  }
  void OnConnection() override { silent_ = swallowed_ = false; }
  [[nodiscard]] Duration CloseDelay() const override { return silent_ ? Duration::max() : Duration{0}; }
  [[nodiscard]] bool SpoilsConnection() const override { return silent_ && swallowed_ && on_stream(); }

 private:
  bool silent_ = true;
  bool swallowed_ = false;
};

}  // namespace

extern const ImpairmentKind kHalfOpenKind;
const ImpairmentKind kHalfOpenKind{.name = "half-open",
                                   .summary = "the present connection falls silent and is not closed",
                                   .source = "RFC 9293 section 3.5.1: half-open connections",
                                   .parameters = {},
                                   .on_datagrams = false,
                                   .by_arrival = true,
                                   .make = Make<HalfOpen>};

}  // namespace entente::harness
