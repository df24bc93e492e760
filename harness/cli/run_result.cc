// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/run_result.h"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "harness/report/terminal.h"

namespace entente::cli {
namespace {

using harness::Assessment;
using harness::MatrixCell;

nlohmann::json MatrixOf(const std::vector<MatrixCell>& cells) {
  nlohmann::json rows = nlohmann::json::array();
  for (const MatrixCell& cell : cells) {
    nlohmann::json counts = nlohmann::json::object();
    for (const auto& [fate, count] : cell.fates) counts[std::string(harness::FateName(fate))] = count;
    rows.push_back({{"from", cell.from},
                    {"to", cell.to},
                    {"delivered", cell.delivered()},
                    {"leaks", cell.leaks},
                    {"fates", std::move(counts)},
                    {"verdict", harness::VerdictName(cell.judgement.verdict)}});
  }
  return rows;
}

nlohmann::json ToJson(const Assessment& assessment, const std::filesystem::path& folder) {
  return {{"version", Assessment::kVersion},
          {"exercise", assessment.exercise},
          {"simulated", assessment.simulated},
          {"verdict", harness::VerdictName(assessment.judgement.verdict)},
          {"reasons", assessment.judgement.reasons},
          {"exit_code", assessment.exit_code},
          {"seed", assessment.seed},
          {"record_digest", assessment.record_digest},
          {"report_dir", folder.string()},
          {"messages", assessment.messages},
          {"wire_units", assessment.wire_units},
          {"matrix", MatrixOf(assessment.by_nation)}};
}

}  // namespace

void PrintRunResult(const Assessment& assessment, const std::filesystem::path& folder, bool json) {
  if (json) {
    fmt::print("{}\n", ToJson(assessment, folder).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return;
  }
  fmt::print("{}", harness::TerminalReport(assessment, isatty(STDOUT_FILENO) != 0));
  fmt::print("Record digest {} (seed {})\nReport: {}\n", assessment.record_digest, assessment.seed,
             (folder / "report.html").string());
}

}  // namespace entente::cli
