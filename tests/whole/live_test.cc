// SPDX-License-Identifier: Apache-2.0
// The same small exercise over real sockets, gRPC and threads as in simulated time: both hosts drive the same cores, so both come
// to the same verdict and the same count of messages.

#include <gtest/gtest.h>

#include <filesystem>

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

}  // namespace
}  // namespace entente::whole
