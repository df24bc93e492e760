// SPDX-License-Identifier: Apache-2.0
#include "tests/day/day_run.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "base/io/system_clock.h"
#include "broker/record/segment_log.h"
#include "harness/run/recorder.h"
#include "harness/run/simulated_run.h"

namespace entente::day {
namespace {

namespace fs = std::filesystem;

class Scratch {
 public:
  Scratch() : path_(fs::temp_directory_path() / fmt::format("entente-day-{}-{:016x}", getpid(), EntropyNumber())) {}
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }
  [[nodiscard]] std::uint64_t octets() const {
    std::uint64_t octets = 0;
    for (const auto& entry : fs::recursive_directory_iterator(path_)) octets += entry.is_regular_file() ? entry.file_size() : 0;
    return octets;
  }

 private:
  fs::path path_;
};

double CpuSeconds(const rusage& usage) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

rusage Usage() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

std::uint64_t Delivered(const harness::Assessment& assessment) {
  std::uint64_t delivered = 0;
  for (const auto& cell : assessment.by_node) delivered += cell.delivered();
  return delivered;
}

}  // namespace

Result<DayOutcome> RunDay(const CoalitionDay& day) {
  const auto plan = harness::PrepareRun(day.Text(), "coalition-day.yaml", {});
  if (!plan) return std::unexpected(plan.error());
  const Scratch scratch;
  const SystemClock clock;
  auto log = record::SegmentLog::Open({.directory = scratch.path(), .simulated = true}, clock);
  if (!log) return std::unexpected(log.error());
  const auto began = std::chrono::steady_clock::now();
  const double cpu_before = CpuSeconds(Usage());
  harness::Recorder recorder(**log, harness::Folding::kLive, harness::Keeping::kTrouble);
  const broker::PolicyGuard guard(plan->exercise.policy());
  if (Status ran = harness::RunSimulated(*plan, guard, recorder, {}); !ran) return std::unexpected(ran.error());
  if (Status closed = (*log)->Close(); !closed) return std::unexpected(closed.error());
  DayOutcome outcome;
  outcome.assessment =
      recorder.WithFold([&](const harness::Fold& fold) { return harness::Assess(fold, ToHex((*log)->record_digest())); });
  const rusage usage = Usage();
  outcome.cost.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  outcome.cost.cpu_s = CpuSeconds(usage) - cpu_before;
  outcome.cost.messages = outcome.assessment.messages;
  outcome.cost.deliveries = Delivered(outcome.assessment);
  outcome.cost.events = outcome.assessment.events;
  outcome.cost.record_octets = scratch.octets();
  outcome.cost.peak_resident_octets = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  return outcome;
}

Result<DayCost> MeasureDay(const CoalitionDay& day) {
  int ends[2];
  if (pipe(ends) != 0) return Fail(ErrorCode::kUnavailable, "no pipe could be made", "the measurement of a day");
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    const auto outcome = RunDay(day);
    if (!outcome) {
      fmt::print(stderr, "{}\n", outcome.error().Text());
      std::_Exit(1);
    }
    const bool told = write(ends[1], &outcome->cost, sizeof(DayCost)) == sizeof(DayCost);
    std::_Exit(told ? 0 : 1);
  }
  close(ends[1]);
  DayCost cost;
  const bool told = child > 0 && read(ends[0], &cost, sizeof(cost)) == sizeof(cost);
  close(ends[0]);
  int status = 0;
  if (child > 0) waitpid(child, &status, 0);
  if (!told) return Fail(ErrorCode::kUnavailable, "the run of the day failed; its error is above", "the measurement of a day");
  return cost;
}

}  // namespace entente::day
