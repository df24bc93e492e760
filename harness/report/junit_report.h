// SPDX-License-Identifier: Apache-2.0
#pragma once

// junit.xml for CI: one test case per expectation and per pair of nodes. Only pass and pass-with-deviation are green; what has no
// evidence is skipped with its reason, and a harness error is an error.

#include <string>

#include "harness/assessment/assessment.h"

namespace entente::harness {

std::string JunitReport(const Assessment& assessment);

}  // namespace entente::harness
