// SPDX-License-Identifier: Apache-2.0
#pragma once

// A fuzz input as a sequence of frames: each a length of two octets, little-endian, and that many octets; the last may be cut.

#include <algorithm>
#include <vector>

#include "base/bytes.h"

namespace entente::broker::testing {

inline std::vector<ByteView> CutIntoFrames(ByteView input) {
  std::vector<ByteView> frames;
  while (input.size() >= 2) {
    const std::size_t said = input[0] | static_cast<std::size_t>(input[1]) << 8;
    const std::size_t length = std::min(said, input.size() - 2);
    frames.push_back(input.subspan(2, length));
    input = input.subspan(2 + length);
  }
  return frames;
}

}  // namespace entente::broker::testing
