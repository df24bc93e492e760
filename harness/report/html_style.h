// SPDX-License-Identifier: Apache-2.0
#pragma once

// The style sheet of the page: light and dark, wide and narrow, screen and paper. Verdicts differ by word and sign, not by colour
// alone.

#include <string_view>

#include "harness/assessment/verdict.h"

namespace entente::harness {

std::string_view HtmlStyle();
// "pass", "deviation", "none", "fail", "error": the class of an element that shows a verdict.
std::string_view VerdictClass(Verdict verdict);
// A sign for those who do not see the colour.
std::string_view VerdictSign(Verdict verdict);

}  // namespace entente::harness
