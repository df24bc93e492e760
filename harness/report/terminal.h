// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a person sees at the end of a run: the matrix of nations, the expectations, then the verdict with its reasons.

#include <string>

#include "harness/assessment/assessment.h"

namespace entente::harness {

// Aligned for a fixed-width font; with ANSI colours only when asked. Ends with a line feed.
std::string TerminalReport(const Assessment& assessment, bool colour);

}  // namespace entente::harness
