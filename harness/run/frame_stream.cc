// SPDX-License-Identifier: Apache-2.0
#include "harness/run/frame_stream.h"

#include <fmt/format.h>

#include "base/limits.h"

namespace entente::harness {
namespace {

constexpr std::size_t kPrefixOctets = 5;

}  // namespace

Bytes Prefixed(ByteView frame) {
  const auto size = static_cast<std::uint32_t>(frame.size());
  Bytes octets;
  octets.reserve(kPrefixOctets + frame.size());
  octets.push_back(0);
  for (int shift = 24; shift >= 0; shift -= 8) octets.push_back(static_cast<std::uint8_t>(size >> shift));
  octets.insert(octets.end(), frame.begin(), frame.end());
  return octets;
}

Result<std::optional<Bytes>> FrameStream::Next() {
  if (octets_.size() < kPrefixOctets) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t i = 1; i < kPrefixOctets; ++i) size = size << 8 | octets_[i];
  if (octets_[0] != 0) return Fail(ErrorCode::kDataLoss, fmt::format("a frame begins with the octet {}, not 0", octets_[0]));
  if (size > limits::kFrameOctets) return Fail(ErrorCode::kExhausted, fmt::format("a frame says that it has {} octets", size));
  if (octets_.size() < kPrefixOctets + size) return std::nullopt;
  const auto begin = octets_.begin() + kPrefixOctets;
  Bytes frame(begin, begin + static_cast<std::ptrdiff_t>(size));
  octets_.erase(octets_.begin(), begin + static_cast<std::ptrdiff_t>(size));
  return frame;
}

}  // namespace entente::harness
