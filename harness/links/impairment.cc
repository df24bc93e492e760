// SPDX-License-Identifier: Apache-2.0
#include "harness/links/impairment.h"

#include <algorithm>

namespace entente::harness {

void Impairment::Apply(Passage& /*passage*/) {}

GateState Impairment::GateAt(Instant /*now*/) const {
  return {};
}

std::optional<Instant> Impairment::NextReset(Instant /*after*/) const {
  return std::nullopt;
}

Prng Impairment::ChanceOf(std::uint64_t unit) const {
  return Prng::Derive(stream_.seed, {"link", stream_.link, DirectionName(stream_.direction), rule_}, unit);
}

void Impairment::Decide(Passage& passage, DecisionKind kind, Duration delay) const {
  const std::size_t octets = on_stream() ? kBlockOctets : passage.octets;
  passage.decisions.push_back({stream_.direction, rule_, passage.unit, kind, delay, octets});
}

const ImpairmentKind* FindImpairmentKind(std::string_view name) {
  const auto kinds = ImpairmentKinds();
  const auto found = std::ranges::find(kinds, name, &ImpairmentKind::name);
  return found == kinds.end() ? nullptr : *found;
}

}  // namespace entente::harness
