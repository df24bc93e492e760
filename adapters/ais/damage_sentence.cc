// SPDX-License-Identifier: Apache-2.0
// Rules of the VDM sentence (IEC 61162-1) and of the TAG block before it (IEC 61162-450).
#include <array>

#include "adapters/ais/checksum.h"
#include "adapters/ais/damaged_sentences.h"

namespace entente::ais {
namespace {

using adapter::DamageCategory;
using adapter::DamageRule;
using adapter::Reaction;

std::string Sealed(const std::string& body) {
  return '!' + body + '*' + ChecksumText(body) + "\r\n";
}

DamagedSentences WrongChecksum(ByteView unit, Prng& prng) {
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

DamagedSentences NoChecksum(ByteView unit, Prng&) {
  return RewriteSentences(unit, [](std::size_t, const std::string& body) { return '!' + body + "\r\n"; });
}

DamagedSentences DollarStart(ByteView unit, Prng&) {
  return RewriteSentences(unit, [](std::size_t, const std::string& body) { return '$' + Sealed(body).substr(1); });
}

DamagedSentences GarbageBeforeStart(ByteView unit, Prng&) {
  return TakeApart(unit) ? std::optional(ToBytes("garbage " + ToText(unit))) : std::nullopt;
}

DamagedSentences FieldMissing(ByteView unit, Prng&) {
  return RewriteLastSentence(unit, [](std::string& body) {
    const std::size_t channel = FieldAt(body, 4);
    body.erase(channel, FieldAt(body, 5) - channel);
    return true;
  });
}

DamagedSentences FieldTooMany(ByteView unit, Prng&) {
  return RewriteLastSentence(unit, [](std::string& body) {
    body += ",0";
    return true;
  });
}

DamagedSentences CharacterOutsideArmour(ByteView unit, Prng& prng) {
  return RewriteLastSentence(unit, [&](std::string& body) {
    const std::size_t begin = FieldAt(body, 5);
    const std::size_t end = FieldAt(body, 6) - 1;
    if (begin >= end) return false;
    constexpr std::string_view kOutside = "XYZ[]^_xyz{|}#&/";
    body[begin + prng.Below(end - begin)] = kOutside[prng.Below(kOutside.size())];
    return true;
  });
}

DamagedSentences EndlessSentence(ByteView unit, Prng&) {
  return RewriteLastSentence(unit, [](std::string& body) {
    body.insert(FieldAt(body, 6) - 1, 600, '0');
    return true;
  });
}

DamagedSentences FillBitsBeyondFive(ByteView unit, Prng& prng) {
  return RewriteLastSentence(unit, [&](std::string& body) {
    body.back() = static_cast<char>('6' + prng.Below(4));
    return true;
  });
}

DamagedSentences NoFillBits(ByteView unit, Prng&) {
  return RewriteLastSentence(unit, [](std::string& body) {
    if (!body.ends_with(",0")) return false;
    body.pop_back();
    return true;
  });
}

DamagedSentences TotalOfZero(ByteView unit, Prng&) {
  return RewriteLastSentence(unit, [](std::string& body) {
    body[FieldAt(body, 1)] = '0';
    return true;
  });
}

DamagedSentences SentenceNumberBeyondTotal(ByteView unit, Prng&) {
  return RewriteLastSentence(unit, [](std::string& body) {
    const char total = body[FieldAt(body, 1)];
    if (total == '9') return false;
    body[FieldAt(body, 2)] = static_cast<char>(total + 1);
    return true;
  });
}

DamagedSentences SentenceNumberOfZero(ByteView unit, Prng&) {
  return RewriteLastSentence(unit, [](std::string& body) {
    body[FieldAt(body, 2)] = '0';
    return true;
  });
}

DamagedSentences SequenceOfLetters(ByteView unit, Prng&) {
  return RewriteLastSentence(unit, [](std::string& body) {
    if (body[FieldAt(body, 1)] != '1' || body[FieldAt(body, 3)] != ',') return false;
    body.insert(FieldAt(body, 3), "X");
    return true;
  });
}

bool HasSeveral(ByteView unit) {
  const auto parts = TakeApart(unit);
  return parts && parts->sentences.size() > 1;
}

DamagedSentences SequenceMissing(ByteView unit, Prng&) {
  if (!HasSeveral(unit)) return std::nullopt;
  return RewriteSentences(unit, [](std::size_t, std::string body) {
    body.erase(FieldAt(body, 3), FieldAt(body, 4) - 1 - FieldAt(body, 3));
    return Sealed(body);
  });
}

DamagedSentences LastSentenceMissing(ByteView unit, Prng&) {
  if (!HasSeveral(unit)) return std::nullopt;
  return ToBytes(unit.first(AsText(unit).rfind('!')));
}

// The identifier is used for another message before the first one is whole.
DamagedSentences SequenceReused(ByteView unit, Prng&) {
  if (!HasSeveral(unit)) return std::nullopt;
  return RewriteSentences(unit, [](std::size_t index, const std::string& body) {
    if (index > 0) return Sealed(body);
    std::string other = body;
    char& last = other[FieldAt(body, 6) - 2];
    last = last == '0' ? '1' : '0';
    return Sealed(body) + Sealed(other);
  });
}

DamagedSentences Tagged(ByteView unit, std::string_view tag) {
  if (!TakeApart(unit) || unit.front() == '\\') return std::nullopt;
  return ToBytes(std::string(tag) + ToText(unit));
}
DamagedSentences TagChecksumWrong(ByteView unit, Prng&) {
  return Tagged(unit, "\\s:ENTENTE*00\\");
}
DamagedSentences TagWithoutChecksum(ByteView unit, Prng&) {
  return Tagged(unit, "\\s:ENTENTE\\");
}
DamagedSentences TagNotClosed(ByteView unit, Prng&) {
  return Tagged(unit, "\\s:ENTENTE*" + ChecksumText("s:ENTENTE"));
}
DamagedSentences TagTimeInWords(ByteView unit, Prng&) {
  return Tagged(unit, "\\c:yesterday*" + ChecksumText("c:yesterday") + '\\');
}

constexpr std::string_view kVdm = "IEC 61162-1, VDM sentence";
constexpr std::string_view kChecksum = "IEC 61162-1, checksum field";
constexpr std::string_view kTag = "IEC 61162-450, TAG block";

constexpr std::array kRules = {
    DamageRule{"ais.checksum", DamageCategory::kChecksum, kChecksum, "the checksum is not that of the characters",
               Reaction::kRefused, WrongChecksum},
    DamageRule{"ais.no-checksum", DamageCategory::kChecksum, kChecksum, "the sentence has no checksum", Reaction::kRefused,
               NoChecksum},
    DamageRule{"ais.dollar-start", DamageCategory::kFraming, kVdm, "the sentence begins with '$' in place of '!'",
               Reaction::kRefused, DollarStart},
    DamageRule{"ais.garbage-before-start", DamageCategory::kFraming, kVdm, "characters before the sentence begins",
               Reaction::kTolerated, GarbageBeforeStart},
    DamageRule{"ais.field-missing", DamageCategory::kMissing, kVdm, "the sentence has no channel field", Reaction::kRefused,
               FieldMissing},
    DamageRule{"ais.field-too-many", DamageCategory::kCount, kVdm, "the sentence has eight fields in place of seven",
               Reaction::kRefused, FieldTooMany},
    DamageRule{"ais.armour-character", DamageCategory::kEncoding, kVdm, "a character of the payload carries no six bits",
               Reaction::kRefused, CharacterOutsideArmour},
    DamageRule{"ais.endless-sentence", DamageCategory::kLength, "IEC 61162-1, sentence length",
               "a sentence of more than 600 characters, where 82 are the most", Reaction::kRefused, EndlessSentence},
    DamageRule{"ais.fill-bits", DamageCategory::kRange, kVdm, "more fill bits than a character has", Reaction::kRefused,
               FillBitsBeyondFive},
    DamageRule{"ais.no-fill-bits", DamageCategory::kMissing, kVdm, "the number of fill bits is left out", Reaction::kTolerated,
               NoFillBits},
    DamageRule{"ais.total-of-zero", DamageCategory::kCount, kVdm, "a message of zero sentences", Reaction::kRefused, TotalOfZero},
    DamageRule{"ais.sentence-number", DamageCategory::kCount, kVdm, "the sentence number is above the total", Reaction::kRefused,
               SentenceNumberBeyondTotal},
    DamageRule{"ais.sentence-number-zero", DamageCategory::kCount, kVdm, "the sentence number is zero", Reaction::kRefused,
               SentenceNumberOfZero},
    DamageRule{"ais.sequence-of-letters", DamageCategory::kEncoding, kVdm, "a sequential message identifier that is no digit",
               Reaction::kTolerated, SequenceOfLetters},
    DamageRule{"ais.sequence-missing", DamageCategory::kMissing, kVdm, "several sentences without a sequential message identifier",
               Reaction::kTolerated, SequenceMissing},
    DamageRule{"ais.last-sentence-missing", DamageCategory::kMissing, kVdm, "the last of several sentences does not come",
               Reaction::kRefused, LastSentenceMissing},
    DamageRule{"ais.sequence-reused", DamageCategory::kRepeated, kVdm,
               "the first sentence comes twice, the second time with another payload", Reaction::kRefused, SequenceReused},
    DamageRule{"ais.tag-checksum", DamageCategory::kChecksum, kTag, "a TAG block with a wrong checksum before a right sentence",
               Reaction::kTolerated, TagChecksumWrong},
    DamageRule{"ais.tag-without-checksum", DamageCategory::kChecksum, kTag, "a TAG block without a checksum", Reaction::kTolerated,
               TagWithoutChecksum},
    DamageRule{"ais.tag-not-closed", DamageCategory::kFraming, kVdm, "a TAG block without its closing backslash",
               Reaction::kTolerated, TagNotClosed},
    DamageRule{"ais.tag-time-in-words", DamageCategory::kTime, kTag, "a TAG block whose time is no number", Reaction::kTolerated,
               TagTimeInWords},
};

}  // namespace

std::span<const DamageRule> SentenceDamage() {
  return kRules;
}

}  // namespace entente::ais
