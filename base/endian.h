// SPDX-License-Identifier: Apache-2.0
#pragma once

// Eight octets as one number: the window through which packed formats and text are read quickly.

#include <bit>
#include <cstdint>
#include <cstring>

namespace entente {

// Reads octets[0] to octets[7].
inline std::uint64_t LoadBigEndian64(const void* octets) {
  std::uint64_t value = 0;
  std::memcpy(&value, octets, sizeof(value));
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  return value;
}

inline std::uint64_t LoadLittleEndian64(const void* octets) {
  std::uint64_t value = 0;
  std::memcpy(&value, octets, sizeof(value));
  if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
  return value;
}

// Writes octets[0] to octets[7].
inline void StoreBigEndian64(void* octets, std::uint64_t value) {
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  std::memcpy(octets, &value, sizeof(value));
}

}  // namespace entente
