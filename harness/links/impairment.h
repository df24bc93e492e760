// SPDX-License-Identifier: Apache-2.0
#pragma once

// One thing that can happen to a unit on its way. An impairment is one file: it looks at a unit, may move its due time or lose it,
// and says so as a decision. What it leaves to chance comes from a stream of its own, keyed by the exercise's seed, the link, the
// direction, its own name and the unit's number: neither thread timing, nor the slicing of reads, nor another impairment changes
// it. docs/adding-an-impairment.md shows how to add one.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/prng.h"
#include "base/time.h"
#include "harness/links/conditions.h"
#include "harness/links/decision.h"

namespace entente::harness {

// A datagram, or the octets of one block of a stream that came together.
struct Transit {
  std::uint64_t unit = 0;
  std::size_t octets = 0;
  bool first = true;  // the unit's first octets: chance decides here, once per unit
  Instant arrived{};
  Instant due{};      // grows along the chain
  bool lost = false;  // datagrams only
};

struct LinkStream {
  std::string link;
  LinkDirection direction = LinkDirection::kToGateway;
  LinkCarrier carrier = LinkCarrier::kStream;
  std::uint64_t seed = 0;
};

class Impairment {
 public:
  virtual ~Impairment() = default;
  // Applies to one transit, in the order of arrival.
  virtual std::optional<Decision> Apply(const LinkStream& stream, const Conditions& conditions, Transit& transit) = 0;
};

// Chance of one impairment for one unit.
Prng ChanceOf(const LinkStream& stream, std::string_view rule, std::uint64_t unit);
Decision Decide(const LinkStream& stream, std::string_view rule, const Transit& transit, DecisionKind kind, Duration delay = {});

// The chain in its order: loss, latency, rate. An outage stands before it, in Channel, since it has no end to reckon with.
std::vector<std::unique_ptr<Impairment>> MakeChain();
std::unique_ptr<Impairment> MakeLoss();
std::unique_ptr<Impairment> MakeLatency();
std::unique_ptr<Impairment> MakeRate();

}  // namespace entente::harness
