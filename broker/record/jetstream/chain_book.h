// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which messages of the stream are frames of the record. JetStream keeps what it acknowledged and gives every reader the same
// order, but a writer that saw no acknowledgement sends again, and what it sent behind a lost message may be stored before it. So
// every reader keeps the chain of every writer, and a message counts if it is the next link of its chain: all readers agree,
// because all of them see the same stream. Not thread-safe.

#include <map>
#include <string>

#include "broker/record/jetstream/chain_frame.h"

namespace entente::record {

enum class Placing {
  kCounts,     // the next link of its writer's chain: a frame of the record
  kRepeated,   // sent again after its acknowledgement was lost
  kOutOfTurn,  // overtook a frame that was lost; its writer sends it again behind that one
  kForeign,    // does not follow the frame before it: altered, or of another writer
};

class ChainBook {
 public:
  struct Chain {
    std::uint64_t frames = 0;
    Digest head{};  // of the last frame; ChainOrigin before the first

    bool operator==(const Chain&) const = default;
  };

  Placing Place(const std::string& writer, const ChainFrame& frame);

  [[nodiscard]] const std::map<std::string, Chain>& chains() const { return chains_; }
  // Covers every writer's name, number of frames and head.
  [[nodiscard]] Digest RecordDigest() const;

 private:
  std::map<std::string, Chain> chains_;
};

}  // namespace entente::record
