// SPDX-License-Identifier: Apache-2.0
#pragma once

// report.html: the after-action review as one page without outside resources or scripts. Light and dark, on paper and on a phone.
// Everything that came off a wire is escaped.

#include <string>

#include "harness/assessment/assessment.h"

namespace entente::harness {

std::string HtmlReport(const Assessment& assessment);

}  // namespace entente::harness
