// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/armour.h"

#include <algorithm>
#include <bit>

#include "adapters/ais/eight_characters.h"
#include "base/bit_reader.h"

namespace entente::ais {
namespace {

// Bit 7 is set of each octet of `characters` that is no armour: '0' to 'W' and '`' to 'w' are. The other bits say nothing.
std::uint64_t NotArmour(std::uint64_t characters) {
  const std::uint64_t between = NotLess(characters, 'X') & ~NotLess(characters, '`');
  return characters | ~NotLess(characters, '0') | between | NotLess(characters, 'x');
}

// The 48 bits of eight armour characters, first character highest: '0' to 'W' are 0 to 39, '`' to 'w' are 40 to 63.
std::uint64_t SixBitsOfEach(std::uint64_t characters) {
  std::uint64_t values = characters - EachOctet('0') - ((NotLess(characters, '`') & kTopBits) >> 4);
  values = (values & 0x3F00'3F00'3F00'3F00) >> 2 | (values & 0x003F'003F'003F'003F);
  values = (values & 0x0FFF'0000'0FFF'0000) >> 4 | (values & 0x0000'0FFF'0000'0FFF);
  return (values & 0x00FF'FFFF'0000'0000) >> 8 | (values & 0x0000'0000'00FF'FFFF);
}

// Fewer than eight characters; '0' is six bits of zero, and stands for those that are not there.
std::uint64_t LoadLastArmour(std::string_view characters) {
  std::uint64_t loaded = EachOctet('0');
  for (const char c : characters) loaded = loaded << 8 | static_cast<std::uint8_t>(c);
  return std::rotl(loaded, static_cast<int>(8 * (kEight - characters.size())));
}

std::size_t FirstWrong(std::string_view characters) {
  const auto is_armour = [](char c) { return (c >= '0' && c <= 'W') || (c >= '`' && c <= 'w'); };
  return static_cast<std::size_t>(std::ranges::find_if_not(characters, is_armour) - characters.begin());
}

}  // namespace

std::optional<std::size_t> MessageBits::AppendArmour(std::string_view characters) {
  const std::string_view fitting = characters.substr(0, kMaxCharacters - (length_bits_ + 5) / 6);
  std::uint8_t* octet = &octets_[length_bits_ / 8];
  const unsigned used = length_bits_ % 8;
  // What the octet holds already; eight characters are six octets, so `used` stays.
  std::uint64_t begun = std::uint64_t{*octet & ~(0xFFU >> used)} << 56;
  std::uint64_t wrong = 0;
  const auto append = [&](std::uint64_t eight) {
    wrong |= NotArmour(eight);
    begun |= SixBitsOfEach(eight) << (16 - used);
    StoreBigEndian64(octet, begun);
    begun <<= 48;
    octet += 6;
  };
  std::string_view rest = fitting;
  for (; rest.size() >= kEight; rest.remove_prefix(kEight)) append(LoadBigEndian64(rest.data()));
  if (!rest.empty()) append(LoadLastArmour(rest));
  const std::size_t taken = (wrong & kTopBits) == 0 ? fitting.size() : FirstWrong(fitting);
  length_bits_ += 6 * taken;
  return taken < characters.size() ? std::optional(taken) : std::nullopt;
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
