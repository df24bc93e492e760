// SPDX-License-Identifier: Apache-2.0
#pragma once

// The name of a node: "<nation>/<name>", as in "DEU/brigade". The nation is an ISO 3166-1 alpha-3 code or an organisation such as
// "NATO": 2 to 8 of A-Z and 0-9, starting with a letter. The name: 1 to 64 of a-z, 0-9, '-', '_' and '.'.

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace entente {

class NodeId {
 public:
  // std::nullopt when the text is not of the form above.
  static std::optional<NodeId> Parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string_view nation() const { return std::string_view(text_).substr(0, slash_); }
  [[nodiscard]] std::string_view name() const { return std::string_view(text_).substr(slash_ + 1); }

  auto operator<=>(const NodeId&) const = default;

 private:
  NodeId(std::string text, std::size_t slash) : text_(std::move(text)), slash_(slash) {}
  std::string text_;
  std::size_t slash_;
};

bool IsNationCode(std::string_view text);
// "DEU" of "DEU/brigade"; the whole text when there is no slash.
std::string_view NationOf(std::string_view node_id);

}  // namespace entente
