// SPDX-License-Identifier: Apache-2.0
// Rules of the Fire, Detonation and Comment PDUs.
#include "adapters/dis/damaged_pdu.h"

namespace entente::dis {
namespace {

using adapter::DamageCategory;
using adapter::DamageRule;
using adapter::Reaction;

constexpr std::size_t kFireOctets = 96;
constexpr std::size_t kFireLocationAt = 40;
constexpr std::size_t kDetonationOctets = 104;
constexpr std::size_t kDetonationCountAt = 101;
constexpr std::size_t kCommentOctets = 32;
constexpr std::size_t kDatumCountAt = 28;
constexpr std::size_t kDatumLengthAt = 36;

DamagedPdu Cut(DamagedPdu damaged, std::size_t least, Prng& prng) {
  if (!damaged) return std::nullopt;
  damaged->resize(kHeaderOctets + prng.Below(least - kHeaderOctets));
  PutLength(*damaged, damaged->size());
  return damaged;
}
DamagedPdu FireCut(ByteView unit, Prng& prng) {
  return Cut(CopyOf(unit, PduType::kFire, kFireOctets), kFireOctets, prng);
}
DamagedPdu DetonationCut(ByteView unit, Prng& prng) {
  return Cut(CopyOf(unit, PduType::kDetonation, kDetonationOctets), kDetonationOctets, prng);
}
DamagedPdu CommentCut(ByteView unit, Prng& prng) {
  return Cut(CopyOf(unit, PduType::kComment, kCommentOctets), kCommentOctets, prng);
}

DamagedPdu FireLocationNotANumber(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit, PduType::kFire, kFireOctets);
  if (damaged) Put32(*damaged, kFireLocationAt + 8 * prng.Below(3), 0x7FF8'0000);
  return damaged;
}

DamagedPdu DetonationCountBeyondPdu(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit, PduType::kDetonation, kDetonationOctets);
  if (!damaged) return std::nullopt;
  const std::uint64_t fitting = (unit.size() - kDetonationOctets) / kVariableParameterOctets;
  if (fitting >= 255) return std::nullopt;
  (*damaged)[kDetonationCountAt] = static_cast<std::uint8_t>(fitting + 1 + prng.Below(255 - fitting));
  return damaged;
}

DamagedPdu DatumCountBeyondPdu(ByteView unit, Prng& prng) {
  auto damaged = CopyOf(unit, PduType::kComment, kCommentOctets);
  if (damaged) Put32(*damaged, kDatumCountAt, 0x1000'0000U + static_cast<std::uint32_t>(prng.Below(0xEFFF'FFFF)));
  return damaged;
}

DamagedPdu DatumBeyondPdu(ByteView unit, Prng&) {
  auto damaged = CopyOf(unit, PduType::kComment, kDatumLengthAt + 4);
  if (damaged) Put32(*damaged, kDatumLengthAt, 0xFFFF'FFFF);
  return damaged;
}

constexpr std::string_view kFire = "IEEE 1278.1-2012 §7.3.2";
constexpr std::string_view kDetonation = "IEEE 1278.1-2012 §7.3.3";
constexpr std::string_view kComment = "IEEE 1278.1-2012 §7.5.13";

constexpr std::array kRules = {
    DamageRule{"dis.fire-cut", DamageCategory::kLength, kFire, "a Fire PDU that ends within its fixed part", Reaction::kRefused,
               FireCut},
    DamageRule{"dis.fire-location-not-a-number", DamageCategory::kRange, "IEEE 1278.1-2012 §6.2.98",
               "a Fire PDU at a place that is not a number", Reaction::kRefused, FireLocationNotANumber},
    DamageRule{"dis.detonation-cut", DamageCategory::kLength, kDetonation, "a Detonation PDU that ends within its fixed part",
               Reaction::kRefused, DetonationCut},
    DamageRule{"dis.detonation-count-beyond-pdu", DamageCategory::kCount, kDetonation,
               "more variable parameter records announced than the Detonation PDU holds", Reaction::kRefused,
               DetonationCountBeyondPdu},
    DamageRule{"dis.comment-cut", DamageCategory::kLength, kComment, "a Comment PDU that ends within its fixed part",
               Reaction::kRefused, CommentCut},
    DamageRule{"dis.datum-count-beyond-pdu", DamageCategory::kCount, kComment, "some hundred million variable datums announced",
               Reaction::kRefused, DatumCountBeyondPdu},
    DamageRule{"dis.datum-beyond-pdu", DamageCategory::kLength, "IEEE 1278.1-2012 §6.2.93", "a variable datum longer than the PDU",
               Reaction::kRefused, DatumBeyondPdu},
};

}  // namespace

std::span<const DamageRule> InteractionDamage() {
  return kRules;
}

}  // namespace entente::dis
