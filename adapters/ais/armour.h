// SPDX-License-Identifier: Apache-2.0
#pragma once

// The six-bit armour in which AIVDM sentences carry a message: each printable character is six bits (IEC 61162-1, VDM sentence,
// encapsulated data). The bits of one message, at most nine sentences of them, lie in a fixed buffer: no allocation.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace entente::ais {

class MessageBits {
 public:
  // More than the longest message of ITU-R M.1371-5 (1,064 bits); the rest of a longer payload is refused.
  static constexpr std::size_t kMaxCharacters = 512;

  // The whole buffer, so that fields can be read eight octets at a time; the message is its first length_bits().
  [[nodiscard]] ByteView octets() const { return octets_; }
  [[nodiscard]] std::size_t length_bits() const { return length_bits_; }

  // Appends the bits of the characters. std::nullopt: all taken; else the offset of the first that is no armour character, or that
  // there is no room for.
  std::optional<std::size_t> AppendArmour(std::string_view characters);
  // Takes fill bits off the end; false when there are fewer bits than that.
  bool RemoveFill(unsigned fill_bits);

 private:
  std::array<std::uint8_t, kMaxCharacters * 6 / 8 + sizeof(std::uint64_t)> octets_;
  std::size_t length_bits_ = 0;
};

// The armour of `length_bits` bits, and how many fill bits the last character holds.
struct Armoured {
  std::string characters;
  unsigned fill_bits = 0;

  bool operator==(const Armoured&) const = default;
};
Armoured Armour(ByteView octets, std::size_t length_bits);

}  // namespace entente::ais
