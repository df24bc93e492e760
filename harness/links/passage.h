// SPDX-License-Identifier: Apache-2.0
#pragma once

// What arrives of one unit, on its way through a chain of impairments: each may change the parcels that come out of it, and says so
// as a decision. Lives for one walk through the chain.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "harness/links/decision.h"

namespace entente::harness {

struct LinkStream {
  std::string link;  // the node whose access link it is: part of the name of every stream of chance
  LinkDirection direction = LinkDirection::kToGateway;
  LinkCarrier carrier = LinkCarrier::kStream;
  std::uint64_t seed = 0;
};

// Octets that come out together.
struct Parcel {
  std::size_t at = 0;  // of its first octet, from the unit's start
  Bytes octets;
  Instant due{};
  bool alone = false;  // never joined with what is due at the same time
};

// A queued unit that must make room, and how much sooner the units behind it leave in its place.
struct Withdrawal {
  std::uint64_t unit = 0;
  Duration sooner{0};
};

enum class ConnectionEnd { kReset, kClose };

struct Passage {
  std::uint64_t unit = 0;
  std::size_t at = 0;      // where in the unit these octets begin; of a datagram 0
  std::size_t octets = 0;  // that came, whatever has become of them
  Instant arrived{};
  std::uint64_t connection_octets = 0;  // of the stream's present connection, before these

  std::vector<Parcel> parcels = {};  // in order of `at`; empty: nothing comes out
  std::vector<Withdrawal> withdrawn = {};
  std::optional<ConnectionEnd> end = {};  // of the connection, after the parcels
  std::vector<Decision> decisions = {};

  // The unit's first octets: chance decides here, once per unit.
  [[nodiscard]] bool first() const { return at == 0; }
  // Of the whole stream.
  [[nodiscard]] std::uint64_t offset() const { return unit * kBlockOctets + at; }
  void Delay(Duration by) {
    for (Parcel& parcel : parcels) parcel.due += by;
  }
};

}  // namespace entente::harness
