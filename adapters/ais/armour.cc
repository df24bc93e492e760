// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/armour.h"

#include <algorithm>

#include "base/bit_reader.h"

namespace entente::ais {
namespace {

constexpr std::uint8_t kNoValue = 0xFF;

// '0' to 'W' are 0 to 39, '`' to 'w' are 40 to 63.
constexpr std::array<std::uint8_t, 256> MakeValues() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoValue);
  for (unsigned value = 0; value < 64; ++value) values[value < 40 ? value + 48 : value + 56] = static_cast<std::uint8_t>(value);
  return values;
}
constexpr std::array<std::uint8_t, 256> kValues = MakeValues();

}  // namespace

void MessageBits::AppendSix(unsigned value) {
  const std::size_t octet = length_bits_ / 8;
  switch (length_bits_ % 8) {
    case 0:
      octets_[octet] = static_cast<std::uint8_t>(value << 2);
      break;
    case 2:
      octets_[octet] = static_cast<std::uint8_t>(octets_[octet] | value);
      break;
    case 4:
      octets_[octet] = static_cast<std::uint8_t>(octets_[octet] | value >> 2);
      octets_[octet + 1] = static_cast<std::uint8_t>(value << 6);
      break;
    default:
      octets_[octet] = static_cast<std::uint8_t>(octets_[octet] | value >> 4);
      octets_[octet + 1] = static_cast<std::uint8_t>(value << 4);
      break;
  }
  length_bits_ += 6;
}

std::optional<std::size_t> MessageBits::AppendArmour(std::string_view characters) {
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const std::uint8_t value = kValues[static_cast<std::uint8_t>(characters[i])];
    if (value == kNoValue || length_bits_ + 6 > kMaxCharacters * 6) return i;
    AppendSix(value);
  }
  return std::nullopt;
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
