// SPDX-License-Identifier: Apache-2.0
#pragma once

// The tree's source files as the architecture rules see them.

#include <filesystem>
#include <string>
#include <vector>

namespace entente::architecture {

struct Include {
  int line = 0;
  std::string path;  // "base/bytes.h", "asio.hpp"
  bool quoted = false;
};

struct SourceFile {
  std::string path;  // from the root: "adapters/api/codec.h"
  std::vector<std::string> lines;

  [[nodiscard]] std::vector<Include> Includes() const;
  [[nodiscard]] bool IsHeader() const { return path.ends_with(".h"); }
  // Tests with their fixtures, benchmarks and fuzz targets may use more than what they test.
  [[nodiscard]] bool IsTest() const;
};

// Every .h and .cc below the folders that hold code, sorted by path.
std::vector<SourceFile> ReadSourceTree(const std::filesystem::path& root);

}  // namespace entente::architecture
