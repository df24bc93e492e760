// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a run leaves behind: runs/<exercise>-<time>/ with the record, its projection and the reports.

#include <filesystem>

#include "base/result.h"
#include "base/time.h"
#include "harness/assessment/assessment.h"

namespace entente::harness {

struct RunFolder {
  std::filesystem::path path;

  [[nodiscard]] std::filesystem::path record() const { return path / "record"; }
  [[nodiscard]] std::filesystem::path projection() const { return path / "record.db"; }
  [[nodiscard]] std::filesystem::path html() const { return path / "report.html"; }
};

// "runs/first-light-20260101T120000Z"; a second run within the second gets "-2" behind it.
Result<RunFolder> MakeRunFolder(const std::filesystem::path& runs, std::string_view exercise, UtcTime now);

// report.json, junit.xml and report.html.
Status WriteReports(const RunFolder& folder, const Assessment& assessment);

}  // namespace entente::harness
