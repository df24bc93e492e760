// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/xml/xml_text.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

#include "adapters/common/xml/octet_scan.h"

namespace entente::xml {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::uint8_t OctetAt(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

// XML 1.0 §2.2, production 2.
bool IsXmlCharacter(std::uint32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c <= 0xD7FF || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

// Length of the well-formed UTF-8 sequence of an XML character at `at`; 0 when there is none.
std::size_t CharacterLength(std::string_view text, std::size_t at) {
  const std::uint8_t lead = OctetAt(text, at);
  if (lead < 0x80) return IsXmlCharacter(lead) ? 1 : 0;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - at < length) return 0;
  std::uint32_t c = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const std::uint8_t next = OctetAt(text, at + i);
    if ((next & 0xC0) != 0x80) return 0;
    c = c << 6 | (next & 0x3FU);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  return c >= kLeast[length] && IsXmlCharacter(c) ? length : 0;
}

// Octets that are no XML character by themselves: of a longer one, or a control character but for tab and line ends.
constexpr auto kNotPlain = [](auto octet) {
  return (octet < Octet{0x20}) ^ ((octet == Octet{'\t'}) | (octet == Octet{'\n'}) | (octet == Octet{'\r'}));
};
// These, and tab and carriage return: sooner asked, and as seldom there. An octet is never both above the controls and a line feed.
constexpr auto kUnusual = [](auto octet) { return (octet > Octet{0x1F}) == (octet == Octet{'\n'}); };

void AppendUtf8(std::string& out, std::uint32_t c) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    tail(12), tail(6), tail(0);
  }
}

// The character of "amp", "#38" or "#x26"; std::nullopt when it is none.
std::optional<std::uint32_t> Resolve(std::string_view name) {
  if (name == "lt") return '<';
  if (name == "gt") return '>';
  if (name == "amp") return '&';
  if (name == "quot") return '"';
  if (name == "apos") return '\'';
  if (!name.starts_with('#')) return std::nullopt;
  const bool hexadecimal = name.size() > 1 && name[1] == 'x';
  const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
  std::uint32_t c = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), c, hexadecimal ? 16 : 10);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() || !IsXmlCharacter(c)) return std::nullopt;
  return c;
}

// The name between '&' at `at` and the next ';'; references are short, so a missing ';' is soon seen.
std::string_view ReferenceName(std::string_view raw, std::size_t at) {
  constexpr std::size_t kLongestName = 10;
  const std::size_t end = raw.substr(at, kLongestName + 2).find(';');
  return end == std::string_view::npos ? std::string_view{} : raw.substr(at + 1, end - 1);
}

}  // namespace

std::optional<std::size_t> FindBadCharacter(std::string_view text) {
  const char* const end = text.data() + text.size();
  for (const char* p = text.data(); (p = FindOctet(SkipStridesWithout(p, end, kUnusual), end, kNotPlain)) != end;) {
    const auto at = static_cast<std::size_t>(p - text.data());
    const std::size_t length = CharacterLength(text, at);
    if (length == 0) return at;
    p += length;
  }
  return std::nullopt;
}

adapter::DecodeError BadCharacter(std::string_view text, std::size_t offset) {
  const std::uint8_t octet = OctetAt(text, offset);
  const std::string found = octet < 0x20
                                ? fmt::format("the control character U+{:04X}, which XML cannot hold even as a reference", octet)
                                : fmt::format("the octet 0x{:02X}, which is not well-formed UTF-8 of an XML character", octet);
  return {adapter::DecodeCode::kEncoding, offset, {}, "XML 1.0 §2.2", found};
}

std::optional<std::size_t> FindBadReference(std::string_view raw) {
  for (std::size_t at = raw.find('&'); at != std::string_view::npos; at = raw.find('&', at + 1)) {
    if (!Resolve(ReferenceName(raw, at))) return at;
  }
  return std::nullopt;
}

std::string_view Unescape(std::string_view raw, std::string& storage) {
  std::size_t at = raw.find_first_of("&\r");
  if (at == std::string_view::npos) return raw;
  storage.assign(raw.substr(0, at));
  while (at < raw.size()) {
    if (raw[at] == '&') {
      const std::string_view name = ReferenceName(raw, at);
      AppendUtf8(storage, Resolve(name).value_or(0xFFFD));
      at += name.size() + 2;
    } else if (raw[at] == '\r') {
      storage += '\n';
      at += at + 1 < raw.size() && raw[at + 1] == '\n' ? 2 : 1;
    } else {
      storage += raw[at++];
    }
  }
  return storage;
}

std::string Unescape(std::string_view raw) {
  std::string storage;
  return std::string(Unescape(raw, storage));
}

void AppendEscaped(std::string& out, std::string_view text) {
  std::size_t plain = 0;
  const auto replace = [&](std::size_t at, std::size_t length, std::string_view with) {
    out.append(text, plain, at - plain).append(with);
    plain = at + length;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::uint8_t c = OctetAt(text, at);
    if (c >= 0x80) {
      const std::size_t length = CharacterLength(text, at);
      if (length == 0) replace(at, 1, kReplacement);
      at += length == 0 ? 1 : length;
      continue;
    }
    switch (c) {
      case '&':
        replace(at, 1, "&amp;");
        break;
      case '<':
        replace(at, 1, "&lt;");
        break;
      case '>':
        replace(at, 1, "&gt;");
        break;
      case '"':
        replace(at, 1, "&quot;");
        break;
      case '\n':
        replace(at, 1, "&#10;");
        break;
      case '\r':
        replace(at, 1, "&#13;");
        break;
      case '\t':
        replace(at, 1, "&#9;");
        break;
      default:
        if (c < 0x20) replace(at, 1, kReplacement);
    }
    ++at;
  }
  out.append(text, plain);
}

}  // namespace entente::xml
