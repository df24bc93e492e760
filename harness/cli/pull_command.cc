// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "base/io/system_clock.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/run/prepared_run.h"
#include "harness/run/run_folder.h"
#include "harness/run/shared_record.h"

namespace entente::cli {
namespace {

struct PullOptions {
  std::string exercise;
  std::string runs = "runs";
};

int Complain(const Error& error, int exit_code) {
  fmt::print(stderr, "entente: {}\n", error.Text());
  return exit_code;
}

int Pull(const PullOptions& options) {
  const auto plan = harness::PrepareRunFile(options.exercise, {});
  if (!plan) return Complain(plan.error(), kExitUsage);
  if (!plan->exercise.bus().has_jetstream()) {
    return Complain({ErrorCode::kInvalidArgument, "the exercise keeps its record in a folder, not on JetStream", options.exercise,
                     "`entente judge` reads it there"},
                    kExitUsage);
  }
  const SystemClock clock;
  const auto folder = harness::MakeRunFolder(options.runs, plan->exercise.name(), clock.Read().utc);
  if (!folder) return Complain(folder.error(), kExitHarness);
  const auto events = harness::PullSharedRecord(plan->exercise, folder->record(), clock);
  if (!events) return Complain(events.error(), kExitHarness);
  fmt::print("{} events, every chain whole, in {}\n", *events, folder->path.string());
  return kExitPass;
}

}  // namespace

Command AddPull(CLI::App& program) {
  auto options = std::make_shared<PullOptions>();
  CLI::App* command = program.add_subcommand("pull", "Verify a record on JetStream and copy it to a folder, to be judged there");
  command->add_option("EXERCISE", options->exercise, "Exercise file (YAML) that names the stream")->required();
  command->add_option("--runs", options->runs, "Folder for what runs leave behind")->capture_default_str();
  return [options] { return Pull(*options); };
}

}  // namespace entente::cli
