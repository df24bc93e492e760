// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "tests/architecture/room.h"
#include "tests/architecture/source_tree.h"

namespace entente::architecture {
namespace {

constexpr std::size_t kLongestFileLines = 600;

const std::vector<SourceFile>& Tree() {
  static const std::vector<SourceFile> tree = ReadSourceTree(ENTENTE_SOURCE_DIR);
  return tree;
}

bool StartsWithAny(std::string_view path, const std::vector<std::string_view>& starts) {
  return std::ranges::any_of(starts, [&](std::string_view start) { return path.starts_with(start); });
}

// "adapters/<protocol>", or empty for a file of no protocol.
std::string ProtocolFolder(const std::string& path) {
  static const std::regex kProtocol(R"(^adapters/(?!api/|common/|gateway/)([^/]+)/)");
  std::smatch match;
  return std::regex_search(path, match, kProtocol) ? "adapters/" + match[1].str() + "/" : std::string{};
}

std::set<std::string> ProtocolNames() {
  std::set<std::string> names;
  for (const SourceFile& file : Tree()) {
    const std::string folder = ProtocolFolder(file.path);
    if (!folder.empty()) names.insert(folder.substr(9, folder.size() - 10));
  }
  return names;
}

bool MayInclude(const SourceFile& file, const Room& room, const Include& include) {
  if (include.quoted) {
    const std::string own = ProtocolFolder(file.path);
    return StartsWithAny(include.path, room.may_include) || (!own.empty() && include.path.starts_with(own));
  }
  const bool standard = include.path.find('/') == std::string::npos && include.path.find('.') == std::string::npos;
  const bool posix = room.shell && (include.path.starts_with("sys/") || include.path.starts_with("netinet/") ||
                                    include.path.starts_with("arpa/") || include.path == "unistd.h" || include.path == "fcntl.h");
  return standard || posix || StartsWithAny(include.path, room.may_use);
}

TEST(Architecture, TreeIsFound) {
  EXPECT_GT(Tree().size(), 50U) << "no sources below " << ENTENTE_SOURCE_DIR;
}

TEST(Architecture, EveryFileHasARoom) {
  for (const SourceFile& file : Tree()) EXPECT_NE(RoomOf(file.path), nullptr) << file.path << " lies in no folder of the design";
}

TEST(Architecture, EachFolderIncludesOnlyWhatTheDesignAllows) {
  for (const SourceFile& file : Tree()) {
    const Room* room = RoomOf(file.path);
    if (room == nullptr || file.IsTest()) continue;
    for (const Include& include : file.Includes()) {
      EXPECT_TRUE(MayInclude(file, *room, include))
          << fmt::format("{}:{}: {} may not include {}", file.path, include.line, room->folder, include.path);
    }
  }
}

TEST(Architecture, NoAdapterIncludesAnother) {
  for (const SourceFile& file : Tree()) {
    const std::string own = ProtocolFolder(file.path);
    if (own.empty()) continue;
    for (const Include& include : file.Includes()) {
      const std::string other = ProtocolFolder(include.path);
      EXPECT_TRUE(other.empty() || other == own) << fmt::format("{}:{}: {}", file.path, include.line, include.path);
    }
  }
}

// Whoever judges leaks must not decide with the code that let them through: nothing that the assessment includes, however far down,
// is the release guard's.
TEST(Architecture, TheLeakOracleSharesNothingWithTheGuard) {
  std::map<std::string, const SourceFile*> by_path;
  for (const SourceFile& file : Tree()) by_path[file.path] = &file;
  std::vector<const SourceFile*> waiting;
  std::set<std::string> reached;
  for (const SourceFile& file : Tree()) {
    if (file.path.starts_with("harness/assessment/") && reached.insert(file.path).second) waiting.push_back(&file);
  }
  ASSERT_TRUE(reached.contains("harness/assessment/leak_oracle.cc"));
  while (!waiting.empty()) {
    const SourceFile& file = *waiting.back();
    waiting.pop_back();
    for (const Include& include : file.Includes()) {
      EXPECT_FALSE(include.path.starts_with("broker/")) << fmt::format("{}:{}: {}", file.path, include.line, include.path);
      const auto next = by_path.find(include.path);
      if (next != by_path.end() && reached.insert(include.path).second) waiting.push_back(next->second);
    }
  }
  EXPECT_GT(reached.size(), 20U);
}

TEST(Architecture, BelowTheShellsThereIsNoClockThreadRandomDeviceOrEnvironment) {
  static const std::regex kForbidden(
      R"((system|steady|high_resolution)_clock::now|std::random_device|std::this_thread|std::j?thread\b|std::mutex|getenv\(|spdlog::|::socket\()");
  for (const SourceFile& file : Tree()) {
    const Room* room = RoomOf(file.path);
    if (room == nullptr || room->shell || file.IsTest()) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_FALSE(std::regex_search(file.lines[i], kForbidden)) << fmt::format("{}:{}: {}", file.path, i + 1, file.lines[i]);
    }
  }
}

TEST(Architecture, NoProtocolIsNamedOutsideItsFolder) {
  const std::set<std::string> names = ProtocolNames();
  ASSERT_FALSE(names.empty());
  for (const SourceFile& file : Tree()) {
    if (file.IsTest() || file.path.starts_with("harness/cli/")) continue;
    const std::string own = ProtocolFolder(file.path);
    for (const std::string& name : names) {
      if (own == "adapters/" + name + "/") continue;
      const std::regex naming("\"" + name + "\"|\\b" + name + "::|adapters/" + name + "/");
      for (std::size_t i = 0; i < file.lines.size(); ++i) {
        const std::string code = file.lines[i].substr(0, file.lines[i].find("//"));
        EXPECT_FALSE(std::regex_search(code, naming)) << fmt::format("{}:{}: {}", file.path, i + 1, file.lines[i]);
      }
    }
  }
}

TEST(Architecture, EveryFileSaysItsLicenceAndHeadersAreGuarded) {
  for (const SourceFile& file : Tree()) {
    ASSERT_FALSE(file.lines.empty()) << file.path;
    EXPECT_EQ(file.lines.front(), "// SPDX-License-Identifier: Apache-2.0") << file.path;
    const bool guarded = std::ranges::find(file.lines, "#pragma once") != file.lines.end();
    EXPECT_EQ(guarded, file.IsHeader()) << file.path;
  }
}

TEST(Architecture, NoFileHasOutgrownItsShape) {
  for (const SourceFile& file : Tree()) EXPECT_LE(file.lines.size(), kLongestFileLines) << file.path;
}

TEST(Architecture, NoTestSleeps) {
  static const std::regex kSleep(R"(sleep_for|sleep_until|usleep\(|[^a-z_]sleep\()");
  // A benchmark measures for a time, and its sender keeps a pace; nothing there is judged right or wrong by it.
  static const std::set<std::string> kMeasure = {"tests/performance/measurement.cc", "tests/performance/publish.cc"};
  for (const SourceFile& file : Tree()) {
    if (!file.IsTest() || kMeasure.contains(file.path) || file.path.starts_with("tests/architecture/")) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_FALSE(std::regex_search(file.lines[i], kSleep)) << fmt::format("{}:{}: {}", file.path, i + 1, file.lines[i]);
    }
  }
}

}  // namespace
}  // namespace entente::architecture
