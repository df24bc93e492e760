// SPDX-License-Identifier: Apache-2.0
#pragma once

// Eight characters at a time, as the octets of one number: what a feed's inner loops are made of.

#include <cstddef>
#include <cstdint>

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

}  // namespace entente::ais
