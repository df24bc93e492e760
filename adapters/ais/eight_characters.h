// SPDX-License-Identifier: Apache-2.0
#pragma once

// Eight characters at a time, as the octets of one number: what a feed's inner loops are made of.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/endian.h"

namespace entente::ais {

inline constexpr std::size_t kEight = sizeof(std::uint64_t);

constexpr std::uint64_t EachOctet(std::uint8_t octet) {
  return octet * 0x0101'0101'0101'0101U;
}
inline constexpr std::uint64_t kTopBits = EachOctet(0x80);

// Bit 7 is set of each octet that is not less than `least`. The octets' own bit 7 is clear, and so is that of `least`.
constexpr std::uint64_t NotLess(std::uint64_t characters, char least) {
  return characters + EachOctet(static_cast<std::uint8_t>(0x80 - least));
}

// Bit 7 is set of each octet that is `wanted`, and no other bit.
constexpr std::uint64_t Equal(std::uint64_t characters, char wanted) {
  const std::uint64_t differs = characters ^ EachOctet(static_cast<std::uint8_t>(wanted));
  return ~(((differs & ~kTopBits) + ~kTopBits) | differs) & kTopBits;
}

// The characters from `at` on, fewer than eight, and zeros behind them.
inline std::uint64_t LoadLast(std::string_view characters, std::size_t at) {
  const std::size_t left = characters.size() - at;
  if (left == 0) return 0;
  if (characters.size() >= kEight) return LoadLittleEndian64(characters.data() + characters.size() - kEight) >> 8 * (kEight - left);
  std::uint64_t loaded = 0;
  for (std::size_t i = left; i-- > 0;) loaded = loaded << 8 | static_cast<std::uint8_t>(characters[at + i]);
  return loaded;
}

// All eight, one with the next.
constexpr std::uint8_t ExclusiveOr(std::uint64_t characters) {
  characters ^= characters >> 32;
  characters ^= characters >> 16;
  return static_cast<std::uint8_t>(characters ^ characters >> 8);
}

}  // namespace entente::ais
