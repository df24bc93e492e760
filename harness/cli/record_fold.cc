// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/record_fold.h"

#include "broker/record/log_reader.h"

namespace entente::cli {

std::filesystem::path RecordFolderOf(const std::filesystem::path& run) {
  const auto inside = run / "record";
  return std::filesystem::is_directory(inside) ? inside : run;
}

Result<harness::Fold> FoldRecord(const std::filesystem::path& record, harness::Keeping keeping) {
  if (!std::filesystem::is_directory(record)) {
    return Fail(ErrorCode::kNotFound, "there is no record", record.string(),
                "name the folder that a run left behind, such as runs/<exercise>-<time>");
  }
  harness::Fold fold(keeping);
  record::LogReader reader(record, {}, {});
  for (;;) {
    auto next = reader.Next();
    if (!next) return std::unexpected(next.error());
    if (!next->has_value()) return fold;
    fold.Apply((*next)->event);
  }
}

}  // namespace entente::cli
