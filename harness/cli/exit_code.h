// SPDX-License-Identifier: Apache-2.0
#pragma once

// The exit codes of the program (docs/architecture.md): 0 pass, also with deviations · 1 fail or leak · 2 usage or exercise file ·
// 3 inconclusive or nothing run · 4 harness error. Those of a run come from the assessment; these are the ones without a run.

namespace entente::cli {

inline constexpr int kExitPass = 0;
inline constexpr int kExitFail = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitInconclusive = 3;
inline constexpr int kExitHarness = 4;

}  // namespace entente::cli
