// SPDX-License-Identifier: Apache-2.0
// A run is run again, and its faults decide the same.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/control/controlled_run.h"
#include "tests/whole/simulated_whole.h"

namespace entente::program {
namespace {

using nlohmann::json;

constexpr std::string_view kFaults = R"(faults:
  lossy: {at: 3 s, for: 10 s, node: DEU/brigade, conditions: {latency: 20 ms, jitter: 30 ms, loss: 20 %}}
  broken: {at: 5 s, for: 10 s, node: FRA/brigade, damage: {share: 50 %}}
)";

json Repeat(const Scratch& scratch, int exit_code, const std::vector<std::string>& options = {}) {
  std::vector<std::string> arguments{"replay", ControlledRun::Folder(scratch).string(), "--json", "--runs", "repeated"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  const Outcome outcome = RunEntente(scratch, arguments);
  EXPECT_EQ(outcome.exit_code, exit_code) << outcome.out << outcome.err;
  return json::parse(outcome.out, nullptr, false);
}

TEST(Repetition, ASimulatedRunRepeatsEveryDecision) {
  const Scratch scratch;
  const Outcome ran = RunEntente(
      scratch, {"run", scratch.File("small.yaml", whole::SmallExercise(kFaults)), "--simulated", "--quiet", "--seed", "99"});
  const json repeated = Repeat(scratch, 0);
  EXPECT_EQ(repeated["verdict"], "agrees") << ran.err;
  EXPECT_GT(repeated["recorded"], 5);
  EXPECT_EQ(repeated["recorded"], repeated["repeated"]);
}

TEST(Repetition, ALiveRunWithAFaultAddedWhileItRanRepeatsItsDecisions) {
  const Scratch scratch;
  std::string text = whole::SmallExercise(kFaults);
  text.replace(text.find("duration: 20 s"), 14, "duration: 10 min");
  {
    ControlledRun run(scratch, scratch.File("small.yaml", text));
    ASSERT_TRUE(run.AwaitRunning()) << run.errors();
    ASSERT_EQ(run.Control({"fault", "add", "--name", "jam", "--node", "FRA/brigade", "--for", "5min", "--conditions",
                           "{latency: 10 ms, jitter: 50 ms}"})
                  .exit_code,
              0);
    EXPECT_TRUE(run.AwaitStatus([](const json& status) { return status["understood"].get<std::string>().size() >= 2; }));
    EXPECT_EQ(run.Control({"fault", "clear", "jam"}).exit_code, 0);
    EXPECT_EQ(run.Control({"stop"}).exit_code, 0);
    run.AwaitEnd();
  }
  const json repeated = Repeat(scratch, 0);
  EXPECT_EQ(repeated["verdict"], "agrees") << repeated.dump();
  EXPECT_GT(repeated["compared"], 0);
}

TEST(Repetition, WhatIsNoRunSaysSo) {
  const Scratch scratch;
  const Outcome outcome = RunEntente(scratch, {"replay", "nowhere"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, testing::HasSubstr("nowhere"));
}

}  // namespace
}  // namespace entente::program
