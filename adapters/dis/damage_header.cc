// SPDX-License-Identifier: Apache-2.0
// Rules of the PDU header, which any PDU can be made to break: IEEE 1278.1-2012 §6.2.66.
#include "adapters/dis/damaged_pdu.h"

namespace entente::dis {
namespace {

using adapter::DamageCategory;
using adapter::DamageRule;
using adapter::Reaction;

// 1 of a relative timestamp's units is 3600 s / 2^31.
constexpr std::uint32_t kTimestampUnitsPerMinute = 0x8000'0000U / 60;
constexpr std::uint32_t kTwentyMinutes = 20 * kTimestampUnitsPerMinute;

DamagedPdu LengthBeyondDatagram(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit);
  if (damaged) PutLength(*damaged, unit.size() + 1 + prng.Below(kPduLimitOctets - std::min(unit.size(), kPduLimitOctets - 1)));
  return damaged;
}

DamagedPdu LengthBelowHeader(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit);
  if (damaged) PutLength(*damaged, prng.Below(kHeaderOctets));
  return damaged;
}

// Grown with octets that its length field counts, too.
DamagedPdu LengthBeyondLimit(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit);
  if (!damaged) return std::nullopt;
  damaged->resize(kPduLimitOctets + 1 + prng.Below(64));
  PutLength(*damaged, damaged->size());
  return damaged;
}

DamagedPdu LittleEndianLength(ByteView unit, Prng&) {
  auto damaged = CopyOf(unit);
  if (!damaged || (unit[kLengthAt + 1] << 8 | unit[kLengthAt]) <= static_cast<int>(kPduLimitOctets)) return std::nullopt;
  std::swap((*damaged)[kLengthAt], (*damaged)[kLengthAt + 1]);
  return damaged;
}

DamagedPdu HeaderCut(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit);
  if (damaged) damaged->resize(1 + prng.Below(kHeaderOctets - 1));
  return damaged;
}

DamagedPdu TrailingOctets(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit);
  if (damaged) damaged->insert(damaged->end(), 1 + prng.Below(11), std::uint8_t{0});
  return damaged;
}

DamagedPdu PaddingSet(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit);
  if (!damaged || unit[kVersionAt] != 7) return std::nullopt;
  (*damaged)[kPaddingAt] = static_cast<std::uint8_t>(1 + prng.Below(255));
  return damaged;
}

DamagedPdu WrongVersion(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit);
  if (damaged) (*damaged)[kVersionAt] = static_cast<std::uint8_t>(8 + prng.Below(248));
  return damaged;
}

DamagedPdu OldVersion(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit);
  if (damaged) (*damaged)[kVersionAt] = static_cast<std::uint8_t>(1 + prng.Below(5));
  return damaged;
}

DamagedPdu OtherVersionsLabel(ByteView unit, Prng&) {
  auto damaged = CopyOf(unit);
  if (damaged) (*damaged)[kVersionAt] = (*damaged)[kVersionAt] == 7 ? 6 : 7;
  return damaged;
}

// Version 6 has padding where version 7 has the PDU status.
DamagedPdu StatusInVersion6(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit);
  if (!damaged || unit[kVersionAt] != 6) return std::nullopt;
  (*damaged)[kStatusAt] = static_cast<std::uint8_t>(1 + prng.Below(255));
  return damaged;
}

DamagedPdu UnknownType(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit);
  if (damaged) (*damaged)[kTypeAt] = static_cast<std::uint8_t>(73 + prng.Below(56));
  return damaged;
}

DamagedPdu WrongFamily(ByteView unit, Prng&) {
  auto damaged = CopyOf(unit);
  if (!damaged || FamilyOfType(unit[kTypeAt]) == 0) return std::nullopt;
  (*damaged)[kFamilyAt] = FamilyOfType(unit[kTypeAt]) == 3 ? 4 : 3;
  return damaged;
}

DamagedPdu OtherExercise(ByteView unit, Prng&) {
  auto damaged = CopyOf(unit);
  if (damaged) (*damaged)[kExerciseAt] = unit[kExerciseAt] == 255 ? 1 : static_cast<std::uint8_t>(unit[kExerciseAt] + 1);
  return damaged;
}

DamagedPdu TimestampNeverSet(ByteView unit, Prng&) {
  auto damaged = CopyOf(unit);
  if (!damaged || std::ranges::all_of(unit.subspan(kTimestampAt, 4), [](auto octet) { return octet == 0; })) return std::nullopt;
  Put32(*damaged, kTimestampAt, 0);
  return damaged;
}

