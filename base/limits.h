// SPDX-License-Identifier: Apache-2.0
#pragma once

// Named limits that more than one folder needs. Each says what happens when it is reached; a limit of one part only stands in that
// part. An exercise file may lower, never raise, those of peers.

#include <cstddef>
#include <cstdint>

namespace entente::limits {

// One wire unit from a peer (ATAK's limit for inbound direct messages). Larger: refused, the session goes on with the next unit
// where framing allows, else it is closed.
inline constexpr std::size_t kUnitOctets = 500 * 1024;
// One envelope on the bus. Larger: the publisher gets a refusal.
inline constexpr std::size_t kEnvelopeOctets = 1024 * 1024;
// One frame of the bus. Larger: the stream is closed with the reason.
inline constexpr std::size_t kFrameOctets = 4 * 1024 * 1024;
// Queue from broker to one node, in octets. Full: lowest precedence is dropped first, with a reason.
inline constexpr std::size_t kNodeQueueOctets = 16 * 1024 * 1024;
// Output waiting for one access link, in octets. Full: the gateway stops taking deliveries (TCP) or drops with a reason (UDP).
inline constexpr std::size_t kLinkOutputOctets = 4 * 1024 * 1024;
// XML nesting and attributes per element. Deeper or more: refused.
inline constexpr std::size_t kXmlDepth = 64;
inline constexpr std::size_t kXmlAttributes = 256;
// Findings kept per unit; later ones are counted in the last.
inline constexpr std::size_t kFindingsPerUnit = 32;

}  // namespace entente::limits
