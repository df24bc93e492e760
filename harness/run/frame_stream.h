// SPDX-License-Identifier: Apache-2.0
#pragma once

// Frames of the bus as octets of a stream, as gRPC writes a message: one octet that is zero (not compressed), the length in four
// octets, big-endian, then the frame (gRPC over HTTP/2, "Length-Prefixed-Message"). What HTTP/2 puts around it is not there.

#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace entente::harness {

// The frame behind its prefix.
Bytes Prefixed(ByteView frame);

// Puts frames together again from octets in any slices.
class FrameStream {
 public:
  // An error: this was never a frame of ours; the stream cannot go on.
  Result<std::optional<Bytes>> Next();
  void Append(ByteView octets) { octets_.insert(octets_.end(), octets.begin(), octets.end()); }
  void Clear() { octets_.clear(); }

 private:
  Bytes octets_;
};

}  // namespace entente::harness
