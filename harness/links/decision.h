// SPDX-License-Identifier: Apache-2.0
#pragma once

// What one impairment did to one unit of a link: returned as a value, turned into an event of the record by the caller. A unit is a
// datagram, or a block of kBlockOctets by stream offset, whatever the reads were; at the message stage, a message.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace entente::harness {

enum class LinkDirection { kToGateway, kToNode };
enum class LinkCarrier { kStream, kDatagram };

// Octets of a TCP segment on Ethernet: 1,500 less 20 for IPv4 and 20 for TCP (RFC 9293 §3.7.1).
inline constexpr std::size_t kBlockOctets = 1460;

enum class DecisionKind {
  kDelayed,     // comes later, by `delay`
  kLost,        // does not come
  kHeld,        // waits for the end of an outage (stream)
  kDuplicated,  // comes more than once (datagram)
  kReordered,   // comes later, by `delay`, so that others overtake it
  kCorrupted,   // comes with other octets in it
  kTruncated,   // comes without its end; of a stream, the connection ends there
  kSliced,      // comes in pieces
  kReset,       // the connection is reset
};

struct Decision {
  LinkDirection direction = LinkDirection::kToGateway;
  std::string rule;        // the impairment's name in its chain: "latency", "loss", "jam/loss"; "queue": the channel's own limit
  std::uint64_t unit = 0;  // per link and direction, from 0
  DecisionKind kind = DecisionKind::kDelayed;
  Duration delay{0};
  std::size_t octets = 0;  // of the datagram; of a stream always kBlockOctets, though less of the block may have come

  bool operator==(const Decision&) const = default;
};

// "delayed", "lost", "held", "duplicated", "reordered", "corrupted", "truncated", "sliced", "reset".
std::string_view DecisionName(DecisionKind kind);
// "to-gateway", "to-node": part of the name of a link's streams of chance.
std::string_view DirectionName(LinkDirection direction);

}  // namespace entente::harness
