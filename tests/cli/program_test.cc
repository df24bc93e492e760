// SPDX-License-Identifier: Apache-2.0
// What a person or a pipeline meets: exit codes, messages, files.

#include "tests/cli/program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/loopback/loopback.h"
#include "tests/whole/simulated_whole.h"

namespace entente::program {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr std::string_view kExpectations = "expectations:\n  delivered: {families: track, delivery: {at-least: 90 %}}\n";

json LastObject(const std::string& out) {
  const std::size_t end = out.find_last_not_of('\n');
  const std::size_t start = out.rfind('\n', end);
  return json::parse(out.substr(start == std::string::npos ? 0 : start + 1, end - start), nullptr, false);
}

TEST(Program, VersionNamesEveryAdapter) {
  const Scratch scratch;
  const Outcome outcome = RunEntente(scratch, {"version", "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const json version = json::parse(outcome.out);
  EXPECT_FALSE(version["version"].get<std::string>().empty());
  EXPECT_GE(version["adapters"].size(), 3U);
}

TEST(Program, UnknownVerbIsAUsageError) {
  const Scratch scratch;
  EXPECT_EQ(RunEntente(scratch, {"conquer"}).exit_code, 2);
  EXPECT_EQ(RunEntente(scratch, {}).exit_code, 2);
}

TEST(Program, MissingExerciseFileIsAUsageErrorWithItsName) {
  const Scratch scratch;
  const Outcome outcome = RunEntente(scratch, {"run", "nowhere.yaml"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("nowhere.yaml"));
}

TEST(Program, MistypedKeyIsAUsageErrorWithPlaceAndSuggestion) {
  const Scratch scratch;
  std::string text = whole::SmallExercise(kExpectations);
  text.replace(text.find("duration:"), 9, "duratoin:");
  const Outcome outcome = RunEntente(scratch, {"run", scratch.File("typo.yaml", text)});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("typo.yaml:5:1"));
  EXPECT_THAT(outcome.err, HasSubstr("duration"));
}

TEST(Program, SimulatedRunEndsWithOneObjectForMachines) {
  const Scratch scratch;
  const Outcome outcome = RunEntente(
      scratch, {"run", scratch.File("small.yaml", whole::SmallExercise(kExpectations)), "--simulated", "--json", "--seed", "9"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  const json result = LastObject(outcome.out);
  EXPECT_EQ(result["verdict"], "pass");
  EXPECT_EQ(result["exit_code"], 0);
  EXPECT_EQ(result["seed"], 9);
  EXPECT_EQ(result["record_digest"].get<std::string>().size(), 64U);
  EXPECT_FALSE(result["matrix"].empty());
  const std::filesystem::path folder = scratch.path() / result["report_dir"].get<std::string>();
  for (const char* name : {"report.json", "junit.xml", "report.html", "record.db"}) {
    EXPECT_TRUE(std::filesystem::exists(folder / name)) << folder / name;
  }
}

TEST(Program, JudgingARecordAgainGivesTheSameVerdictAndDigest) {
  const Scratch scratch;
  const Outcome ran =
      RunEntente(scratch, {"run", scratch.File("small.yaml", whole::SmallExercise(kExpectations)), "--simulated", "--json"});
  const json result = LastObject(ran.out);
  const Outcome judged = RunEntente(scratch, {"judge", result["report_dir"].get<std::string>(), "--json"});
  EXPECT_EQ(judged.exit_code, ran.exit_code) << judged.err;
  const json again = LastObject(judged.out);
  EXPECT_EQ(again["verdict"], result["verdict"]);
  EXPECT_EQ(again["record_digest"], result["record_digest"]);
  EXPECT_EQ(again["matrix"], result["matrix"]);
}

TEST(Program, VerifyNamesTheFrameThatWasAltered) {
  const Scratch scratch;
  const Outcome ran = RunEntente(scratch, {"run", scratch.File("small.yaml", whole::SmallExercise("")), "--simulated", "--json"});
  const json result = LastObject(ran.out);
  const std::string run = result["report_dir"].get<std::string>();
  const Outcome intact = RunEntente(scratch, {"verify", run, "--json"});
  EXPECT_EQ(intact.exit_code, 0) << intact.out;
  EXPECT_EQ(LastObject(intact.out)["record_digest"], result["record_digest"]);

  const std::filesystem::path segment = scratch.path() / run / "record" / "000001.segment";
  std::fstream file(segment, std::ios::in | std::ios::out | std::ios::binary);
  constexpr std::streamoff kFirstBody = 128 + 44;
  file.seekp(kFirstBody + 5);
  file.put('?');
  file.close();
  const Outcome altered = RunEntente(scratch, {"verify", run});
  EXPECT_EQ(altered.exit_code, 1);
  EXPECT_THAT(altered.out, HasSubstr("frame 1"));
  EXPECT_EQ(RunEntente(scratch, {"verify", scratch.path().string()}).exit_code, 2) << "there is no record";
}

// No file of this process and its children may grow beyond this, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t octets) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{octets, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

TEST(Program, FullDiskIsOneClearSentence) {
  const Scratch scratch;
  const std::string file = scratch.File("small.yaml", whole::SmallExercise(kExpectations));
  const FileSizeLimit limit(100 * 1024);
  for (const char* how : {"--simulated", "--json"}) {
    const Outcome outcome = RunEntente(scratch, {"run", file, how, "--quiet", "--metrics-port", "0"});
    EXPECT_EQ(outcome.exit_code, 4) << how << outcome.out << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("entente: ")) << how;
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << how << outcome.err;
  }
}

TEST(Program, TakenMetricsPortIsOneClearSentence) {
  const Scratch scratch;
  const loopback::Listener held = loopback::Listen();
  const Outcome outcome = RunEntente(scratch, {"run", scratch.File("small.yaml", whole::SmallExercise(kExpectations)),
                                               "--metrics-port", std::to_string(held.port)});
  EXPECT_EQ(outcome.exit_code, 4) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr(std::to_string(held.port)));
}

TEST(Program, TakenAccessPortNamesTheNode) {
  const Scratch scratch;
  const loopback::Listener held = loopback::Listen();
  const std::string text = whole::SmallExercise(kExpectations, fmt::format("        listen: {}", held.port));
  const Outcome outcome = RunEntente(scratch, {"run", scratch.File("small.yaml", text), "--quiet"});
  EXPECT_EQ(outcome.exit_code, 4) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("DEU/brigade"));
  EXPECT_THAT(outcome.err, HasSubstr(std::to_string(held.port)));
}

TEST(Program, CtrlCEndsInOrderWithAnInconclusiveReport) {
  const Scratch scratch;
  std::string text = whole::SmallExercise(kExpectations);
  text.replace(text.find("duration: 20 s"), 14, "duration: 90 s");
  bool interrupted = false;
  const Outcome outcome = RunEntente(scratch, {"run", scratch.File("small.yaml", text)}, [&](int pid, const std::string& err) {
    if (interrupted || err.find(" of 00:01:30") == std::string::npos) return;
    interrupted = true;
    kill(pid, SIGINT);
  });
  EXPECT_TRUE(interrupted) << outcome.err;
  EXPECT_EQ(outcome.exit_code, 3) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("inconclusive"));
  EXPECT_THAT(outcome.out, HasSubstr("report.html"));
}

}  // namespace
}  // namespace entente::program
