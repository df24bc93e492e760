// SPDX-License-Identifier: Apache-2.0
#include "base/node_id.h"

#include <algorithm>

namespace entente {
namespace {

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '-' || c == '_' || c == '.';
}

}  // namespace

bool IsNationCode(std::string_view text) {
  return text.size() >= 2 && text.size() <= 8 && IsUpper(text.front()) &&
         std::ranges::all_of(text, [](char c) { return IsUpper(c) || IsDigit(c); });
}

std::string_view NationOf(std::string_view node_id) {
  return node_id.substr(0, node_id.find('/'));
}

std::optional<NodeId> NodeId::Parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || !IsNationCode(text.substr(0, slash))) return std::nullopt;
  const std::string_view name = text.substr(slash + 1);
  if (name.empty() || name.size() > 64 || !std::ranges::all_of(name, IsNameCharacter)) return std::nullopt;
  return NodeId(std::string(text), slash);
}

}  // namespace entente
