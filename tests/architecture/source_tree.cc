// SPDX-License-Identifier: Apache-2.0
#include "tests/architecture/source_tree.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <regex>

namespace entente::architecture {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> ReadLines(const fs::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

bool IsSource(const fs::path& path) {
  return path.extension() == ".h" || path.extension() == ".cc";
}

}  // namespace

std::vector<Include> SourceFile::Includes() const {
  static const std::regex kInclude(R"(^\s*#\s*include\s*(["<])([^">]+)[">])");
  std::vector<Include> includes;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::smatch match;
    if (std::regex_search(lines[i], match, kInclude)) {
      includes.push_back({static_cast<int>(i) + 1, match[2].str(), match[1].str() == "\""});
    }
  }
  return includes;
}

bool SourceFile::IsTest() const {
  const std::string stem = fs::path(path).stem().string();
  const auto ends = {"_test", "_bench", "_fuzz", "_fixture", "_rig", "fuzz_main"};
  return path.starts_with("tests/") || path.find("/test/") != std::string::npos || stem.starts_with("test_") ||
         stem.starts_with("peer_") || stem.starts_with("contract_") ||
         std::ranges::any_of(ends, [&](const char* end) { return stem.ends_with(end); });
}

std::vector<SourceFile> ReadSourceTree(const fs::path& root) {
  std::vector<SourceFile> files;
  for (const char* top : {"base", "proto", "adapters", "broker", "harness", "tests"}) {
    if (!fs::exists(root / top)) continue;
    for (auto entry = fs::recursive_directory_iterator(root / top); entry != fs::recursive_directory_iterator(); ++entry) {
      if (entry->path().filename() == "node_modules") {
        entry.disable_recursion_pending();
      } else if (entry->is_regular_file() && IsSource(entry->path())) {
        files.push_back({fs::relative(entry->path(), root).generic_string(), ReadLines(entry->path())});
      }
    }
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

}  // namespace entente::architecture
