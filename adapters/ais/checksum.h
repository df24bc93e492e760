// SPDX-License-Identifier: Apache-2.0
#pragma once

// The checksum of NMEA 0183: all characters exclusive-or, as two hexadecimal digits (IEC 61162-1, checksum field).

#include <array>
#include <cstddef>
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

// By character; -1: no hexadecimal digit. Whether a letter or a digit comes next in a checksum, no branch can foresee.
inline constexpr std::array<std::int8_t, 256> kHexValues = [] {
  std::array<std::int8_t, 256> values;
  values.fill(-1);
  for (std::size_t i = 0; i < 10; ++i) values['0' + i] = static_cast<std::int8_t>(i);
  for (std::size_t i = 10; i < 16; ++i) values['A' - 10 + i] = values['a' - 10 + i] = static_cast<std::int8_t>(i);
  return values;
}();
inline int HexValue(char c) {
  return kHexValues[static_cast<std::uint8_t>(c)];
}

// The value of exactly two hexadecimal digits.
inline std::optional<std::uint8_t> ParseChecksum(std::string_view digits) {
  if (digits.size() != 2) return std::nullopt;
  const int high = HexValue(digits[0]);
  const int low = HexValue(digits[1]);
  if ((high | low) < 0) return std::nullopt;
  return static_cast<std::uint8_t>(high << 4 | low);
}

}  // namespace entente::ais
