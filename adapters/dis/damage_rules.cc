// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/damage_rules.h"

#include <algorithm>
#include <array>

#include "adapters/dis/pdu.h"
#include "adapters/dis/pdu_type.h"

namespace entente::dis {
namespace {

using adapter::DamageRule;
using adapter::Reaction;

constexpr std::size_t kVersion = 0;
constexpr std::size_t kExercise = 1;
constexpr std::size_t kType = 2;
constexpr std::size_t kFamily = 3;
constexpr std::size_t kLength = 8;
constexpr std::size_t kStatus = 10;
constexpr std::size_t kEntityId = 12;
constexpr std::size_t kParameterCount = 19;
constexpr std::size_t kLocation = 48;
constexpr std::size_t kDatumLength = 36;

std::optional<Bytes> Copy(ByteView unit) {
  return unit.size() < kHeaderOctets ? std::nullopt : std::optional(ToBytes(unit));
}

std::optional<Bytes> CopyOf(ByteView unit, PduType type, std::size_t least) {
  return unit.size() < least || unit[kType] != Number(type) ? std::nullopt : Copy(unit);
}

void PutLength(Bytes& unit, std::size_t length) {
  unit[kLength] = static_cast<std::uint8_t>(length >> 8);
  unit[kLength + 1] = static_cast<std::uint8_t>(length);
}

std::optional<Bytes> LengthBeyondDatagram(ByteView unit, Prng& prng) {
  auto damaged = Copy(unit);
  if (damaged) PutLength(*damaged, unit.size() + 1 + prng.Below(kPduLimitOctets - std::min(unit.size(), kPduLimitOctets - 1)));
  return damaged;
}

std::optional<Bytes> LengthBelowHeader(ByteView unit, Prng& prng) {
  auto damaged = Copy(unit);
  if (damaged) PutLength(*damaged, prng.Below(kHeaderOctets));
  return damaged;
}

// The PDU ends, by its own repaired length, within its fixed part.
std::optional<Bytes> FixedPartCut(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit, PduType::kEntityState, kEntityStateOctets);
  if (!damaged) return std::nullopt;
  damaged->resize(kHeaderOctets + prng.Below(kEntityStateOctets - kHeaderOctets));
  PutLength(*damaged, damaged->size());
  return damaged;
}

std::optional<Bytes> HeaderCut(ByteView unit, Prng& prng) {
  auto damaged = Copy(unit);
  if (damaged) damaged->resize(1 + prng.Below(kHeaderOctets - 1));
  return damaged;
}

std::optional<Bytes> WrongVersion(ByteView unit, Prng& prng) {
  auto damaged = Copy(unit);
  if (damaged) (*damaged)[kVersion] = static_cast<std::uint8_t>(8 + prng.Below(248));
  return damaged;
}

std::optional<Bytes> OtherVersionsLabel(ByteView unit, Prng&) {
  auto damaged = Copy(unit);
  if (damaged) (*damaged)[kVersion] = (*damaged)[kVersion] == 7 ? 6 : 7;
  return damaged;
}

// Version 6 has padding where version 7 has the PDU status.
std::optional<Bytes> StatusInVersion6(ByteView unit, Prng& prng) {
  auto damaged = Copy(unit);
  if (!damaged) return std::nullopt;
  (*damaged)[kVersion] = 6;
  (*damaged)[kStatus] = static_cast<std::uint8_t>(1 + prng.Below(255));
  return damaged;
}

std::optional<Bytes> UnknownType(ByteView unit, Prng& prng) {
  auto damaged = Copy(unit);
  if (damaged) (*damaged)[kType] = static_cast<std::uint8_t>(73 + prng.Below(56));
  return damaged;
}

std::optional<Bytes> WrongFamily(ByteView unit, Prng&) {
  auto damaged = Copy(unit);
  if (!damaged || FamilyOfType(unit[kType]) == 0) return std::nullopt;
  (*damaged)[kFamily] = FamilyOfType(unit[kType]) == 3 ? 4 : 3;
  return damaged;
}

std::optional<Bytes> OtherExercise(ByteView unit, Prng&) {
  auto damaged = Copy(unit);
  if (damaged) (*damaged)[kExercise] = (*damaged)[kExercise] == 255 ? 1 : static_cast<std::uint8_t>((*damaged)[kExercise] + 1);
  return damaged;
}

std::optional<Bytes> CountBeyondPdu(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit, PduType::kEntityState, kEntityStateOctets);
  if (!damaged) return std::nullopt;
  const std::uint64_t fitting = (unit.size() - kEntityStateOctets) / kVariableParameterOctets;
  if (fitting >= 255) return std::nullopt;
  (*damaged)[kParameterCount] = static_cast<std::uint8_t>(fitting + 1 + prng.Below(255 - fitting));
  return damaged;
}

