// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/damaged_sentences.h"

#include "adapters/ais/checksum.h"
#include "adapters/ais/line.h"

namespace entente::ais {
namespace {

SentenceStyle StyleOf(const Parts& parts) {
  const Sentence& first = parts.sentences.front();
  return {first.address.substr(0, 2), first.address.ends_with("VDO"), first.channel, {}};
}

}  // namespace

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

Bytes PutTogether(const Parts& parts, const Armoured& armoured) {
  return ToBytes(FormatSentences(armoured.characters, armoured.fill_bits, StyleOf(parts)));
}

DamagedSentences RewriteSentences(ByteView unit, const std::function<std::string(std::size_t, std::string)>& change) {
  if (!TakeApart(unit)) return std::nullopt;
  std::string damaged;
  std::size_t index = 0;
  for (std::string_view rest = AsText(unit); !rest.empty(); ++index) {
    const std::string_view line = TakeLine(rest);
    const std::size_t start = line.find('!');
    const std::size_t star = line.find('*', start);
    if (start == std::string_view::npos || star == std::string_view::npos) return std::nullopt;
    damaged += line.substr(0, start);
    damaged += change(index, std::string(line.substr(start + 1, star - start - 1)));
  }
  return ToBytes(damaged);
}

DamagedSentences RewriteLastSentence(ByteView unit, const std::function<bool(std::string&)>& change) {
  const auto parts = TakeApart(unit);
  if (!parts) return std::nullopt;
  bool applies = true;
  auto damaged = RewriteSentences(unit, [&](std::size_t index, std::string body) {
    if (index + 1 == parts->sentences.size()) applies = change(body);
    return '!' + body + '*' + ChecksumText(body) + "\r\n";
  });
  return applies ? damaged : std::nullopt;
}

std::size_t FieldAt(std::string_view body, std::size_t field) {
  std::size_t at = 0;
  while (field-- > 0) at = body.find(',', at) + 1;
  return at;
}

}  // namespace entente::ais
