// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/io/signals.h"
#include "base/io/system_clock.h"
#include "broker/record/log_reader.h"
#include "broker/record/segment_log.h"
#include "harness/cli/commands.h"
#include "harness/cli/control_options.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/record_fold.h"
#include "harness/run/bus_commits.h"
#include "harness/run/decision_comparison.h"
#include "harness/run/live_run.h"
#include "harness/run/repeated_plan.h"
#include "harness/run/run_folder.h"
#include "harness/run/simulated_run.h"

namespace entente::cli {
namespace {

using namespace entente::harness;  // the command is a thin skin of it

struct ReplayOptions {
  std::filesystem::path run;
  std::filesystem::path folder = ".";
  std::string runs = "runs";
  bool json = false;
};

record::EventFilter DecisionEvents() {
  return {{v1::RecordEvent::kFaultStarted, v1::RecordEvent::kFaultEnded, v1::RecordEvent::kLinkDecision,
           v1::RecordEvent::kUnitDamaged, v1::RecordEvent::kMessageImpaired},
          {}};
}

Result<RepeatedPlan> PlanOf(const std::filesystem::path& record) {
  if (!std::filesystem::is_directory(record)) {
    return Fail(ErrorCode::kNotFound, "there is no record", record.string(),
                "name the folder that a run left behind, such as runs/<exercise>-<time>");
  }
  RepeatedPlan plan;
  record::LogReader reader(record, {}, {{v1::RecordEvent::kRunStarted, v1::RecordEvent::kCommandGiven}, {}});
  for (;;) {
    const auto next = reader.Next();
    if (!next) return std::unexpected(next.error());
    if (!*next) break;
    plan.Take((*next)->event);
  }
  if (Status readable = plan.readable(); !readable) return std::unexpected(readable.error());
  return plan;
}

// Decisions of a record, one after the other; what cannot be read is kept for the end.
class RecordedDecisions {
 public:
  RecordedDecisions(const std::filesystem::path& record, const v1::Exercise& exercise)
      : log_(record, {}, DecisionEvents()), decisions_(exercise) {}

