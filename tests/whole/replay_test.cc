// SPDX-License-Identifier: Apache-2.0
// First light with three recordings as further sources: an AIS log, a DIS capture and CoT events, each counted through to nodes of
// other protocols, wire units and messages apart.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/io/system_clock.h"
#include "tests/whole/live_whole.h"
#include "tests/whole/simulated_whole.h"

namespace entente::whole {
namespace {

namespace fs = std::filesystem;

const fs::path kData(ENTENTE_SHARED_DATA);

std::string ReadText(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class ReplayTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kData / "cot" / "events")) GTEST_SKIP() << "no recorded samples at " << kData;
    folder_ = fs::temp_directory_path() / fmt::format("entente-replay-{}-{:016x}", getpid(), EntropyNumber());
    fs::create_directories(folder_);
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  // The events lie in a file each; a recording is one file.
  std::string JoinCotEvents() const {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(kData / "cot" / "events")) paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::ofstream all(folder_ / "events.xml", std::ios::binary);
    for (const fs::path& path : paths) all << ReadText(path) << '\n';
    return (folder_ / "events.xml").string();
  }

  std::string Exercise() const {
    std::string text = ReadText(fs::path(ENTENTE_SOURCE_DIR) / "exercises" / "first-light.yaml");
    const std::string sources =
        fmt::format(R"(
  LUX:
    clearance: UNCLASSIFIED
    label: UNCLASSIFIED rel EVERYBODY
    nodes:
      ship-log: {{protocol: ais, replay: {{file: "{}", speed: 0, interval: 50 ms}}}}
      simulator-capture: {{protocol: dis, transport: udp, options: {{exercise_id: 0}}, replay: {{file: "{}", speed: 0, interval: 100 ms}}}}
      tablet-log: {{protocol: cot, replay: {{file: "{}", speed: 0, interval: 200 ms}}}}
)",
                    (kData / "ais" / "sample.aivdm").string(),
                    (kData / "dis" / "pcap_from_dislog" / "Entity90DegreesTurnPlainText.pcap").string(), JoinCotEvents());
    const std::size_t nations = text.find("\nnations:\n");
    EXPECT_NE(nations, std::string::npos);
    text.insert(nations + std::string_view("\nnations:").size(), sources);
    return text;
  }

  fs::path folder_;
};

const harness::LinkSummary* FromNode(const harness::Assessment& assessment, std::string_view node) {
  const auto found = std::ranges::find_if(assessment.links, [&](const harness::LinkSummary& link) {
    return link.node == node && link.direction == v1::DIRECTION_TO_GATEWAY;
  });
  return found == assessment.links.end() ? nullptr : &*found;
}

std::uint64_t Delivered(const harness::Assessment& assessment, std::string_view from, std::string_view to) {
  const auto found = std::ranges::find_if(assessment.by_node, [&](const auto& cell) { return cell.from == from && cell.to == to; });
  return found == assessment.by_node.end() ? 0 : found->delivered();
}

void ExpectCountedThrough(const harness::Assessment& assessment) {
  EXPECT_NE(assessment.judgement.verdict, harness::Verdict::kHarnessError) << Reasons(assessment);
  EXPECT_TRUE(assessment.leaks.empty());
  fmt::print("{:<24} {:>6} {:>9} {:>9} {:>8}  understood by\n", "source", "units", "messages", "refreshes", "refused");
  for (const auto& [source, receiver] :
       {std::pair{"LUX/ship-log", "DEU/brigade"}, std::pair{"LUX/simulator-capture", "FRA/command"},
        std::pair{"LUX/tablet-log", "DEU/air"}}) {
    const harness::LinkSummary* link = FromNode(assessment, source);
    ASSERT_NE(link, nullptr) << source;
    const std::uint64_t delivered = Delivered(assessment, source, receiver);
    fmt::print("{:<24} {:>6} {:>9} {:>9} {:>8}  {} of them by {}\n", source, link->units, link->messages, link->refreshes,
               link->units_refused, delivered, receiver);
    EXPECT_GT(link->units, 0U) << source;
    EXPECT_GT(link->messages, 0U) << source;
    EXPECT_GT(delivered, 0U) << source << " to " << receiver;
    EXPECT_LE(delivered, link->messages) << source << " to " << receiver;
  }
}

TEST_F(ReplayTest, ThreeRecordingsAreCountedThroughToNodesOfOtherProtocols) {
  ExpectCountedThrough(RunWhole(Exercise()).assessment);
}

TEST_F(ReplayTest, AndLiveOverRealSockets) {
  harness::RunOptions options;
  options.duration = std::chrono::seconds(15);
  ExpectCountedThrough(LiveWhole().Run(Exercise(), options));
}

}  // namespace
}  // namespace entente::whole
