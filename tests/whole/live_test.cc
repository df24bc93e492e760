// SPDX-License-Identifier: Apache-2.0
// The same small exercise over real sockets, gRPC and threads as in simulated time: both hosts drive the same cores, so both come to
// the same verdict and the same count of messages.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/io/system_clock.h"
#include "broker/record/segment_log.h"
#include "broker/record/verify.h"
#include "harness/run/live_run.h"
#include "harness/run/projection_thread.h"
#include "tests/whole/simulated_whole.h"

namespace entente::whole {
namespace {

namespace fs = std::filesystem;

class LiveTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / fmt::format("entente-live-{}-{:016x}", getpid(), EntropyNumber());
    fs::create_directories(folder_);
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  harness::Assessment Run(const std::string& yaml, const harness::RunOptions& options) {
    const auto plan = harness::PrepareRun(yaml, "test.yaml", options);
    EXPECT_TRUE(plan.has_value()) << plan.error().Text();
    const SystemClock clock;
    auto log = record::SegmentLog::Open({.directory = folder_ / "record", .segment_octets = 4UL * 1024 * 1024}, clock);
    EXPECT_TRUE(log.has_value()) << log.error().Text();
    auto projection = harness::ProjectionThread::Start(**log, folder_ / "record.db");
    EXPECT_TRUE(projection.has_value()) << projection.error().Text();
    harness::Recorder recorder(**log);
    const broker::PolicyGuard guard(plan->exercise.policy());
    const Status ran = harness::RunLive(*plan, guard, recorder, {});
    EXPECT_TRUE(ran.has_value()) << ran.error().Text();
    EXPECT_TRUE((*log)->Close().has_value());
    const Status projected = (*projection)->Finish();
    EXPECT_TRUE(projected.has_value()) << projected.error().Text();
    return recorder.WithFold([](const harness::Fold& fold) { return harness::Assess(fold); });
  }

  fs::path folder_;
};

TEST_F(LiveTest, ComesToTheVerdictOfTheSimulatedRun) {
  harness::RunOptions options;
  options.duration = std::chrono::seconds(5);
  const std::string yaml = SmallExercise(
      "faults:\n  cut: {at: 1 s, for: 1 s, node: FRA/brigade, outage: refuse}\n"
      "expectations:\n  delivered: {families: track, delivery: {at-least: 50 %}}\n  no-leak: {no-leak: true}\n");
  const harness::Assessment live = Run(yaml, options);
  const Judged simulated = RunWhole(yaml, options);
  EXPECT_EQ(live.judgement.verdict, simulated.assessment.judgement.verdict) << Reasons(live) << Reasons(simulated.assessment);
  EXPECT_EQ(live.exit_code, 0) << Reasons(live);
  EXPECT_EQ(live.messages, simulated.assessment.messages);
  const auto verified = record::VerifyLog(folder_ / "record");
  ASSERT_TRUE(verified.has_value()) << verified.error().Text();
  EXPECT_TRUE(verified->whole()) << verified->fault->Text();
  EXPECT_TRUE(fs::exists(folder_ / "record.db"));
}

}  // namespace
}  // namespace entente::whole
