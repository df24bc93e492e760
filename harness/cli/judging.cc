// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/judging.h"

#include "broker/record/verify.h"
#include "harness/cli/record_fold.h"

namespace entente::cli {

Result<harness::Assessment> JudgeRecord(const std::filesystem::path& record) {
  const auto verified = record::VerifyLog(record);
  if (!verified) return std::unexpected(verified.error());
  if (!verified->whole()) {
    return Fail(ErrorCode::kDataLoss,
                "the record is not as it was written, so nothing can be judged from it: " + verified->fault->Text());
  }
  const auto fold = FoldRecord(record, harness::Keeping::kTrouble);
  if (!fold) return std::unexpected(fold.error());
  return harness::Assess(*fold, ToHex(verified->record_digest));
}

}  // namespace entente::cli
