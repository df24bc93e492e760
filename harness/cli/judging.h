// SPDX-License-Identifier: Apache-2.0
#pragma once

// A record in a folder, verified and judged from its beginning: for `judge`, and for runs whose record others wrote, too.

#include <filesystem>

#include "base/result.h"
#include "harness/assessment/assessment.h"

namespace entente::cli {

// kDataLoss: the record is not as it was written, and says where; nothing can be judged from it.
Result<harness::Assessment> JudgeRecord(const std::filesystem::path& record);

}  // namespace entente::cli
