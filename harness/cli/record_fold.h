// SPDX-License-Identifier: Apache-2.0
#pragma once

// A run's record read from its folder, for verbs that look at it afterwards.

#include <filesystem>

#include "base/result.h"
#include "harness/assessment/fold.h"

namespace entente::cli {

// The record's folder of a run: RUN/record, or RUN itself where that is the record.
std::filesystem::path RecordFolderOf(const std::filesystem::path& run);

// Errors: no record there, or one whose octets are not as they were written.
// Event by event, so that a long run's record needs no room in memory; with Keeping::kEverything its messages do.
Result<harness::Fold> FoldRecord(const std::filesystem::path& record, harness::Keeping keeping);

}  // namespace entente::cli
