// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the damage rules of this folder share: a right unit taken apart into sentences and message, changed, and put together with
// right checksums. A rule is a function from a right unit to the broken one, std::nullopt where it does not apply.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/ais/message_bits.h"
#include "adapters/ais/sentence.h"
#include "adapters/api/damage.h"

namespace entente::ais {

using DamagedSentences = std::optional<Bytes>;

// Views point into the unit.
struct Parts {
  std::vector<Sentence> sentences;
  Message message;
  MessageBits bits;
};

// std::nullopt when the unit is no right message.
std::optional<Parts> TakeApart(ByteView unit);
// Other bits in sentences like those of the unit.
Bytes PutTogether(const Parts& parts, const Armoured& armoured);

// Lets `change` alter the header and the one field of the body that it looks for; false: the body has none.
template <typename Change>
DamagedSentences Rewrite(ByteView unit, Change change) {
  auto parts = TakeApart(unit);
  if (!parts || std::holds_alternative<OtherMessage>(parts->message.body)) return std::nullopt;
  if (!std::visit([&](auto& body) { return change(parts->message.header, body); }, parts->message.body)) return std::nullopt;
  return PutTogether(*parts, WriteMessage(parts->message));
}

// `change` gets what lies between '!' and '*' of each sentence in turn, and gives the text to put in its place.
DamagedSentences RewriteSentences(ByteView unit, const std::function<std::string(std::size_t index, std::string body)>& change);
// The same of the last sentence alone; false: the rule does not apply.
DamagedSentences RewriteLastSentence(ByteView unit, const std::function<bool(std::string& body)>& change);
// Where the field begins in a sentence's body: 0 is the address, 5 the payload, 6 the fill bits.
std::size_t FieldAt(std::string_view body, std::size_t field);

std::span<const adapter::DamageRule> SentenceDamage();  // of IEC 61162-1 and its TAG block
std::span<const adapter::DamageRule> MessageDamage();   // of ITU-R M.1371-5

}  // namespace entente::ais
