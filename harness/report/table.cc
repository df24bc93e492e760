// SPDX-License-Identifier: Apache-2.0
#include "harness/report/table.h"

#include <algorithm>

namespace entente::harness {

std::size_t WidthOf(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char octet) { return (octet & 0xC0) != 0x80; }));
}

std::string TextTable::Render(std::size_t indent) const {
  constexpr std::string_view kReset = "\x1b[0m";
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t column = 0; column < row.size(); ++column)
      widths[column] = std::max(widths[column], WidthOf(row[column].text));
  }
  std::string text;
  for (const auto& row : rows_) {
    std::string line(indent, ' ');
    for (std::size_t column = 0; column < row.size(); ++column) {
      const Cell& cell = row[column];
      const std::string padding(widths[column] - WidthOf(cell.text), ' ');
      if (column > 0) line += "  ";
      if (columns_[column] == Align::kRight) line += padding;
      line += cell.colour.empty() ? cell.text : std::string(cell.colour) + cell.text + std::string(kReset);
      if (columns_[column] == Align::kLeft && column + 1 < row.size()) line += padding;
    }
    text += line + '\n';
  }
  return text;
}

}  // namespace entente::harness
