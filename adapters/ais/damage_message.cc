// SPDX-License-Identifier: Apache-2.0
// Rules of the message in the sentences: ITU-R M.1371-5 Annex 8.
#include <algorithm>
#include <array>
#include <variant>

#include "adapters/ais/damaged_sentences.h"
#include "adapters/ais/units.h"

namespace entente::ais {
namespace {

using adapter::DamageCategory;
using adapter::DamageRule;
using adapter::Reaction;

template <typename Body>
constexpr bool kIsLongRange = std::is_same_v<std::remove_cvref_t<Body>, LongRangeReport>;

bool IsFree(const Parts& parts) {
  return std::holds_alternative<OtherMessage>(parts.message.body) || std::holds_alternative<SafetyText>(parts.message.body);
}

DamagedSentences NoBits(ByteView unit, Prng&) {
  const auto parts = TakeApart(unit);
  return parts ? std::optional(PutTogether(*parts, {})) : std::nullopt;
}

DamagedSentences MessageCutShort(ByteView unit, Prng& prng) {
  const auto parts = TakeApart(unit);
  if (!parts || IsFree(*parts)) return std::nullopt;
  const std::size_t cut = 39 + prng.Below(51);  // shorter than the shortest message, longer than its header
  return PutTogether(*parts, Armour(parts->bits.octets(), cut));
}

DamagedSentences MessageTooLong(ByteView unit, Prng&) {
  constexpr std::array<std::uint32_t, 7> kOfOneLength = {1, 2, 3, 5, 9, 18, 27};
  const auto parts = TakeApart(unit);
  if (!parts || std::ranges::find(kOfOneLength, parts->message.header.type) == kOfOneLength.end()) return std::nullopt;
  const std::size_t whole = (parts->bits.length_bits() + 7) / 8;
  Bytes longer = ToBytes(parts->bits.octets().first(whole));
  longer.resize(whole + 4);
  return PutTogether(*parts, Armour(longer, 8 * whole + 24));
}

DamagedSentences SpareBitsMissing(ByteView unit, Prng&) {
  const auto parts = TakeApart(unit);
  if (!parts || parts->message.header.type != 5 || parts->bits.length_bits() != 424) return std::nullopt;
  return PutTogether(*parts, Armour(parts->bits.octets(), 422));
}

// Bits 38 and 39, behind type, repeat indicator and MMSI.
DamagedSentences UnknownPart(ByteView unit, Prng& prng) {
  const auto parts = TakeApart(unit);
  if (!parts || parts->message.header.type != 24) return std::nullopt;
  const std::size_t length = parts->bits.length_bits();
  Bytes octets = ToBytes(parts->bits.octets().first((length + 7) / 8));
  octets[4] = static_cast<std::uint8_t>((octets[4] & 0xFCU) | (2 + prng.Below(2)));
  return PutTogether(*parts, Armour(octets, length));
}

DamagedSentences PartBSpareBitsMissing(ByteView unit, Prng&) {
  const auto parts = TakeApart(unit);
  if (!parts || !std::holds_alternative<StaticDataB>(parts->message.body) || parts->bits.length_bits() != 168) return std::nullopt;
  return PutTogether(*parts, Armour(parts->bits.octets(), 162));
}

DamagedSentences LatitudeBeyondPole(ByteView unit, Prng&) {
  return Rewrite(unit, [](const Header&, auto& body) {
    if constexpr (requires { body.lat; }) {
      body.lat = 95 * (kIsLongRange<decltype(body)> ? 600 : 600'000);
      return true;
    }
    return false;
  });
}

DamagedSentences LongitudeBeyondAntimeridian(ByteView unit, Prng&) {
  return Rewrite(unit, [](const Header&, auto& body) {
    if constexpr (requires { body.lon; }) {
      constexpr int kSteps = kIsLongRange<decltype(body)> ? 600 : 600'000;
      if (body.lat == 91 * kSteps) return false;
      body.lon = 190 * kSteps;
      return true;
    }
    return false;
  });
}

DamagedSentences WithMmsi(ByteView unit, std::uint32_t mmsi) {
  return Rewrite(unit, [&](Header& header, auto&) {
    header.mmsi = mmsi;
    return true;
  });
}
DamagedSentences TenDigitMmsi(ByteView unit, Prng& prng) {
  return WithMmsi(unit, 1'000'000'000U + static_cast<std::uint32_t>(prng.Below(70'000'000)));
}
DamagedSentences NoMmsi(ByteView unit, Prng&) {
  return WithMmsi(unit, 0);
}
DamagedSentences UnassignedMmsi(ByteView unit, Prng& prng) {
  return WithMmsi(unit, 900'000'000U + static_cast<std::uint32_t>(prng.Below(60'000'000)));
}

DamagedSentences UnknownMessage(ByteView unit, Prng& prng) {
  return Rewrite(unit, [&](Header& header, auto&) {
    header.type = kLastType + 1 + static_cast<std::uint32_t>(prng.Below(36));
    return true;
  });
}

DamagedSentences CourseBeyondCircle(ByteView unit, Prng& prng) {
  return Rewrite(unit, [&](const Header&, auto& body) {
    if constexpr (requires { body.course; }) {
      body.course = static_cast<std::uint32_t>((kIsLongRange<decltype(body)> ? 360 : 3601) + prng.Below(100));
      return true;
    }
    return false;
  });
}

DamagedSentences HeadingBeyondCircle(ByteView unit, Prng& prng) {
  return Rewrite(unit, [&](const Header&, auto& body) {
    if constexpr (requires { body.heading; }) {
      body.heading = static_cast<std::uint32_t>(360 + prng.Below(151));
      return true;
    }
    return false;
  });
}

template <typename Change>
DamagedSentences RewriteVoyage(ByteView unit, Change change) {
  return Rewrite(unit, [&](const Header&, auto& body) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(body)>, StaticVoyageData>) {
      change(body);
      return true;
    }
    return false;
  });
}
DamagedSentences ArrivalMonthThirteen(ByteView unit, Prng& prng) {
  return RewriteVoyage(unit, [&](StaticVoyageData& data) { data.month = static_cast<std::uint32_t>(13 + prng.Below(3)); });
}
DamagedSentences ArrivalHourTwentyFive(ByteView unit, Prng& prng) {
  return RewriteVoyage(unit, [&](StaticVoyageData& data) { data.hour = static_cast<std::uint32_t>(25 + prng.Below(7)); });
}
DamagedSentences ArrivalMinuteSixtyOne(ByteView unit, Prng& prng) {
  return RewriteVoyage(unit, [&](StaticVoyageData& data) { data.minute = static_cast<std::uint32_t>(61 + prng.Below(3)); });
}

constexpr std::string_view kMessages = "ITU-R M.1371-5 Annex 8 §3";
constexpr std::string_view kVoyage = "ITU-R M.1371-5 Annex 8 §3.3";
constexpr std::string_view kParts = "ITU-R M.1371-5 Annex 8 §3.22";
constexpr std::string_view kUser = "ITU-R M.1371-5 Annex 8 §3, user ID";
constexpr std::string_view kLength = "ITU-R M.1371-5 Annex 8 §3, length";
constexpr std::string_view kPosition = "ITU-R M.1371-5 Annex 8 §3, position";

constexpr std::array kRules = {
    DamageRule{"ais.no-bits", DamageCategory::kMissing, kMessages, "a right sentence without a payload", Reaction::kRefused,
               NoBits},
    DamageRule{"ais.length", DamageCategory::kLength, kLength, "the message ends within its fields", Reaction::kRefused,
               MessageCutShort},
    DamageRule{"ais.message-too-long", DamageCategory::kLength, kLength, "a message with 24 bits more than its fields fill",
               Reaction::kTolerated, MessageTooLong},
    DamageRule{"ais.static-length", DamageCategory::kLength, kVoyage, "message 5 with 422 bits in place of 424",
               Reaction::kTolerated, SpareBitsMissing},
    DamageRule{"ais.static-part", DamageCategory::kEnumeration, kParts, "message 24 with part number 2 or 3, where A and B are all",
               Reaction::kRefused, UnknownPart},
    DamageRule{"ais.static-part-length", DamageCategory::kLength, kParts, "message 24 part B with 162 bits in place of 168",
               Reaction::kTolerated, PartBSpareBitsMissing},
    DamageRule{"ais.latitude", DamageCategory::kRange, kPosition,
               "a latitude of 95°, which is neither a place nor \"not available\"", Reaction::kRefused, LatitudeBeyondPole},
    DamageRule{"ais.longitude", DamageCategory::kRange, kPosition,
               "a longitude of 190°, which is neither a place nor \"not available\"", Reaction::kRefused,
               LongitudeBeyondAntimeridian},
    DamageRule{"ais.mmsi", DamageCategory::kRange, kUser, "an MMSI of ten digits", Reaction::kRefused, TenDigitMmsi},
    DamageRule{"ais.mmsi-zero", DamageCategory::kMissing, kUser, "MMSI 0: the sender does not say who it is", Reaction::kTolerated,
               NoMmsi},
    DamageRule{"ais.mmsi-unassigned", DamageCategory::kIdentity, kUser,
               "an MMSI from 900000000 to 959999999, which ITU-R M.585 gives to no station", Reaction::kTolerated, UnassignedMmsi},
    DamageRule{"ais.message-id", DamageCategory::kEnumeration, kMessages, "a message that the standard does not have",
               Reaction::kRefused, UnknownMessage},
    DamageRule{"ais.course", DamageCategory::kRange, "ITU-R M.1371-5 Annex 8 §3, course over ground",
               "a course beyond 360°, which should not be used", Reaction::kTolerated, CourseBeyondCircle},
    DamageRule{"ais.heading", DamageCategory::kRange, "ITU-R M.1371-5 Annex 8 §3, true heading",
               "a heading beyond 359° other than 511", Reaction::kTolerated, HeadingBeyondCircle},
    DamageRule{"ais.arrival-month", DamageCategory::kTime, kVoyage, "an arrival in a month from 13 to 15", Reaction::kTolerated,
               ArrivalMonthThirteen},
    DamageRule{"ais.arrival-hour", DamageCategory::kTime, kVoyage, "an arrival at an hour from 25 to 31", Reaction::kTolerated,
               ArrivalHourTwentyFive},
    DamageRule{"ais.arrival-minute", DamageCategory::kTime, kVoyage, "an arrival at a minute from 61 to 63", Reaction::kTolerated,
               ArrivalMinuteSixtyOne},
};

}  // namespace

std::span<const DamageRule> MessageDamage() {
  return kRules;
}

}  // namespace entente::ais
