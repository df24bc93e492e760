// SPDX-License-Identifier: Apache-2.0
// docs/malformed-traffic.md says what decoders of other make accept that they should refuse. Here they are asked again, and the
// table must say the same. When it does not, the rows as they are now are written to a file that the failure names.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "adapters/api/registry.h"
#include "adapters/dis/peer_process.h"
#include "tests/malformed/peer_opinion.h"

namespace entente::adapter {
namespace {

struct Panel {
  std::string_view protocol;
  std::vector<std::string_view> peers;
};
const std::vector<Panel> kPanels = {
    {"cot", {"node-cot"}}, {"dis", {"open-dis", "tshark"}}, {"ais", {"gpsdecode", "ais-stream-decoder", "ggencoder"}}};

const AdapterInfo* Find(std::string_view protocol) {
  for (const AdapterInfo* info : Adapters()) {
    if (info->name == protocol) return info;
  }
  return nullptr;
}

// "| `cot.no-uid` | missing | the event has no uid | refused | accepted |", one line per rule.
std::vector<std::string> RowsOf(const Panel& panel, const AdapterInfo& info) {
  const std::vector<BrokenRule> rules = BreakEachRule(info);
  std::vector<std::string> rows;
  for (const BrokenRule& rule : rules) {
    rows.push_back(fmt::format("| `{}` | {} | {} | {} |", rule.rule->id, CategoryName(rule.rule->category), rule.rule->description,
                               ReactionName(rule.rule->expected)));
  }
  for (const std::string_view peer : panel.peers) {
    const std::vector<std::string> opinions = OpinionsOf(peer, rules);
    EXPECT_EQ(opinions.size(), rows.size()) << peer;
    for (std::size_t i = 0; i < rows.size() && i < opinions.size(); ++i) rows[i] += ' ' + opinions[i] + " |";
  }
  return rows;
}

std::vector<std::string> RowsInDocument(std::string_view protocol) {
  std::ifstream file(ENTENTE_SOURCE_DIR "/docs/malformed-traffic.md");
  std::vector<std::string> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(fmt::format("| `{}.", protocol))) rows.push_back(line);
  }
  return rows;
}

// "Of the rules that demand a refusal, tshark accepts 13 of 22." of those that the peer was asked about.
std::string SummaryOf(const Panel& panel, const std::vector<std::string>& rows) {
  std::vector<std::string> counts;
  for (std::size_t peer = 0; peer < panel.peers.size(); ++peer) {
    std::size_t asked = 0;
    std::size_t accepted = 0;
    for (const std::string& row : rows) {
      std::vector<std::string> cells;
      std::istringstream in(row);
      for (std::string cell; std::getline(in, cell, '|');) cells.push_back(cell);
      constexpr std::size_t kReaction = 4;
      if (cells.at(kReaction) != " refused " || cells.at(kReaction + 1 + peer) == " - ") continue;
      ++asked;
      accepted += cells[kReaction + 1 + peer] == " accepted " ? 1 : 0;
    }
    counts.push_back(fmt::format("{} accepts {} of {}", panel.peers[peer], accepted, asked));
  }
  return fmt::format("Of the rules that demand a refusal, {}.", fmt::join(counts, ", "));
}

class MalformedPeers : public testing::TestWithParam<Panel> {};

TEST_P(MalformedPeers, TakeEachBrokenRuleAsTheDocumentSays) {
  const AdapterInfo* info = Find(GetParam().protocol);
  ASSERT_NE(info, nullptr);
  for (const std::string_view peer : GetParam().peers) {
    if (!IsInstalled(peer)) GTEST_SKIP() << peer << " is not installed";
  }
  const std::vector<std::string> rows = RowsOf(GetParam(), *info);
  const auto now = dis::TemporaryFile(fmt::format("malformed-{}.md", GetParam().protocol));
  std::ofstream file(now);
  for (const std::string& row : rows) file << row << '\n';
  EXPECT_EQ(RowsInDocument(GetParam().protocol), rows) << "as it is now: " << now.string();
  std::ifstream document(ENTENTE_SOURCE_DIR "/docs/malformed-traffic.md");
  const std::string text{std::istreambuf_iterator<char>(document), {}};
  EXPECT_TRUE(text.contains(SummaryOf(GetParam(), rows))) << SummaryOf(GetParam(), rows);
}

TEST_P(MalformedPeers, AreAskedAboutMostRules) {
  // A peer that takes nothing, not even what is right, would refuse every rule.
  const std::vector<std::string> rows = RowsInDocument(GetParam().protocol);
  const AdapterInfo* info = Find(GetParam().protocol);
  ASSERT_NE(info, nullptr);
  ASSERT_EQ(rows.size(), info->damage_rules.size());
  std::size_t refused = 0;
  std::size_t unasked = 0;
  for (const std::string& row : rows) {
    refused += row.ends_with(" refused |") ? 1 : 0;
    unasked += row.ends_with(" - |") ? 1 : 0;
  }
  EXPECT_GT(refused, 0U);
  EXPECT_LT(unasked, rows.size() / 2);
}

INSTANTIATE_TEST_SUITE_P(Every, MalformedPeers, testing::ValuesIn(kPanels),
                         [](const auto& instance) { return std::string(instance.param.protocol); });

}  // namespace
}  // namespace entente::adapter
