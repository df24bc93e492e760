// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "broker/record/verify.h"
#include "harness/assessment/assessment.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/record_fold.h"
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
  const auto directory = options.run / "record";
  const auto verified = record::VerifyLog(directory);
  if (!verified) return Complain(verified.error(), kExitUsage);
  if (!verified->whole()) {
    fmt::print(stderr, "entente: the record is not as it was written, so nothing can be judged from it: {}\n",
               verified->fault->Text());
    return kExitHarness;
  }
  const auto fold = FoldRecord(directory);
  if (!fold) return Complain(fold.error(), kExitHarness);
  const harness::Assessment assessment = harness::Assess(*fold, ToHex(verified->record_digest));
  PrintRunResult(assessment, options.run, options.json);
  return assessment.exit_code;
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
