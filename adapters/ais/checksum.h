// SPDX-License-Identifier: Apache-2.0
#pragma once

// The checksum of NMEA 0183: all characters exclusive-or, as two hexadecimal digits (IEC 61162-1, checksum field).

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace entente::ais {

// Eight characters at a time: every line of a feed is summed, AIS or not.
inline std::uint8_t Checksum(std::string_view characters) {
  std::uint64_t sums = 0;
  std::uint64_t eight = 0;
  const std::size_t rest = characters.size() % sizeof(eight);
  const char* const end = characters.data() + characters.size();
  for (const char* at = characters.data(); at != end - rest; at += sizeof(eight)) {
    std::memcpy(&eight, at, sizeof(eight));
    sums ^= eight;
  }
  sums ^= sums >> 32;
  sums ^= sums >> 16;
  sums ^= sums >> 8;
  auto sum = static_cast<std::uint8_t>(sums);
  for (const char c : characters.substr(characters.size() - rest)) sum = static_cast<std::uint8_t>(sum ^ static_cast<std::uint8_t>(c));
  return sum;
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
  if (digits.size() != 2 || HexValue(digits[0]) < 0 || HexValue(digits[1]) < 0) return std::nullopt;
  return static_cast<std::uint8_t>(HexValue(digits[0]) << 4 | HexValue(digits[1]));
}

}  // namespace entente::ais
