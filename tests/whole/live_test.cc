// SPDX-License-Identifier: Apache-2.0
// The same small exercise over real sockets, gRPC and threads as in simulated time: both hosts drive the same cores, so both come
// to the same verdict and the same count of messages.

#include <gtest/gtest.h>

#include <filesystem>

#include "broker/record/log_reader.h"
#include "broker/record/verify.h"
#include "tests/whole/live_whole.h"
#include "tests/whole/simulated_whole.h"

namespace entente::whole {
namespace {

TEST(LiveWhole, ComesToTheVerdictOfTheSimulatedRun) {
  harness::RunOptions options;
  options.duration = std::chrono::seconds(5);
  const std::string yaml = SmallExercise(
      "faults:\n  cut: {at: 1 s, for: 1 s, node: FRA/brigade, outage: refuse}\n"
      "expectations:\n  delivered: {families: track, delivery: {at-least: 50 %}}\n  no-leak: {no-leak: true}\n");
  const LiveWhole whole;
  const harness::Assessment live = whole.Run(yaml, options);
  const Judged simulated = RunWhole(yaml, options);
  EXPECT_EQ(live.judgement.verdict, simulated.assessment.judgement.verdict) << Reasons(live) << Reasons(simulated.assessment);
  EXPECT_EQ(live.exit_code, 0) << Reasons(live);
  EXPECT_EQ(live.messages, simulated.assessment.messages);
  const auto verified = record::VerifyLog(whole.folder() / "record");
  ASSERT_TRUE(verified.has_value()) << verified.error().Text();
  EXPECT_TRUE(verified->whole()) << verified->fault->Text();
  EXPECT_TRUE(std::filesystem::exists(whole.folder() / "record.db"));
}

// The gRPC stream itself is cut off, and held, and resumes.
TEST(LiveWhole, ABackboneOutageEndsWithoutLoss) {
  harness::RunOptions options;
  options.duration = std::chrono::seconds(6);
  const LiveWhole whole;
  const harness::Assessment live = whole.Run(
      SmallExercise("faults:\n  cut: {at: 1 s, for: 1 s, node: FRA/brigade, link: backbone, outage: refuse}\n"
                    "  hush: {at: 3 s, for: 1 s, node: FRA/brigade, link: backbone, direction: to-broker, outage: silent}\n"
                    "expectations:\n  nothing-is-lost: {families: track, delivery: {at-least: 100 %}}\n",
                    "", "        backbone: {latency: 5 ms}\n"),
      options);
  EXPECT_EQ(live.exit_code, 0) << Reasons(live);
  int held = 0;
  int delayed = 0;
  int resumed = 0;
  record::LogReader reader(whole.folder() / "record", {}, {});
  for (auto next = reader.Next(); next && *next; next = reader.Next()) {
    const v1::RecordEvent& event = (*next)->event;
    EXPECT_FALSE(event.has_process_fault()) << event.process_fault().text();
    if (event.node_attached().resumed()) ++resumed;
    if (event.link_decision().link() != "backbone FRA/brigade") continue;
    if (event.link_decision().decision() == "held") ++held;
    if (event.link_decision().decision() == "delayed") ++delayed;
  }
  EXPECT_EQ(resumed, 1) << "by its cursor";
  EXPECT_GT(held, 0) << "octets of the gRPC stream";
  EXPECT_GT(delayed, 0);
}

}  // namespace
}  // namespace entente::whole
