// SPDX-License-Identifier: Apache-2.0
#include "harness/report/markup.h"

#include <fmt/format.h>

#include "base/time.h"

namespace entente::harness {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// One character of UTF-8 (RFC 3629) from the start of a text that is not empty; 0 octets when it is not valid.
struct Character {
  std::uint32_t code = 0;
  std::size_t octets = 0;
};

Character NextCharacter(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = octet(0);
  if (first < 0x80) return {first, 1};
  const std::size_t octets = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (first < 0xC2 || first > 0xF4 || text.size() < octets) return {};
  std::uint32_t code = first & (0xFFU >> (octets + 1));
  for (std::size_t i = 1; i < octets; ++i) {
    if ((octet(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (octet(i) & 0x3FU);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code < kLeast[octets] || code > 0x10FFFF || surrogate ? Character{} : Character{code, octets};
}

bool IsPrintable(std::uint32_t code) {
  return code >= 0x20 && !(code >= 0x7F && code < 0xA0) && (code & 0xFFFE) != 0xFFFE;
}

template <typename Append>
void ForEachCharacter(std::string_view text, Append append) {
  while (!text.empty()) {
    const Character character = NextCharacter(text);
    append(character, text.substr(0, character.octets));
    text.remove_prefix(std::max<std::size_t>(character.octets, 1));
  }
}

std::string_view Entity(std::uint32_t code) {
  switch (code) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

std::string EscapeMarkup(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  ForEachCharacter(text, [&](Character character, std::string_view octets) {
    const std::string_view entity = Entity(character.code);
    if (!entity.empty()) {
      escaped += entity;
    } else if (character.code == '\n' || character.code == '\t') {
      escaped += ' ';
    } else {
      escaped += IsPrintable(character.code) ? octets : kReplacement;
    }
  });
  return escaped;
}

std::string EscapeTerminal(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  ForEachCharacter(text, [&](Character character, std::string_view octets) {
    escaped += IsPrintable(character.code) ? octets : std::string_view("?");
  });
  return escaped;
}

std::string TimeText(std::int64_t utc_ns) {
  return FormatUtc(FromNanoseconds(utc_ns), 0);
}

std::string AfterStartText(std::int64_t utc_ns, std::int64_t started_ns) {
  constexpr std::int64_t kSecondNs = 1'000'000'000;
  const std::int64_t seconds = (utc_ns - started_ns) / kSecondNs;
  const char sign = utc_ns < started_ns ? '-' : '+';
  const std::int64_t magnitude = std::abs(seconds);
  if (magnitude >= 3600) return fmt::format("{}{}:{:02}:{:02}", sign, magnitude / 3600, magnitude / 60 % 60, magnitude % 60);
  return fmt::format("{}{:02}:{:02}", sign, magnitude / 60, magnitude % 60);
}

std::string Grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::ptrdiff_t at = std::ssize(text) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), 1, ',');
  return text;
}

}  // namespace entente::harness
