// SPDX-License-Identifier: Apache-2.0
#pragma once

// The checksum of NMEA 0183: all characters exclusive-or, as two hexadecimal digits (IEC 61162-1, checksum field).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/ais/eight_characters.h"

namespace entente::ais {

inline std::uint8_t Checksum(std::string_view characters) {
  std::uint64_t sums = 0;
  for (; characters.size() >= kEight; characters.remove_prefix(kEight)) sums ^= LoadLittleEndian64(characters.data());
  return ExclusiveOr(sums ^ LoadLast(characters, 0));
}

inline std::string ChecksumText(std::string_view characters) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const std::uint8_t sum = Checksum(characters);
  return {kDigits[sum >> 4], kDigits[sum & 0xF]};
}

inline int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// The value of exactly two hexadecimal digits.
inline std::optional<std::uint8_t> ParseChecksum(std::string_view digits) {
  if (digits.size() != 2) return std::nullopt;
  const int high = HexValue(digits[0]);
  const int low = HexValue(digits[1]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<std::uint8_t>(high << 4 | low);
}

}  // namespace entente::ais
