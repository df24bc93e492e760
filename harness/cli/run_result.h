// SPDX-License-Identifier: Apache-2.0
#pragma once

// The end of a run on the terminal: for people the matrix, the verdict and where the report lies; for machines one JSON object.

#include <filesystem>

#include "harness/assessment/assessment.h"

namespace entente::cli {

void PrintRunResult(const harness::Assessment& assessment, const std::filesystem::path& folder, bool json);

}  // namespace entente::cli
