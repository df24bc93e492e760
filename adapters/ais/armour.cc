// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/armour.h"

#include <algorithm>

#include "base/big_endian.h"
#include "base/bit_reader.h"

namespace entente::ais {
namespace {

constexpr std::size_t kEight = sizeof(std::uint64_t);

// The same octet eight times.
constexpr std::uint64_t Eight(std::uint8_t octet) {
  return octet * 0x0101'0101'0101'0101U;
}

// Bit 7 of each octet of `characters`, none of which may have it set, that is not less than `least`.
constexpr std::uint64_t NotLess(std::uint64_t characters, char least) {
  return characters + Eight(static_cast<std::uint8_t>(0x80 - least));
}

// The 48 bits of eight characters, first character highest: '0' to 'W' are 0 to 39, '`' to 'w' are 40 to 63. All eight are worked on
// as the octets of one number.
std::optional<std::uint64_t> SixBitsOfEach(std::uint64_t characters) {
  constexpr std::uint64_t kTopBits = Eight(0x80);
  if ((characters & kTopBits) != 0) return std::nullopt;
  const std::uint64_t upper = NotLess(characters, '`');
  const std::uint64_t lower = NotLess(characters, '0') & ~NotLess(characters, 'X');
  if (((lower | (upper & ~NotLess(characters, 'x'))) & kTopBits) != kTopBits) return std::nullopt;
  std::uint64_t values = characters - Eight('0') - ((upper & kTopBits) >> 4);
  values = (values & 0x3F00'3F00'3F00'3F00) >> 2 | (values & 0x003F'003F'003F'003F);
  values = (values & 0x0FFF'0000'0FFF'0000) >> 4 | (values & 0x0000'0FFF'0000'0FFF);
  return (values & 0x00FF'FFFF'0000'0000) >> 8 | (values & 0x0000'0000'00FF'FFFF);
}

// Up to eight characters; '0' is six bits of zero, and stands for those that are not there.
std::uint64_t LoadCharacters(std::string_view characters) {
  if (characters.size() >= kEight) return LoadBigEndian64(characters.data());
  std::array<char, kEight> padded;
  padded.fill('0');
  std::ranges::copy(characters, padded.begin());
  return LoadBigEndian64(padded.data());
}

std::size_t FirstWrong(std::string_view characters) {
  std::size_t at = 0;
  while (at < characters.size() && SixBitsOfEach(LoadCharacters(characters.substr(at, 1)))) ++at;
  return at;
}

}  // namespace

void MessageBits::AppendEight(std::uint64_t values) {
  const std::size_t octet = length_bits_ / 8;
  const unsigned used = length_bits_ % 8;
  const std::uint64_t begun = octets_[octet] & ~(0xFFU >> used);
  StoreBigEndian64(&octets_[octet], begun << 56 | values << (16 - used));
}

std::optional<std::size_t> MessageBits::AppendArmour(std::string_view characters) {
  const std::string_view fitting = characters.substr(0, kMaxCharacters - (length_bits_ + 5) / 6);
  for (std::size_t at = 0; at < fitting.size(); at += kEight) {
    const std::string_view next = fitting.substr(at, kEight);
    const auto values = SixBitsOfEach(LoadCharacters(next));
    if (!values) return at + FirstWrong(next);
    AppendEight(*values);
    length_bits_ += 6 * next.size();
  }
  return fitting.size() < characters.size() ? std::optional(fitting.size()) : std::nullopt;
}

bool MessageBits::RemoveFill(unsigned fill_bits) {
  if (fill_bits > length_bits_) return false;
  length_bits_ -= fill_bits;
  return true;
}

Armoured Armour(ByteView octets, std::size_t length_bits) {
  Armoured armoured;
  armoured.characters.reserve((length_bits + 5) / 6);
  BitReader bits(octets, length_bits);
  while (bits.remaining_bits() > 0) {
    const auto take = static_cast<unsigned>(std::min<std::size_t>(6, bits.remaining_bits()));
    armoured.fill_bits = 6 - take;
    const auto value = static_cast<unsigned>(bits.Unsigned(take)) << armoured.fill_bits;
    armoured.characters += static_cast<char>(value < 40 ? value + 48 : value + 56);
  }
  return armoured;
}

}  // namespace entente::ais