  std::optional<FaultDecision> Next() {
    for (;;) {
      const auto next = log_.Next();
      if (!next) status_ = std::unexpected(next.error());
      if (!next || !*next) return std::nullopt;
      if (auto decision = decisions_.Take((*next)->event)) return decision;
    }
  }
  std::vector<FaultDecision> All() {
    std::vector<FaultDecision> all;
    while (auto decision = Next()) all.push_back(*std::move(decision));
    return all;
  }
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  record::LogReader log_;
  DecisionReader decisions_;
  Status status_;
};

// With a broker of its own, also where several shared the record.
Result<PreparedRun> Prepare(const RepeatedPlan& plan, const ReplayOptions& options) {
  v1::Exercise exercise = plan.exercise();
  exercise.mutable_bus()->clear_jetstream();
  exercise.set_metrics_port(0);
  return PrepareExercise(std::move(exercise), plan.exercise_text(), options.folder / "exercise.yaml");
}

Status Repeat(const PreparedRun& plan, bool simulated, const ReplayOptions& options, const RunFolder& folder) {
  const SystemClock clock;
  record::SegmentLogOptions log_options = LogOptionsOf(plan.exercise, folder.record());
  log_options.simulated = simulated;
  auto log = record::SegmentLog::Open(std::move(log_options), clock);
  if (!log) return std::unexpected(log.error());
  Recorder recorder(**log);
  const broker::PolicyGuard guard(plan.exercise.policy());
  ProgressLine line(!options.json);
  const Duration duration(plan.exercise.duration_ns());
  const auto figures = [&] { return recorder.WithFold([](const Fold& fold) { return fold.figures(); }); };
  Status ran;
  if (simulated) {
    ran = RunSimulated(plan, guard, recorder, {.on_progress = [&](Duration elapsed) {
                         line.Show(v1::EXERCISE_STATE_RUNNING, elapsed, duration, figures(), {}, {});
                         return !StopRequested();
                       }});
  } else {
    ran = RunLive(plan, guard, recorder, {.on_progress = [&](const LiveProgress& progress) {
                    line.Show(progress.state, progress.elapsed, duration, figures(), progress.active_faults, progress.awaited);
                    return !StopRequested();
                  }});
  }
  line.Clear();
  const Status closed = (*log)->Close();
  if (!ran || !closed) return ran ? closed : ran;
  return WriteReports(folder, recorder.WithFold([&](const Fold& fold) { return Assess(fold, ToHex((*log)->record_digest())); }));
}

Result<DecisionComparison> Compare(const PreparedRun& plan, bool simulated, const std::filesystem::path& recorded,
                                   const std::filesystem::path& repeated) {
  RecordedDecisions was(recorded, plan.exercise);
  RecordedDecisions is(repeated, plan.exercise);
  const DecisionComparison comparison =
      simulated ? CompareSimulated([&] { return was.Next(); }, [&] { return is.Next(); }) : CompareLive(was.All(), is.All());
  if (!was.status()) return std::unexpected(was.status().error());
  if (!is.status()) return std::unexpected(is.status().error());
  return comparison;
}

std::string_view DirectionText(v1::Direction direction) {
  return direction == v1::DIRECTION_TO_NODE ? "to node" : "to gateway";
}

std::string_view VerdictOf(const DecisionComparison& comparison) {
  if (comparison.undecided()) return "inconclusive";
  return comparison.agrees() ? "agrees" : "differs";
}

nlohmann::json ToJson(const DecisionComparison& comparison, const RunFolder& folder) {
  nlohmann::json json{
      {"verdict", VerdictOf(comparison)},        {"recorded", comparison.recorded},     {"repeated", comparison.repeated},
      {"compared", comparison.compared},         {"by_arrival", comparison.by_arrival}, {"beyond", comparison.beyond},
      {"unmatched_rules", comparison.unmatched}, {"differing", comparison.differing},   {"report_dir", folder.path.string()}};
  if (comparison.first) {
    const DecisionDifference& first = *comparison.first;
    json["first"] = {{"link", first.link},         {"direction", DirectionText(first.direction)},
                     {"rule", first.rule},         {"unit", first.unit},
                     {"expected", first.expected}, {"got", first.got}};
  }
  return json;
}

void Print(const DecisionComparison& comparison, const RunFolder& folder) {
  const std::string_view verdict = VerdictOf(comparison);
  fmt::print("{}: {} decisions recorded, {} repeated, {} compared, {} differ\n",
             Coloured(verdict, comparison.agrees() ? "32" : "31"), comparison.recorded, comparison.repeated, comparison.compared,
             comparison.differing);
  if (comparison.first) {
    const DecisionDifference& first = *comparison.first;
    fmt::print("first: {} on link {} {}, unit {}: {} then, {} now\n", first.rule, first.link, DirectionText(first.direction),
               first.unit, first.expected.empty() ? "nothing" : first.expected, first.got.empty() ? "nothing" : first.got);
  }
  if (comparison.by_arrival > 0) fmt::print("{} follow from when octets arrived and are not compared\n", comparison.by_arrival);
  if (comparison.beyond > 0) fmt::print("{} on units that only one of the runs came to under that fault\n", comparison.beyond);
  if (comparison.unmatched > 0) fmt::print("{} rules that decided something then decided nothing now\n", comparison.unmatched);
  fmt::print("Repetition: {}\n", folder.path.string());
}

int Replay(const ReplayOptions& options) {
  WatchStopSignals();
  const auto recorded = RecordFolderOf(options.run);
  const auto plan = PlanOf(recorded);
  if (!plan) return ControlOptions::Complain(plan.error());
  const auto prepared = Prepare(*plan, options);
  if (!prepared) return ControlOptions::Complain(prepared.error());
  const SystemClock clock;
  const auto folder = MakeRunFolder(options.runs, prepared->exercise.name(), clock.Read().utc);
  if (!folder) return ControlOptions::Complain(folder.error());
  const Status repeated = Repeat(*prepared, plan->simulated(), options, *folder);
  const auto comparison = repeated ? Compare(*prepared, plan->simulated(), recorded, folder->record())
                                   : Result<DecisionComparison>(std::unexpected(repeated.error()));
  if (!comparison) {
    ControlOptions::Complain(comparison.error());
    return kExitHarness;
  }
  if (options.json) {
    fmt::print("{}\n", ToJson(*comparison, *folder).dump());
  } else {
    Print(*comparison, *folder);
  }
  if (comparison->undecided()) return kExitInconclusive;
  return comparison->agrees() ? kExitPass : kExitFail;
}

}  // namespace

Command AddReplay(CLI::App& program) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* command = program.add_subcommand(
      "replay", "Run a run's exercise again, with what was commanded while it ran, and say where its faults decided otherwise");
  command->add_option("RUN", options->run, "Folder that a run left behind")->required();
  command->add_option("--folder", options->folder, "Where relative paths in its exercise file start from")->capture_default_str();
  command->add_option("--runs", options->runs, "Folder for what runs leave behind")->capture_default_str();
  command->add_flag("--json", options->json, "One JSON object");
  return [options] { return Replay(*options); };
}

}  // namespace entente::cli
