// SPDX-License-Identifier: Apache-2.0
// The exercises that tell a story, over real sockets and in real time as anybody runs them: each comes to the verdict, expectation
// by expectation, that it comes to in simulated time. All at once, since each of them takes a minute and little else.

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/program.h"
#include "tests/process/process.h"

namespace entente::program {
namespace {

using nlohmann::json;
using Verdicts = std::map<std::string, std::string>;

constexpr std::array<const char*, 3> kStories{"disaster-relief", "jammed-picture", "hybrid-threat"};

std::vector<std::string> ArgumentsOf(const std::string& story, const std::string& runs) {
  return {"run", ENTENTE_SOURCE_DIR "/exercises/" + story + ".yaml", "--quiet", "--metrics-port", "0", "--runs", runs};
}

// Of the one run in the folder: what it expected and how that ended, and the whole under "".
Verdicts VerdictsOf(const std::filesystem::path& runs) {
  Verdicts verdicts;
  for (const auto& entry : std::filesystem::directory_iterator(runs)) {
    std::ifstream file(entry.path() / "report.json");
    const json report = json::parse(file, nullptr, false);
    if (report.is_discarded()) continue;
    verdicts[""] = report["verdict"];
    for (const json& expectation : report["expectations"]) verdicts[expectation["id"]] = expectation["verdict"];
  }
  return verdicts;
}

TEST(Stories, ComeToTheirVerdictsLive) {
  constexpr std::chrono::minutes kLongest(4);
  const Scratch scratch;
  std::map<std::string, std::unique_ptr<process::Process>> live;
  for (const std::string story : kStories) {
    process::Command command{.argv = ArgumentsOf(story, story + "-live"), .folder = scratch.path().string()};
    command.argv.insert(command.argv.begin(), ENTENTE_PROGRAM);
    live[story] = std::make_unique<process::Process>(command);
  }
  for (const std::string story : kStories) {
    std::vector<std::string> arguments = ArgumentsOf(story, story + "-simulated");
    arguments.emplace_back("--simulated");
    EXPECT_EQ(RunEntente(scratch, arguments).exit_code, 0) << story;
  }
  for (const std::string story : kStories) {
    EXPECT_TRUE(live[story]->AwaitEnd(kLongest)) << story;
    EXPECT_EQ(live[story]->exit_code(), 0) << story << "\n" << live[story]->output();
    const Verdicts verdicts = VerdictsOf(scratch.path() / (story + "-live"));
    EXPECT_GT(verdicts.size(), 5U);
    EXPECT_EQ(verdicts, VerdictsOf(scratch.path() / (story + "-simulated"))) << live[story]->output();
  }
}

}  // namespace
}  // namespace entente::program
