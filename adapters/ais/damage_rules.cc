// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/damage_rules.h"

#include <array>
#include <variant>
#include <vector>

#include "adapters/ais/checksum.h"
#include "adapters/ais/codec.h"
#include "adapters/ais/message_bits.h"
#include "adapters/ais/units.h"

namespace entente::ais {
namespace {

using adapter::DamageRule;
using adapter::Reaction;

// A right unit taken apart, to be put together again with one thing wrong.
struct Parts {
  std::vector<Sentence> sentences;
  Message message;
  MessageBits bits;
};

std::optional<Parts> TakeApart(ByteView unit) {
  Parts parts;
  for (std::string_view rest = AsText(unit); !rest.empty();) {
    auto sentence = ParseSentence(WithoutLineEnd(TakeLine(rest)));
    if (!sentence || !sentence->IsAis() || parts.bits.AppendArmour(sentence->payload)) return std::nullopt;
    parts.sentences.push_back(*std::move(sentence));
  }
  std::vector<adapter::Finding> findings;
  if (parts.sentences.empty() || !parts.bits.RemoveFill(parts.sentences.back().fill_bits)) return std::nullopt;
  auto message = ReadMessage(parts.bits, findings);
  if (!message) return std::nullopt;
  parts.message = *std::move(message);
  return parts;
}

SentenceStyle StyleOf(const Parts& parts) {
  const Sentence& first = parts.sentences.front();
  return {first.address.substr(0, 2), first.address.ends_with("VDO"), first.channel, {}};
}

Bytes PutTogether(const Parts& parts, const Armoured& armoured) {
  return ToBytes(FormatSentences(armoured.characters, armoured.fill_bits, StyleOf(parts)));
}

// Lets `change` alter the one field of the body, when the message has it.
template <typename Change>
std::optional<Bytes> Rewrite(ByteView unit, Change change) {
  auto parts = TakeApart(unit);
  if (!parts || std::holds_alternative<OtherMessage>(parts->message.body)) return std::nullopt;
  if (!std::visit([&](auto& body) { return change(parts->message.header, body); }, parts->message.body)) return std::nullopt;
  return PutTogether(*parts, WriteMessage(parts->message));
}

// The last line of a unit is edited as text; `change` gets what lies between '!' and '*', and its checksum is made right again.
template <typename Change>
std::optional<Bytes> RewriteLastSentence(ByteView unit, Change change) {
  const std::string_view text = AsText(unit);
  const std::size_t start = text.rfind('!');
  const std::size_t star = text.find('*', start);
  if (!TakeApart(unit) || start == std::string_view::npos || star == std::string_view::npos) return std::nullopt;
  std::string body(text.substr(start + 1, star - start - 1));
  if (!change(body)) return std::nullopt;
  return ToBytes(std::string(text.substr(0, start + 1)) + body + '*' + ChecksumText(body) + "\r\n");
}

std::optional<Bytes> WrongChecksum(ByteView unit, Prng& prng) {
  const std::size_t star = AsText(unit).rfind('*');
  if (!TakeApart(unit) || star == std::string_view::npos) return std::nullopt;
  Bytes damaged = ToBytes(unit);
  const std::string_view covered = AsText(unit).substr(0, star);
  const auto right = Checksum(covered.substr(covered.rfind('!') + 1));
  const auto wrong = static_cast<std::uint8_t>(right ^ (1 + prng.Below(255)));
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  damaged[star + 1] = static_cast<std::uint8_t>(kDigits[wrong >> 4]);
  damaged[star + 2] = static_cast<std::uint8_t>(kDigits[wrong & 0xF]);
  return damaged;
}

std::optional<Bytes> CharacterOutsideArmour(ByteView unit, Prng& prng) {
  return RewriteLastSentence(unit, [&](std::string& body) {
    const std::size_t end = body.rfind(',');
    const std::size_t begin = body.rfind(',', end - 1) + 1;
    if (begin >= end) return false;
    constexpr std::string_view kOutside = "XYZ[]^_xyz{|}#&/";
    body[begin + prng.Below(end - begin)] = kOutside[prng.Below(kOutside.size())];
    return true;
  });
}

std::optional<Bytes> FillBitsBeyondFive(ByteView unit, Prng& prng) {
  return RewriteLastSentence(unit, [&](std::string& body) {
    body.back() = static_cast<char>('6' + prng.Below(4));
    return true;
  });
}

std::optional<Bytes> SentenceNumberBeyondTotal(ByteView unit, Prng&) {
  return RewriteLastSentence(unit, [](std::string& body) {
    const std::size_t number = body.find(',') + 3;
    if (body[number - 2] == '9') return false;
    body[number] = static_cast<char>(body[number - 2] + 1);
    return true;
  });
}

std::optional<Bytes> MessageCutShort(ByteView unit, Prng& prng) {
  const auto parts = TakeApart(unit);
  if (!parts || std::holds_alternative<OtherMessage>(parts->message.body) ||
      std::holds_alternative<SafetyText>(parts->message.body)) {
    return std::nullopt;
  }
  const std::size_t cut = 39 + prng.Below(51);  // shorter than the shortest message, longer than its header
  return PutTogether(*parts, Armour(parts->bits.octets(), cut));
}

std::optional<Bytes> LatitudeBeyondPole(ByteView unit, Prng&) {
  return Rewrite(unit, [](const Header&, auto& body) {
    if constexpr (requires { body.lat; }) {
      body.lat = std::is_same_v<std::remove_cvref_t<decltype(body)>, LongRangeReport> ? 95 * 600 : 95 * 600'000;
      return true;
    }
    return false;
  });
}

std::optional<Bytes> TenDigitMmsi(ByteView unit, Prng& prng) {
  return Rewrite(unit, [&](Header& header, auto&) {
    header.mmsi = 1'000'000'000U + static_cast<std::uint32_t>(prng.Below(70'000'000));
    return true;
  });
}

std::optional<Bytes> UnknownMessage(ByteView unit, Prng& prng) {
  return Rewrite(unit, [&](Header& header, auto&) {
    header.type = kLastType + 1 + static_cast<std::uint32_t>(prng.Below(36));
    return true;
  });
}

std::optional<Bytes> CourseBeyondCircle(ByteView unit, Prng& prng) {
  return Rewrite(unit, [&](const Header&, auto& body) {
    if constexpr (requires { body.course; }) {
      const bool long_range = std::is_same_v<std::remove_cvref_t<decltype(body)>, LongRangeReport>;
      body.course = static_cast<std::uint32_t>((long_range ? 360 : 3601) + prng.Below(100));
      return true;
    }
    return false;
  });
}

std::optional<Bytes> HeadingBeyondCircle(ByteView unit, Prng& prng) {
  return Rewrite(unit, [&](const Header&, auto& body) {
    if constexpr (requires { body.heading; }) {
      body.heading = static_cast<std::uint32_t>(360 + prng.Below(151));
      return true;
    }
    return false;
  });
}

std::optional<Bytes> SpareBitsMissing(ByteView unit, Prng&) {
  const auto parts = TakeApart(unit);
  if (!parts || parts->message.header.type != 5 || parts->bits.length_bits() != 424) return std::nullopt;
  return PutTogether(*parts, Armour(parts->bits.octets(), 422));
}

std::optional<Bytes> TagChecksumWrong(ByteView unit, Prng&) {
  if (!TakeApart(unit) || unit.front() == '\\') return std::nullopt;
  return ToBytes("\\s:ENTENTE*00\\" + ToText(unit));
}

constexpr std::string_view kVdm = "IEC 61162-1, VDM sentence";

constexpr std::array kRules = {
    DamageRule{"ais.checksum", "IEC 61162-1, checksum field", "the checksum is not that of the characters", Reaction::kRefused,
               WrongChecksum},
    DamageRule{"ais.armour-character", kVdm, "a character of the payload carries no six bits", Reaction::kRefused,
               CharacterOutsideArmour},
    DamageRule{"ais.fill-bits", kVdm, "more fill bits than a character has", Reaction::kRefused, FillBitsBeyondFive},
    DamageRule{"ais.sentence-number", kVdm, "the sentence number is above the total", Reaction::kRefused,
               SentenceNumberBeyondTotal},
    DamageRule{"ais.length", "ITU-R M.1371-5 Annex 8 §3", "the message ends within its fields", Reaction::kRefused,
               MessageCutShort},
    DamageRule{"ais.latitude", "ITU-R M.1371-5 Annex 8 §3.1", "a latitude of 95°, which is neither a place nor \"not available\"",
               Reaction::kRefused, LatitudeBeyondPole},
    DamageRule{"ais.mmsi", "ITU-R M.1371-5 Annex 8 §3, user ID", "an MMSI of ten digits", Reaction::kRefused, TenDigitMmsi},
    DamageRule{"ais.message-id", "ITU-R M.1371-5 Annex 8 §3, message ID", "a message that the standard does not have",
               Reaction::kRefused, UnknownMessage},
    DamageRule{"ais.course", "ITU-R M.1371-5 Annex 8 §3.1, COG", "a course beyond 360°, which should not be used",
               Reaction::kTolerated, CourseBeyondCircle},
    DamageRule{"ais.heading", "ITU-R M.1371-5 Annex 8 §3.1, true heading", "a heading beyond 359° other than 511",
               Reaction::kTolerated, HeadingBeyondCircle},
    DamageRule{"ais.static-length", "ITU-R M.1371-5 Annex 8 §3.3", "message 5 with 422 bits in place of 424", Reaction::kTolerated,
               SpareBitsMissing},
    DamageRule{"ais.tag-checksum", "IEC 61162-450, TAG block", "a TAG block with a wrong checksum before a right sentence",
               Reaction::kTolerated, TagChecksumWrong},
};

}  // namespace

std::span<const DamageRule> DamageRules() {
  return kRules;
}

}  // namespace entente::ais
