// SPDX-License-Identifier: Apache-2.0
#pragma once

// The parts of the page, in its order. Each gives nothing where there is nothing to show.

#include <string>
#include <string_view>

#include "harness/assessment/assessment.h"

namespace entente::harness {

// html_sections.cc
std::string HtmlBanner(const Assessment& assessment);
std::string HtmlTiles(const Assessment& assessment);
std::string HtmlExpectations(const Assessment& assessment);
std::string HtmlMatrix(const Assessment& assessment);
std::string HtmlNodePairs(const Assessment& assessment);
// html_charts.cc
std::string HtmlTimeline(const Assessment& assessment);
std::string HtmlLatency(const Assessment& assessment);
// html_details.cc
std::string HtmlLeaks(const Assessment& assessment);
std::string HtmlLosses(const Assessment& assessment);
std::string HtmlFidelity(const Assessment& assessment);
std::string HtmlFindings(const Assessment& assessment);
std::string HtmlReceptions(const Assessment& assessment);
std::string HtmlLinks(const Assessment& assessment);
std::string HtmlNodes(const Assessment& assessment);

// "<span class=tag>✓ pass</span>"
std::string HtmlVerdict(Verdict verdict);
// A heading with a line that says what it shows.
std::string HtmlHeading(std::string_view title, std::string_view explanation);

}  // namespace entente::harness
