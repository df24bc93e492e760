// SPDX-License-Identifier: Apache-2.0
#pragma once

// The octets of one JetStream message: one frame of one writer's chain, as FORMAT.md has them. The body is that of the segment
// log's event frame. Pure functions; all numbers little-endian.

#include <string_view>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"

namespace entente::record {

inline constexpr std::size_t kChainHeaderOctets = 76;

struct ChainFrame {
  std::uint64_t number = 0;  // in its writer's chain, from 1
  Digest previous{};         // hash of the frame before it in that chain; of the first: ChainOrigin
  Digest hash{};             // SHA-256 of previous and body
  ByteView body;             // into the octets that were parsed

  bool operator==(const ChainFrame& other) const { return number == other.number && hash == other.hash; }
};

// What the first frame of a writer's chain follows: a frame cannot be passed off as another writer's.
Digest ChainOrigin(std::string_view writer);

// A whole message, and the frame's hash through `hash`, which may be where `previous` came from.
Bytes EncodeChainFrame(std::uint64_t number, Digest previous, ByteView body, Digest& hash);
// kUnsupported: of another version. kDataLoss: not as it was written. `where` names the message for people.
Result<ChainFrame> ParseChainFrame(ByteView octets, std::string_view where);

}  // namespace entente::record
