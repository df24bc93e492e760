// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the damage rules of this folder share: where the fields of a PDU lie, and copies of a PDU to be broken in one of them. A
// rule is a function from a right PDU to the broken one, std::nullopt where it does not apply.

#include <algorithm>
#include <array>
#include <span>

#include "adapters/api/damage.h"
#include "adapters/dis/pdu.h"
#include "adapters/dis/pdu_type.h"

namespace entente::dis {

using DamagedPdu = std::optional<Bytes>;

// Octets from the start of every PDU.
inline constexpr std::size_t kVersionAt = 0;
inline constexpr std::size_t kExerciseAt = 1;
inline constexpr std::size_t kTypeAt = 2;
inline constexpr std::size_t kFamilyAt = 3;
inline constexpr std::size_t kTimestampAt = 4;
inline constexpr std::size_t kLengthAt = 8;
inline constexpr std::size_t kStatusAt = 10;
inline constexpr std::size_t kPaddingAt = 11;
inline constexpr std::size_t kEntityIdAt = 12;

// std::nullopt when it is no whole PDU with the length that it says.
inline DamagedPdu CopyOf(ByteView unit) {
  if (unit.size() < kHeaderOctets || (unit[kLengthAt] << 8 | unit[kLengthAt + 1]) != static_cast<int>(unit.size()))
    return std::nullopt;
  return ToBytes(unit);
}

inline DamagedPdu CopyOf(ByteView unit, PduType type, std::size_t least) {
  return unit.size() < least || unit[kTypeAt] != Number(type) ? std::nullopt : CopyOf(unit);
}

inline DamagedPdu CopyOfState(ByteView unit) {
  return CopyOf(unit, PduType::kEntityState, kEntityStateOctets);
}

inline void Put16(Bytes& unit, std::size_t at, std::size_t value) {
  unit[at] = static_cast<std::uint8_t>(value >> 8);
  unit[at + 1] = static_cast<std::uint8_t>(value);
}

inline void Put32(Bytes& unit, std::size_t at, std::uint32_t value) {
  Put16(unit, at, value >> 16);
  Put16(unit, at + 2, value & 0xFFFF);
}

inline void PutLength(Bytes& unit, std::size_t length) {
  Put16(unit, kLengthAt, length);
}

std::span<const adapter::DamageRule> HeaderDamage();       // of any PDU
std::span<const adapter::DamageRule> StateDamage();        // of Entity State
std::span<const adapter::DamageRule> InteractionDamage();  // of Fire, Detonation and Comment

}  // namespace entente::dis