std::optional<Bytes> CountBelowPdu(ByteView unit, Prng&) {
  auto damaged = CopyOf(unit, PduType::kEntityState, kEntityStateOctets);
  if (!damaged || unit.size() + kVariableParameterOctets > kPduLimitOctets) return std::nullopt;
  damaged->resize(damaged->size() + kVariableParameterOctets);
  PutLength(*damaged, damaged->size());
  return damaged;
}

std::optional<Bytes> EntityIsAll(ByteView unit, Prng&) {
  auto damaged = CopyOf(unit, PduType::kEntityState, kEntityStateOctets);
  if (damaged) std::fill_n(damaged->begin() + kEntityId, 6, std::uint8_t{0xFF});
  return damaged;
}

std::optional<Bytes> LocationNotANumber(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit, PduType::kEntityState, kEntityStateOctets);
  if (!damaged) return std::nullopt;
  const std::size_t axis = kLocation + 8 * prng.Below(3);
  (*damaged)[axis] = 0x7F;
  (*damaged)[axis + 1] = 0xF8;
  return damaged;
}

std::optional<Bytes> DatumBeyondPdu(ByteView unit, Prng&) {
  auto damaged = CopyOf(unit, PduType::kComment, kDatumLength + 4);
  if (damaged) std::fill_n(damaged->begin() + kDatumLength, 4, std::uint8_t{0xFF});
  return damaged;
}

std::optional<Bytes> TrailingOctets(ByteView unit, Prng& prng) {
  auto damaged = Copy(unit);
  if (damaged) damaged->insert(damaged->end(), 1 + prng.Below(11), std::uint8_t{0});
  return damaged;
}

constexpr std::array<DamageRule, 16> kRules{{
    {"dis.length-beyond-datagram", "IEEE 1278.1-2012 §6.2.66", "the length field is larger than the datagram", Reaction::kRefused,
     LengthBeyondDatagram},
    {"dis.length-below-header", "IEEE 1278.1-2012 §6.2.66", "the length field is less than the header's 12 octets",
     Reaction::kRefused, LengthBelowHeader},
    {"dis.header-cut", "IEEE 1278.1-2012 §6.2.66", "the datagram ends within the header", Reaction::kRefused, HeaderCut},
    {"dis.fixed-part-cut", "IEEE 1278.1-2012 §7.2.2", "the PDU ends within its fixed part, and its length field says so",
     Reaction::kRefused, FixedPartCut},
    {"dis.wrong-version", "IEEE 1278.1-2012 §6.2.66", "a protocol version that does not exist", Reaction::kRefused, WrongVersion},
    {"dis.other-versions-label", "IEEE 1278.1-2012 §6.2.66", "version 6 octets labelled 7, or the other way round",
     Reaction::kTolerated, OtherVersionsLabel},
    {"dis.status-in-version-6", "IEEE 1278.1A-1998 §5.2.24", "a PDU status where version 6 wants padding", Reaction::kTolerated,
     StatusInVersion6},
    {"dis.unknown-pdu-type", "SISO-REF-010 [UID 4]", "a PDU type that is not assigned", Reaction::kRefused, UnknownType},
    {"dis.wrong-family", "SISO-REF-010 [UID 5]", "a protocol family that is not the PDU type's", Reaction::kTolerated, WrongFamily},
    {"dis.other-exercise", "IEEE 1278.1-2012 §6.2.66", "an exercise in which the receiver takes no part", Reaction::kRefused,
     OtherExercise},
    {"dis.parameter-count-beyond-pdu", "IEEE 1278.1-2012 §7.2.2", "more variable parameter records announced than the PDU holds",
     Reaction::kRefused, CountBeyondPdu},
    {"dis.parameter-count-below-pdu", "IEEE 1278.1-2012 §6.2.66", "a record more in the PDU than announced", Reaction::kTolerated,
     CountBelowPdu},
    {"dis.entity-is-all", "IEEE 1278.1-2012 §6.2.28", "the state of the entity 65535:65535:65535, which addresses all",
     Reaction::kRefused, EntityIsAll},
    {"dis.location-not-a-number", "IEEE 1278.1-2012 §6.2.98", "a world coordinate that is not a number", Reaction::kRefused,
     LocationNotANumber},
    {"dis.datum-beyond-pdu", "IEEE 1278.1-2012 §6.2.93", "a variable datum longer than the PDU", Reaction::kRefused,
     DatumBeyondPdu},
    {"dis.trailing-octets", "IEEE 1278.1-2012 §6.2.66", "octets after the PDU that are no PDU", Reaction::kTolerated,
     TrailingOctets},
}};

}  // namespace

std::span<const DamageRule> DamageRules() {
  return kRules;
}

}  // namespace entente::dis
