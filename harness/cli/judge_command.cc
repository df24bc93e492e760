// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/judging.h"
#include "harness/cli/run_result.h"

namespace entente::cli {
namespace {

struct JudgeOptions {
  std::filesystem::path run;
  bool json = false;
};

int Complain(const Error& error, int exit_code) {
  fmt::print(stderr, "entente: {}\n", error.Text());
  return exit_code;
}

int Judge(const JudgeOptions& options) {
  const auto assessment = JudgeRecord(options.run / "record");
  if (!assessment) {
    return Complain(assessment.error(), assessment.error().code == ErrorCode::kDataLoss ? kExitHarness : kExitUsage);
  }
  PrintRunResult(*assessment, options.run, options.json);
  return assessment->exit_code;
}

}  // namespace

Command AddJudge(CLI::App& program) {
  auto options = std::make_shared<JudgeOptions>();
  CLI::App* command = program.add_subcommand("judge", "Verify a run's record and judge it again, from the record alone");
  command->add_option("RUN", options->run, "Folder that a run left behind")->required();
  command->add_flag("--json", options->json, "One JSON object");
  return [options] { return Judge(*options); };
}

}  // namespace entente::cli
