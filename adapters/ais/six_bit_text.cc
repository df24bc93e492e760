// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/six_bit_text.h"

#include <algorithm>
#include <array>

#include "adapters/ais/units.h"
#include "base/invariant.h"

namespace entente::ais {
namespace {

void TrimTrailingSpaces(std::string& text) {
  text.erase(text.find_last_not_of(' ') + 1);
}

// U+00C0 to U+00FF without accents, as capitals; '?' for the two signs among them.
constexpr std::string_view kLatin1Folded =
    "AAAAAAACEEEEIIII"
    "DNOOOOO?OUUUUYTS"
    "AAAAAAACEEEEIIII"
    "DNOOOOO?OUUUUYTY";
static_assert(kLatin1Folded.size() == 64);

// One code point of well- or ill-formed UTF-8; an octet that begins none counts as U+FFFD.
char32_t NextCodePoint(std::string_view utf8, std::size_t& pos) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(utf8[i]); };
  const std::uint8_t first = octet(pos++);
  if (first < 0x80) return first;
  if (first >= 0xF8) return 0xFFFD;
  const unsigned following = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  if (following == 0) return 0xFFFD;
  char32_t code_point = first & (0x3FU >> following);
  for (unsigned i = 0; i < following; ++i) {
    if (pos == utf8.size() || (octet(pos) & 0xC0) != 0x80) return 0xFFFD;
    code_point = code_point << 6 | (octet(pos++) & 0x3FU);
  }
  return code_point;
}

char FoldCodePoint(char32_t code_point) {
  if (code_point >= 'a' && code_point <= 'z') return static_cast<char>(code_point - 'a' + 'A');
  if (code_point >= 0xC0 && code_point <= 0xFF) return kLatin1Folded[code_point - 0xC0];
  if (code_point == '\t' || code_point == '\n' || code_point == '\r' || code_point == 0xA0) return ' ';
  if (code_point < ' ' || code_point > '_' || code_point == '@') return '?';
  return static_cast<char>(code_point);
}

}  // namespace

std::string ReadSixBitText(BitReader& bits, std::size_t characters) {
  constexpr std::size_t kAtOnce = 8;
  ENTENTE_INVARIANT(characters <= kTextCharacters);
  std::array<char, kTextCharacters> text;
  std::size_t length = 0;
  bool ended = false;
  while (characters > 0 && !ended) {
    const std::size_t wanted = std::min(kAtOnce, characters);
    const std::size_t taken = bits.remaining_bits() >= wanted * 6 ? wanted : 1;
    const std::uint64_t values = bits.Unsigned(static_cast<unsigned>(taken * 6));
    characters -= taken;
    for (std::size_t left = taken; left > 0 && !ended; --left) {
      const unsigned value = values >> (left - 1) * 6 & 0x3F;
      ended = value == 0;
      if (!ended) text[length++] = static_cast<char>(value < 32 ? value + 64 : value);
    }
  }
  if (characters > 0 && bits.ok()) bits.Skip(characters * 6);
  while (length > 0 && text[length - 1] == ' ') --length;
  return {text.data(), length};
}

void WriteSixBitText(BitWriter& bits, std::string_view text, std::size_t characters) {
  ENTENTE_INVARIANT(text.size() <= characters);
  for (const char c : text) bits.Unsigned(static_cast<std::uint8_t>(c) & 0x3FU, 6);
  for (std::size_t i = text.size(); i < characters; ++i) bits.Unsigned(0, 6);
}

std::string FoldToSixBit(std::string_view utf8, std::size_t limit) {
  std::string text;
  for (std::size_t pos = 0; pos < utf8.size() && text.size() < limit;) text += FoldCodePoint(NextCodePoint(utf8, pos));
  TrimTrailingSpaces(text);
  return text;
}

}  // namespace entente::ais
