// SPDX-License-Identifier: Apache-2.0
#pragma once

// report.json: everything that the assessment holds, for machines. Begins with its version; an unknown one must be refused.

#include <string>

#include "harness/assessment/assessment.h"

namespace entente::harness {

// Indented UTF-8; octets that are not UTF-8 become U+FFFD. The same assessment gives the same text.
std::string JsonReport(const Assessment& assessment);

}  // namespace entente::harness