// Absolute, and `units` away from what it was: the hour wraps.
DamagedPdu WithTimeMoved(ByteView unit, std::uint32_t units) {
  auto damaged = CopyOf(unit);
  if (!damaged) return std::nullopt;
  std::uint32_t timestamp = 0;
  for (std::size_t i = 0; i < 4; ++i) timestamp = timestamp << 8 | unit[kTimestampAt + i];
  Put32(*damaged, kTimestampAt, ((timestamp >> 1) + units) << 1 | 1);
  return damaged;
}
DamagedPdu TimestampStale(ByteView unit, Prng&) {
  return WithTimeMoved(unit, 0U - kTwentyMinutes);
}
DamagedPdu TimestampFuture(ByteView unit, Prng&) {
  return WithTimeMoved(unit, kTwentyMinutes);
}

constexpr std::string_view kHeader = "IEEE 1278.1-2012 §6.2.66";
constexpr std::string_view kTimestamp = "IEEE 1278.1-2012 §6.2.88";

constexpr std::array kRules = {
    DamageRule{"dis.length-beyond-datagram", DamageCategory::kLength, kHeader, "the length field is larger than the datagram",
               Reaction::kRefused, LengthBeyondDatagram},
    DamageRule{"dis.length-below-header", DamageCategory::kLength, kHeader, "the length field is less than the header's 12 octets",
               Reaction::kRefused, LengthBelowHeader},
    DamageRule{"dis.length-beyond-limit", DamageCategory::kLength, "IEEE 1278.1-2012 §6.1",
               "a PDU of more than 8192 octets, all of them there", Reaction::kRefused, LengthBeyondLimit},
    DamageRule{"dis.little-endian-length", DamageCategory::kEncoding, "IEEE 1278.1-2012 §6.1",
               "the length field has its low octet first, and so says more than 8192", Reaction::kRefused, LittleEndianLength},
    DamageRule{"dis.header-cut", DamageCategory::kFraming, kHeader, "the datagram ends within the header", Reaction::kRefused,
               HeaderCut},
    DamageRule{"dis.trailing-octets", DamageCategory::kFraming, kHeader, "octets after the PDU that are no PDU",
               Reaction::kTolerated, TrailingOctets},
    DamageRule{"dis.padding-set", DamageCategory::kFraming, kHeader, "the header's padding octet is not zero", Reaction::kTolerated,
               PaddingSet},
    DamageRule{"dis.wrong-version", DamageCategory::kEnumeration, kHeader, "a protocol version that does not exist",
               Reaction::kRefused, WrongVersion},
    DamageRule{"dis.old-version", DamageCategory::kState, kHeader, "a protocol version before 6, which the exercise does not speak",
               Reaction::kRefused, OldVersion},
    DamageRule{"dis.other-versions-label", DamageCategory::kState, kHeader, "version 6 octets labelled 7, or the other way round",
               Reaction::kTolerated, OtherVersionsLabel},
    DamageRule{"dis.status-in-version-6", DamageCategory::kState, "IEEE 1278.1A-1998 §5.2.24",
               "a PDU status where version 6 wants padding", Reaction::kTolerated, StatusInVersion6},
    DamageRule{"dis.unknown-pdu-type", DamageCategory::kEnumeration, "SISO-REF-010 [UID 4]", "a PDU type that is not assigned",
               Reaction::kRefused, UnknownType},
    DamageRule{"dis.wrong-family", DamageCategory::kEnumeration, "SISO-REF-010 [UID 5]",
               "a protocol family that is not the PDU type's", Reaction::kTolerated, WrongFamily},
    DamageRule{"dis.other-exercise", DamageCategory::kState, kHeader, "an exercise in which the receiver takes no part",
               Reaction::kRefused, OtherExercise},
    DamageRule{"dis.timestamp-never-set", DamageCategory::kTime, kTimestamp, "the timestamp is zero", Reaction::kTolerated,
               TimestampNeverSet},
    DamageRule{"dis.timestamp-stale", DamageCategory::kTime, kTimestamp, "an absolute timestamp of twenty minutes ago",
               Reaction::kTolerated, TimestampStale},
    DamageRule{"dis.timestamp-future", DamageCategory::kTime, kTimestamp, "an absolute timestamp twenty minutes ahead",
               Reaction::kTolerated, TimestampFuture},
};

}  // namespace

std::span<const DamageRule> HeaderDamage() {
  return kRules;
}

}  // namespace entente::dis
