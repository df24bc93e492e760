// SPDX-License-Identifier: Apache-2.0
#pragma once

// Rows of text, aligned in columns for a fixed-width font.

#include <string>
#include <string_view>
#include <vector>

namespace entente::harness {

enum class Align { kLeft, kRight };

class TextTable {
 public:
  struct Cell {
    std::string text;
    std::string_view colour = {};  // ANSI sequence; empty: none
  };

  explicit TextTable(std::vector<Align> columns) : columns_(std::move(columns)) {}
  void Add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  // Each row indented by `indent`; the last column is not padded.
  [[nodiscard]] std::string Render(std::size_t indent) const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<Cell>> rows_;
};

// Columns that a text takes: code points, which is right for the scripts that node names are in.
std::size_t WidthOf(std::string_view text);

}  // namespace entente::harness
