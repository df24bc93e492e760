// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a link does to octets, as plain values. The host translates from the exercise's messages: links know no protobuf.

#include <cstdint>
#include <string_view>

#include "base/time.h"

namespace entente::harness {

enum class LinkDirection { kToGateway, kToNode };
enum class LinkCarrier { kStream, kDatagram };

struct Conditions {
  Duration latency{0};
  Duration jitter{0};          // uniform, 0 to this, added to the latency
  double loss = 0;             // probability per unit, 0 to 1
  std::uint64_t rate_bps = 0;  // bits per second; 0: unlimited

  bool operator==(const Conditions&) const = default;
};

// `base` with everything that is not zero in `over` in its place.
Conditions Overlay(const Conditions& base, const Conditions& over);

// "to-gateway", "to-node": part of the name of a link's streams of chance.
std::string_view DirectionName(LinkDirection direction);

}  // namespace entente::harness
