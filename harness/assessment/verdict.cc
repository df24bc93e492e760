// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/verdict.h"

#include <algorithm>

namespace entente::harness {

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kPassWithDeviation:
      return "pass-with-deviation";
    case Verdict::kUnsupported:
      return "unsupported";
    case Verdict::kNotRun:
      return "not-run";
    case Verdict::kInconclusive:
      return "inconclusive";
    case Verdict::kFail:
      return "fail";
    case Verdict::kHarnessError:
      return "harness-error";
    case Verdict::kLeak:
      return "leak";
  }
  return "harness-error";
}

Verdict Worse(Verdict a, Verdict b) {
  const auto [lesser, graver] = std::minmax(a, b);
  if (graver == Verdict::kUnsupported && lesser != Verdict::kUnsupported) return Verdict::kPassWithDeviation;
  return graver;
}

int ExitCode(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
    case Verdict::kPassWithDeviation:
      return 0;
    case Verdict::kFail:
    case Verdict::kLeak:
      return 1;
    case Verdict::kUnsupported:
    case Verdict::kNotRun:
    case Verdict::kInconclusive:
      return 3;
    case Verdict::kHarnessError:
      return 4;
  }
  return 4;
}

}  // namespace entente::harness
