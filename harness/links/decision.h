// SPDX-License-Identifier: Apache-2.0
#pragma once

// What one impairment did to one unit of a link: returned as a value, turned into an event of the record by the caller. A unit is a
// datagram, or a block of kBlockOctets by stream offset, whatever the reads were.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "harness/links/conditions.h"

namespace entente::harness {

// Octets of a TCP segment on Ethernet: 1,500 less 20 for IPv4 and 20 for TCP (RFC 9293 §3.7.1).
inline constexpr std::size_t kBlockOctets = 1460;

enum class DecisionKind {
  kDelayed,  // comes later, by `delay`
  kLost,     // does not come (datagram)
  kHeld,     // waits for the end of an outage (stream)
};

struct Decision {
  LinkDirection direction = LinkDirection::kToGateway;
  std::string_view rule;   // "latency", "loss", "rate", "outage", "queue": the impairment's name
  std::uint64_t unit = 0;  // per link and direction, from 0
  DecisionKind kind = DecisionKind::kDelayed;
  Duration delay{0};
  std::size_t octets = 0;  // of the datagram; of a stream always kBlockOctets, though less of the block may have come

  bool operator==(const Decision&) const = default;
};

// "delayed", "lost", "held".
std::string_view DecisionName(DecisionKind kind);

}  // namespace entente::harness
