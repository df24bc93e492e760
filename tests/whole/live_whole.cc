// SPDX-License-Identifier: Apache-2.0
#include "tests/whole/live_whole.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/io/system_clock.h"
#include "broker/record/segment_log.h"
#include "harness/run/live_run.h"
#include "harness/run/projection_thread.h"

namespace entente::whole {

namespace fs = std::filesystem;

LiveWhole::LiveWhole() : folder_(fs::temp_directory_path() / fmt::format("entente-live-{}-{:016x}", getpid(), EntropyNumber())) {
  fs::create_directories(folder_);
}

LiveWhole::~LiveWhole() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

harness::Assessment LiveWhole::Run(const std::string& yaml, const harness::RunOptions& options) const {
  const auto plan = harness::PrepareRun(yaml, "test.yaml", options);
  EXPECT_TRUE(plan.has_value()) << plan.error().Text();
  if (!plan) return {};
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

}  // namespace entente::whole
