// SPDX-License-Identifier: Apache-2.0
#include "tests/whole/simulated_whole.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/io/system_clock.h"
#include "broker/record/log_reader.h"
#include "broker/record/segment_log.h"
#include "harness/report/json_report.h"
#include "harness/run/recorder.h"
#include "harness/run/simulated_run.h"

namespace entente::whole {
namespace {

namespace fs = std::filesystem;

// A folder of this test's own, gone with it.
class ScratchFolder {
 public:
  ScratchFolder() : path_(fs::temp_directory_path() / fmt::format("entente-whole-{}-{:016x}", getpid(), EntropyNumber())) {}
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::vector<v1::RecordEvent> ReadEvents(const fs::path& directory) {
  std::vector<v1::RecordEvent> events;
  record::LogReader reader(directory, {}, {});
  for (;;) {
    auto next = reader.Next();
    EXPECT_TRUE(next.has_value()) << next.error().Text();
    if (!next || !next->has_value()) return events;
    events.push_back(std::move((*next)->event));
  }
}

// Assessed again from the record, with what is settled added up and forgotten: nothing may differ.
void ExpectTheSameFromTheRecord(const Judged& judged) {
  harness::Fold fold(harness::Keeping::kTrouble);
  for (const v1::RecordEvent& event : judged.events) fold.Apply(event);
  EXPECT_EQ(harness::JsonReport(harness::Assess(fold, judged.digest)), harness::JsonReport(judged.assessment));
}

Judged Run(const Result<harness::PreparedRun>& plan, const broker::ReleaseGuard* guard) {
  EXPECT_TRUE(plan.has_value()) << plan.error().Text();
  if (!plan) return {};
  const ScratchFolder scratch;
  const SystemClock clock;
  auto log = record::SegmentLog::Open({.directory = scratch.path(), .simulated = true, .segment_octets = 4UL * 1024 * 1024}, clock);
  EXPECT_TRUE(log.has_value()) << log.error().Text();
  if (!log) return {};
  harness::Recorder recorder(**log);
  const broker::PolicyGuard policy_guard(plan->exercise.policy());
  const Status ran = harness::RunSimulated(*plan, guard == nullptr ? policy_guard : *guard, recorder, {});
  EXPECT_TRUE(ran.has_value()) << ran.error().Text();
  const Status closed = (*log)->Close();
  EXPECT_TRUE(closed.has_value()) << closed.error().Text();
  Judged judged;
  judged.digest = ToHex((*log)->record_digest());
  judged.assessment = recorder.WithFold([&](const harness::Fold& fold) { return harness::Assess(fold, judged.digest); });
  judged.events = ReadEvents(scratch.path());
  ExpectTheSameFromTheRecord(judged);
  return judged;
}

}  // namespace

Judged RunWhole(std::string_view yaml, const harness::RunOptions& options, const broker::ReleaseGuard* guard) {
  return Run(harness::PrepareRun(std::string(yaml), "test.yaml", options), guard);
}

Judged RunWholeFile(const std::string& file, const harness::RunOptions& options, const broker::ReleaseGuard* guard) {
  return Run(harness::PrepareRunFile(file, options), guard);
}

std::string SmallExercise(std::string_view tail, std::string_view deu, std::string_view fra) {
  constexpr std::string_view kText = R"(
version: 1
name: small
seed: 7
duration: 20 s
policy:
  classifications: [UNCLASSIFIED, RESTRICTED, SECRET]
nations:
  DEU:
    clearance: SECRET
    label: UNCLASSIFIED rel DEU FRA
    nodes:
      brigade:
        protocol: cot
        units:
          lion: {{callsign: LION, dimension: land, function: U-C-I, route: [53.50 N 9.90 E, 53.60 N 10.00 E], speed: 30 km/h, report-every: 1 s}}
{}
  FRA:
    clearance: SECRET
    label: UNCLASSIFIED rel DEU FRA
    nodes:
      brigade:
        protocol: cot
        units:
          coq: {{callsign: COQ, dimension: land, function: U-C-A, route: [48.80 N 2.30 E], report-every: 1 s}}
{}
{}
)";
  return fmt::format(kText, deu, fra, tail);
}

harness::Verdict VerdictOf(const harness::Assessment& assessment, std::string_view expectation) {
  const auto found = std::ranges::find(assessment.expectations, expectation, &harness::ExpectationSummary::id);
  EXPECT_NE(found, assessment.expectations.end()) << "no expectation " << expectation;
  return found == assessment.expectations.end() ? harness::Verdict::kNotRun : found->judgement.verdict;
}

std::string Reasons(const harness::Assessment& assessment) {
  std::string text(harness::VerdictName(assessment.judgement.verdict));
  for (const std::string& reason : assessment.judgement.reasons) text += "\n  " + reason;
  for (const auto& expectation : assessment.expectations) {
    text += fmt::format("\n  {}: {}", expectation.id, harness::VerdictName(expectation.judgement.verdict));
    for (const std::string& reason : expectation.judgement.reasons) text += "\n    " + reason;
  }
  return text;
}

}  // namespace entente::whole
