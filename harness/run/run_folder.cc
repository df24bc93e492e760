// SPDX-License-Identifier: Apache-2.0
#include "harness/run/run_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/io/files.h"
#include "harness/report/html_report.h"
#include "harness/report/json_report.h"
#include "harness/report/junit_report.h"

namespace entente::harness {

Result<RunFolder> MakeRunFolder(const std::filesystem::path& runs, std::string_view exercise, UtcTime now) {
  std::string time = FormatUtc(now, 0);
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  if (Status made = MakeDirectories(runs); !made) return std::unexpected(made.error());
  constexpr int kMost = 1000;
  for (int attempt = 1; attempt <= kMost; ++attempt) {
    const std::filesystem::path path =
        runs / (attempt == 1 ? fmt::format("{}-{}", exercise, time) : fmt::format("{}-{}-{}", exercise, time, attempt));
    std::error_code error;
    if (std::filesystem::create_directory(path, error)) return RunFolder{path};
    if (error) return Fail(ErrorCode::kIo, "cannot make the folder: " + error.message(), path.string());
  }
  return Fail(ErrorCode::kAlreadyExists, "too many runs began within this second", runs.string());
}

Status WriteReports(const RunFolder& folder, const Assessment& assessment) {
  if (Status written = WriteFile(folder.path / "report.json", JsonReport(assessment)); !written) return written;
  if (Status written = WriteFile(folder.path / "junit.xml", JunitReport(assessment)); !written) return written;
  return WriteFile(folder.html(), HtmlReport(assessment));
}

}  // namespace entente::harness
