// SPDX-License-Identifier: Apache-2.0
// Rules of the Entity State PDU: IEEE 1278.1-2012 §7.2.2 and the records in it.
#include "adapters/dis/damaged_pdu.h"

namespace entente::dis {
namespace {

using adapter::DamageCategory;
using adapter::DamageRule;
using adapter::Reaction;

// Octets from the start of the PDU.
constexpr std::size_t kForceAt = 18;
constexpr std::size_t kParameterCountAt = 19;
constexpr std::size_t kKindAt = 20;
constexpr std::size_t kVelocityAt = 36;
constexpr std::size_t kLocationAt = 48;
constexpr std::size_t kOrientationAt = 72;
constexpr std::size_t kAlgorithmAt = 88;
constexpr std::size_t kAccelerationAt = 104;
constexpr std::size_t kCharacterSetAt = 128;
constexpr std::size_t kMarkingAt = 129;

// What keeps a state from being one of an entity on earth that the decoder reads to the end.
bool IsFullOfMeaning(ByteView unit) {
  return std::ranges::any_of(unit.subspan(kLocationAt, 24), [](auto octet) { return octet != 0; });
}

// The PDU ends, by its own repaired length, within its fixed part.
DamagedPdu FixedPartCut(ByteView unit, Prng& prng) {
  auto damaged = CopyOfState(unit);
  if (!damaged) return std::nullopt;
  damaged->resize(kHeaderOctets + prng.Below(kEntityStateOctets - kHeaderOctets));
  PutLength(*damaged, damaged->size());
  return damaged;
}

DamagedPdu CountBeyondPdu(ByteView unit, Prng& prng) {
  auto damaged = CopyOfState(unit);
  if (!damaged) return std::nullopt;
  const std::uint64_t fitting = (unit.size() - kEntityStateOctets) / kVariableParameterOctets;
  if (fitting >= 255) return std::nullopt;
  (*damaged)[kParameterCountAt] = static_cast<std::uint8_t>(fitting + 1 + prng.Below(255 - fitting));
  return damaged;
}

DamagedPdu CountBelowPdu(ByteView unit, Prng&) {
  auto damaged = CopyOfState(unit);
  if (!damaged || unit.size() + kVariableParameterOctets > kPduLimitOctets) return std::nullopt;
  damaged->resize(damaged->size() + kVariableParameterOctets);
  PutLength(*damaged, damaged->size());
  return damaged;
}

DamagedPdu WithEntity(ByteView unit, std::uint16_t site, std::uint16_t application, std::uint16_t entity) {
  auto damaged = CopyOfState(unit);
  if (!damaged) return std::nullopt;
  Put16(*damaged, kEntityIdAt, site);
  Put16(*damaged, kEntityIdAt + 2, application);
  Put16(*damaged, kEntityIdAt + 4, entity);
  return damaged;
}
DamagedPdu EntityIsAll(ByteView unit, Prng&) {
  return WithEntity(unit, 0xFFFF, 0xFFFF, 0xFFFF);
}
DamagedPdu EntityIsNone(ByteView unit, Prng&) {
  return WithEntity(unit, 0, 0, 0);
}
DamagedPdu EntityUnassigned(ByteView unit, Prng& prng) {
  return WithEntity(unit, static_cast<std::uint16_t>(1 + prng.Below(100)), 1, 0xFFFE);
}

DamagedPdu WithOctet(ByteView unit, std::size_t at, std::uint64_t value) {
  auto damaged = CopyOfState(unit);
  if (damaged) (*damaged)[at] = static_cast<std::uint8_t>(value);
  return damaged;
}
DamagedPdu UnknownForce(ByteView unit, Prng& prng) {
  return WithOctet(unit, kForceAt, 31 + prng.Below(225));
}
DamagedPdu UnknownKind(ByteView unit, Prng& prng) {
  return WithOctet(unit, kKindAt, 10 + prng.Below(246));
}
DamagedPdu UnknownAlgorithm(ByteView unit, Prng& prng) {
  return WithOctet(unit, kAlgorithmAt, 10 + prng.Below(246));
}
DamagedPdu UnknownCharacterSet(ByteView unit, Prng& prng) {
  return WithOctet(unit, kCharacterSetAt, 4 + prng.Below(252));
}
DamagedPdu MarkingNotAscii(ByteView unit, Prng& prng) {
  if (unit.size() < kEntityStateOctets || unit[kCharacterSetAt] != 1) return std::nullopt;
  return WithOctet(unit, kMarkingAt, prng.Chance(0.5) ? 1 + prng.Below(31) : 0x80 + prng.Below(0x80));
}

// A quiet NaN of 32 bits in one of three axes.
DamagedPdu WithNan(ByteView unit, std::size_t at, Prng& prng) {
  auto damaged = CopyOfState(unit);
  if (!damaged || !IsFullOfMeaning(unit)) return std::nullopt;
  Put32(*damaged, at + 4 * prng.Below(3), 0x7FC0'0000);
  return damaged;
}
DamagedPdu VelocityNotANumber(ByteView unit, Prng& prng) {
  return WithNan(unit, kVelocityAt, prng);
}
DamagedPdu OrientationNotANumber(ByteView unit, Prng& prng) {
  return WithNan(unit, kOrientationAt, prng);
}
DamagedPdu AccelerationNotANumber(ByteView unit, Prng& prng) {
  return WithNan(unit, kAccelerationAt, prng);
}

// The upper half of a 64-bit coordinate.
DamagedPdu WithCoordinate(ByteView unit, Prng& prng, std::uint32_t upper) {
  auto damaged = CopyOfState(unit);
  if (!damaged) return std::nullopt;
  const std::size_t axis = kLocationAt + 8 * prng.Below(3);
  Put32(*damaged, axis, upper);
  Put32(*damaged, axis + 4, 0);
  return damaged;
}
DamagedPdu LocationNotANumber(ByteView unit, Prng& prng) {
  return WithCoordinate(unit, prng, 0x7FF8'0000);
}
DamagedPdu LocationInfinite(ByteView unit, Prng& prng) {
  return WithCoordinate(unit, prng, prng.Chance(0.5) ? 0x7FF0'0000 : 0xFFF0'0000);
}
DamagedPdu LocationAtCentre(ByteView unit, Prng&) {
  auto damaged = CopyOfState(unit);
  if (!damaged || !IsFullOfMeaning(unit)) return std::nullopt;
  std::fill_n(damaged->begin() + kLocationAt, 24, std::uint8_t{0});
  return damaged;
}

constexpr std::string_view kState = "IEEE 1278.1-2012 §7.2.2";
constexpr std::string_view kWorld = "IEEE 1278.1-2012 §6.2.98";
constexpr std::string_view kEntityId = "IEEE 1278.1-2012 §6.2.28";

constexpr std::array kRules = {
    DamageRule{"dis.fixed-part-cut", DamageCategory::kLength, kState,
               "the PDU ends within its fixed part, and its length field says so", Reaction::kRefused, FixedPartCut},
    DamageRule{"dis.parameter-count-beyond-pdu", DamageCategory::kCount, kState,
               "more variable parameter records announced than the PDU holds", Reaction::kRefused, CountBeyondPdu},
    DamageRule{"dis.parameter-count-below-pdu", DamageCategory::kCount, "IEEE 1278.1-2012 §6.2.66",
               "a record more in the PDU than announced", Reaction::kTolerated, CountBelowPdu},
    DamageRule{"dis.entity-is-all", DamageCategory::kIdentity, kEntityId,
               "the state of the entity 65535:65535:65535, which addresses all", Reaction::kRefused, EntityIsAll},
    DamageRule{"dis.entity-unassigned", DamageCategory::kIdentity, kEntityId,
               "the state of an entity 65534, which asks for a number to be assigned", Reaction::kRefused, EntityUnassigned},
    DamageRule{"dis.entity-is-none", DamageCategory::kMissing, kEntityId, "the state of the entity 0:0:0, which is none",
               Reaction::kTolerated, EntityIsNone},
    DamageRule{"dis.unknown-force", DamageCategory::kEnumeration, "SISO-REF-010 [UID 6]", "a force that is not assigned",
               Reaction::kTolerated, UnknownForce},
    DamageRule{"dis.unknown-kind", DamageCategory::kEnumeration, "SISO-REF-010 [UID 7]", "an entity kind that is not assigned",
               Reaction::kTolerated, UnknownKind},
    DamageRule{"dis.unknown-dead-reckoning", DamageCategory::kEnumeration, "SISO-REF-010 [UID 44]",
               "a dead reckoning algorithm that is not assigned", Reaction::kTolerated, UnknownAlgorithm},
    DamageRule{"dis.unknown-character-set", DamageCategory::kEnumeration, "SISO-REF-010 [UID 45]",
               "a marking in a character set that is not assigned", Reaction::kTolerated, UnknownCharacterSet},
    DamageRule{"dis.marking-not-ascii", DamageCategory::kEncoding, "IEEE 1278.1-2012 §6.2.29",
               "a marking said to be ASCII with a control character or an octet above 127", Reaction::kTolerated, MarkingNotAscii},
    DamageRule{"dis.velocity-not-a-number", DamageCategory::kRange, kState, "a linear velocity that is not a number",
               Reaction::kTolerated, VelocityNotANumber},
    DamageRule{"dis.orientation-not-a-number", DamageCategory::kRange, kState, "an angle of the orientation that is not a number",
               Reaction::kTolerated, OrientationNotANumber},
    DamageRule{"dis.acceleration-not-a-number", DamageCategory::kRange, kState, "a linear acceleration that is not a number",
               Reaction::kTolerated, AccelerationNotANumber},
    DamageRule{"dis.location-not-a-number", DamageCategory::kRange, kWorld, "a world coordinate that is not a number",
               Reaction::kRefused, LocationNotANumber},
    DamageRule{"dis.location-infinite", DamageCategory::kRange, kWorld, "a world coordinate that is infinite", Reaction::kRefused,
               LocationInfinite},
    DamageRule{"dis.location-at-centre", DamageCategory::kRange, kWorld, "an entity at the centre of the earth",
               Reaction::kTolerated, LocationAtCentre},
};

}  // namespace

std::span<const DamageRule> StateDamage() {
  return kRules;
}

}  // namespace entente::dis
