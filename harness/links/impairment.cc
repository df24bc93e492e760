// SPDX-License-Identifier: Apache-2.0
#include "harness/links/impairment.h"

namespace entente::harness {

Prng ChanceOf(const LinkStream& stream, std::string_view rule, std::uint64_t unit) {
  return Prng::Derive(stream.seed, {"link", stream.link, DirectionName(stream.direction), rule}, unit);
}

Decision Decide(const LinkStream& stream, std::string_view rule, const Transit& transit, DecisionKind kind, Duration delay) {
  const std::size_t octets = stream.carrier == LinkCarrier::kStream ? kBlockOctets : transit.octets;
  return {stream.direction, rule, transit.unit, kind, delay, octets};
}

std::vector<std::unique_ptr<Impairment>> MakeChain() {
  std::vector<std::unique_ptr<Impairment>> chain;
  chain.push_back(MakeLoss());
  chain.push_back(MakeLatency());
  chain.push_back(MakeRate());
  return chain;
}

Conditions Overlay(const Conditions& base, const Conditions& over) {
  return {over.latency > Duration{0} ? over.latency : base.latency, over.jitter > Duration{0} ? over.jitter : base.jitter,
          over.loss > 0 ? over.loss : base.loss, over.rate_bps > 0 ? over.rate_bps : base.rate_bps};
}

std::string_view DirectionName(LinkDirection direction) {
  return direction == LinkDirection::kToGateway ? "to-gateway" : "to-node";
}

std::string_view DecisionName(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::kDelayed:
      return "delayed";
    case DecisionKind::kLost:
      return "lost";
    case DecisionKind::kHeld:
      return "held";
  }
  return "delayed";
}

}  // namespace entente::harness
