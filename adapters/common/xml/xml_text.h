// SPDX-License-Identifier: Apache-2.0
#pragma once

// Characters of XML text: what may stand in a document, what a reference means, and how we write text and attribute values.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/api/decode_error.h"

namespace entente::xml {

// The first octet that is not part of well-formed UTF-8 of XML 1.0 characters (§2.2); std::nullopt when all are.
std::optional<std::size_t> FindBadCharacter(std::string_view text);

// The error that FindBadCharacter's offset stands for.
adapter::DecodeError BadCharacter(std::string_view text, std::size_t offset);

// The first '&' that starts no character reference and none of the five predefined entities (§4.1, §4.6); std::nullopt when none.
std::optional<std::size_t> FindBadReference(std::string_view raw);

// References resolved, line ends normalised to '\n' (§2.11). `raw` must have passed FindBadReference.
std::string Unescape(std::string_view raw);
// The same, without a copy where nothing is to be done; `storage` holds the result otherwise.
std::string_view Unescape(std::string_view raw, std::string& storage);

// Appends `text` so that it reads back the same between tags, and between double quotes. Characters that XML cannot hold at all
// are replaced by U+FFFD.
void AppendEscaped(std::string& out, std::string_view text);

inline bool IsSpace(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}
// Without the white space around it.
inline std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace entente::xml
