// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/codec.h"

#include <algorithm>

#include "adapters/ais/from_canonical.h"
#include "adapters/ais/message_bits.h"
#include "adapters/ais/six_bit_text.h"
#include "adapters/ais/to_canonical.h"
#include "adapters/api/fields.h"
#include "base/limits.h"

namespace entente::ais {
namespace {

using adapter::CannotSay;
using adapter::DecodeCode;
using adapter::DecodedMessage;
using adapter::DecodedUnit;
using adapter::DecodeError;
using adapter::Encoded;

constexpr std::string_view kSentenceClause = "IEC 61162-1, VDM sentence";

std::string NativeType(const Message& message) {
  std::string type = std::to_string(message.header.type);
  if (std::holds_alternative<StaticDataA>(message.body)) type += 'A';
  if (std::holds_alternative<StaticDataB>(message.body)) type += 'B';
  return type;
}

// Half of the static data of a class B ship says so; every other message stands for itself.
v1::UnitRole RoleOf(const Message& message) {
  const bool half = std::holds_alternative<StaticDataA>(message.body) || std::holds_alternative<StaticDataB>(message.body);
  return half ? v1::UNIT_ROLE_PARTIAL : v1::UNIT_ROLE_CARRIES;
}

// Disarms the payloads of all sentences; fill bits count in the last one only. std::nullopt: all are right.
std::optional<DecodeError> Disarm(std::span<const Sentence> sentences, ByteView unit, MessageBits& bits) {
  for (const Sentence& sentence : sentences) {
    const auto offset = static_cast<std::size_t>(reinterpret_cast<const std::uint8_t*>(sentence.payload.data()) - unit.data());
    if (const auto wrong = bits.AppendArmour(sentence.payload)) {
      const bool full = bits.length_bits() + 6 > MessageBits::kMaxCharacters * 6;
      return DecodeError{full ? DecodeCode::kLimit : DecodeCode::kEncoding, offset + *wrong, "encapsulated data",
                         std::string(kSentenceClause),
                         full ? "the payload is longer than any message" : "a character that carries no six bits"};
    }
  }
  if (!bits.RemoveFill(sentences.back().fill_bits)) {
    return DecodeError{DecodeCode::kTruncated, 0, "encapsulated data", std::string(kSentenceClause), "the payload is empty"};
  }
  return std::nullopt;
}

TimeBase TimeBaseOf(std::span<const Sentence> sentences, const Now& now) {
  for (const Sentence& sentence : sentences) {
    if (sentence.tag.time) return {*sentence.tag.time, v1::CLOCK_SOURCE_RELAY};
  }
  return {now.utc, v1::CLOCK_SOURCE_GATEWAY};
}

std::string KeptPayload(std::span<const Sentence> sentences) {
  std::size_t characters = 1;
  for (const Sentence& sentence : sentences) characters += sentence.payload.size();
  std::string payload;
  payload.reserve(characters);
  payload += static_cast<char>('0' + sentences.back().fill_bits);
  for (const Sentence& sentence : sentences) payload += sentence.payload;
  return payload;
}

// One line of the extension: fill bits and characters.
bool ReadKept(std::string_view line, Message& message, Armoured& armoured) {
  if (line.size() < 2 || line[0] < '0' || line[0] > '5') return false;
  MessageBits bits;
  std::vector<adapter::Finding> findings;
  armoured = {std::string(line.substr(1)), static_cast<unsigned>(line[0] - '0')};
  if (bits.AppendArmour(armoured.characters) || !bits.RemoveFill(armoured.fill_bits)) return false;
  auto read = ReadMessage(bits, findings);
  if (!read) return false;
  message = *std::move(read);
  return true;
}

SentenceStyle StyleFor(const adapter::NodeOptions& options, std::uint32_t mmsi, std::string_view tag_block) {
  const std::string& channel = options.Text("channel");
  return {options.Text("talker"), options.Integer("mmsi") == mmsi, channel.empty() ? char{0} : channel.front(), tag_block};
}

std::string TagBlockFor(const v1::Envelope& message, const adapter::NodeOptions& options) {
  const std::string source = FoldToSixBit(options.Text("tag_block_source"), 15);
  if (source.empty() || source.find_first_of("\\,*!$") != std::string::npos) return {};
  const bool timed = message.times().has_observed();
  return FormatTagBlock(source, timed ? std::optional(FromNanoseconds(message.times().observed().utc_ns())) : std::nullopt);
}

void AddUnit(const Armoured& armoured, const SentenceStyle& style, Encoded& encoded) {
  encoded.units.push_back(Share(ToBytes(FormatSentences(armoured.characters, armoured.fill_bits, style))));
}

// What came from AIS goes back to AIS as it was, spare bits and communication state included.
bool GiveBackPayload(const v1::Envelope& message, const adapter::EncodeContext& context, Encoded& encoded) {
  const auto extension = std::ranges::find(message.extensions(), kPayloadNamespace, &v1::Extension::namespace_);
  if (extension == message.extensions().end()) return false;
  const std::uint32_t mmsi = MmsiOf(message, context);
  const std::string tag_block = TagBlockFor(message, context.options);
  for (std::string_view rest = extension->content(); !rest.empty();) {
    Message kept;
    Armoured armoured;
    if (!ReadKept(WithoutLineEnd(TakeLine(rest)), kept, armoured) || kept.header.mmsi != mmsi) {
      encoded.units.clear();
      return false;
    }
    AddUnit(armoured, StyleFor(context.options, mmsi, tag_block), encoded);
  }
  for (const auto& same : adapter::Compare(message, message)) encoded.ledger.Kept(same.field);
  return !encoded.units.empty();
}

bool IsAisUnit(std::string_view octets) {
  while (!octets.empty()) {
    const auto sentence = ParseSentence(WithoutLineEnd(TakeLine(octets)));
    if (!sentence || !sentence->IsAis()) return false;
  }
  return true;
}

std::optional<Encoded> GiveBackOpaque(const v1::Envelope& message) {
  const std::string& octets = message.opaque().octets();
  if (octets.empty() || !IsAisUnit(octets)) return std::nullopt;
  Encoded encoded;
  encoded.units.push_back(Share(ToBytes(octets.ends_with('\n') ? octets : octets + "\r\n")));
  encoded.ledger.Kept(v1::FIELD_EXTENSIONS);
  return encoded;
}

void LimitFindings(std::vector<adapter::Finding>& findings) {
  if (findings.size() > limits::kFindingsPerUnit) findings.resize(limits::kFindingsPerUnit);
}

}  // namespace

adapter::DecodeResult<Message> ReadSentences(std::span<const Sentence> sentences, ByteView unit,
                                             std::vector<adapter::Finding>& findings) {
  MessageBits bits;
  if (auto error = Disarm(sentences, unit, bits)) return std::unexpected(*std::move(error));
  for (const Sentence& sentence : sentences) {
    findings.insert(findings.end(), sentence.findings.begin(), sentence.findings.end());
  }
  return ReadMessage(bits, findings);
}

adapter::DecodeResult<DecodedUnit> DecodeSentences(std::span<const Sentence> sentences, ByteView unit, const Now& now) {
  DecodedUnit decoded;
  const auto message = ReadSentences(sentences, unit, decoded.findings);
  if (!message) return std::unexpected(message.error());
  decoded.role = RoleOf(*message);
  decoded.native_type = NativeType(*message);
  auto messages = ToCanonical(*message, TimeBaseOf(sentences, now), KeptPayload(sentences), unit);
  if (!messages) return std::unexpected(std::move(messages.error()));
  decoded.messages = *std::move(messages);
  LimitFindings(decoded.findings);
  return decoded;
}

adapter::DecodeResult<DecodedUnit> AisCodec::Decode(ByteView unit, const adapter::DecodeContext& context) const {
  std::vector<Sentence> sentences;
  for (std::string_view rest = AsText(unit); !rest.empty();) {
    const std::size_t offset = unit.size() - rest.size();
    auto sentence = ParseSentence(WithoutLineEnd(TakeLine(rest)));
    if (!sentence) {
      sentence.error().offset += offset;
      return std::unexpected(std::move(sentence.error()));
    }
    for (adapter::Finding& finding : sentence->findings) finding.offset += offset;
    if (!sentence->IsAis()) {
      return DecodedUnit{v1::UNIT_ROLE_CONTROL, std::string(sentence->address), {}, std::move(sentence->findings)};
    }
    if (sentence->index != sentences.size() + 1 || (!sentences.empty() && sentence->count != sentences.front().count)) {
      return std::unexpected(DecodeError{DecodeCode::kCount, offset, "sentence number", std::string(kSentenceClause),
                                         "sentence " + std::to_string(sentence->index) + " of " + std::to_string(sentence->count) +
                                             " stands at place " + std::to_string(sentences.size() + 1)});
    }
    sentences.push_back(*std::move(sentence));
  }
  if (sentences.empty() || sentences.size() != sentences.front().count) {
    return std::unexpected(DecodeError{DecodeCode::kTruncated, unit.size(), "sentence number", std::string(kSentenceClause),
                                       "the unit ends before its last sentence"});
  }
  return DecodeSentences(sentences, unit, context.now);
}

std::expected<Encoded, CannotSay> AisCodec::Encode(const v1::Envelope& message, const adapter::EncodeContext& context) const {
  Encoded encoded;
  if (GiveBackPayload(message, context, encoded)) return encoded;
  if (message.has_opaque()) {
    if (auto given_back = GiveBackOpaque(message)) return *std::move(given_back);
  }
  auto said = FromCanonical(message, context);
  if (!said) return std::unexpected(std::move(said.error()));
  const std::string tag_block = TagBlockFor(message, context.options);
  for (const Message& part : said->messages) {
    AddUnit(WriteMessage(part), StyleFor(context.options, part.header.mmsi, tag_block), encoded);
  }
  encoded.ledger = std::move(said->ledger);
  return encoded;
}

const AisCodec& TheCodec() {
  static const AisCodec codec;
  return codec;
}

}  // namespace entente::ais
