// SPDX-License-Identifier: Apache-2.0
#pragma once

// DIS's enumerations and the canonical ones: force ids, domains, appearance bits, countries (SISO-REF-010), and what each mapping
// loses. Pure tables.

#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/dis/pdu.h"
#include "entente/v1/message.pb.h"

namespace entente::dis {

// [UID 6]: 0 other, 1 friendly, 2 opposing, 3 neutral; version 7 numbers further forces of these three, 4 to 30.
inline constexpr std::uint8_t kForceOther = 0;
inline constexpr std::uint8_t kForceFriendly = 1;
inline constexpr std::uint8_t kForceOpposing = 2;
inline constexpr std::uint8_t kForceNeutral = 3;
inline constexpr std::uint8_t kLastVersion6Force = 3;
inline constexpr std::uint8_t kLastForce = 30;

// "Other" and what is beyond the table become unknown.
v1::StandardIdentity IdentityOf(std::uint8_t force);
// Joker and faker are friends who play foes: the exercise says on which side they count (`acting_foes`).
std::uint8_t ForceOf(v1::StandardIdentity identity, std::uint8_t acting_foes);
// "suspect", "assumed friend": for ledgers.
std::string_view IdentityName(v1::StandardIdentity identity);

// Of a munition the domain says what it is against, so it has no dimension; nor has domain 0.
v1::Dimension DimensionOf(const EntityType& type);
// A platform (kind 1) of the dimension's domain and the nation's country code; all zeros where the dimension has no domain.
EntityType TypeOf(v1::Dimension dimension, std::string_view nationality);

v1::DisEntityType ToProto(const EntityType& type);
// nullopt: a number does not fit its octet (the country: its two).
std::optional<EntityType> FromProto(const v1::DisEntityType& type);

// [UID 29] of an ISO 3166-1 alpha-3 code, for the nations that exercise together; 0: not in the table.
std::uint16_t CountryOf(std::string_view alpha3);
// Empty: not in the table.
std::string_view NationOf(std::uint16_t country);

// Appearance, [UID 31 to 43]: in platforms and life forms alike, bits 3 and 4 say damage or injury, bit 21 frozen, bit 23
// deactivated.
inline constexpr std::uint32_t kDamageShift = 3;
inline constexpr std::uint32_t kDamageMask = 3U << kDamageShift;
inline constexpr std::uint32_t kFrozen = 1U << 21;
inline constexpr std::uint32_t kDeactivated = 1U << 23;

// Radios and environmental entities have no damage bits.
bool HasDamageBits(std::uint8_t kind);
v1::OperationalCode OperationalOf(std::uint32_t appearance);
// `appearance` with its damage bits saying `code`.
std::uint32_t WithOperational(std::uint32_t appearance, v1::OperationalCode code);

}  // namespace entente::dis
