// SPDX-License-Identifier: Apache-2.0
#include "harness/report/html_report.h"

#include <fmt/format.h>

#include "harness/assessment/wording.h"
#include "harness/report/html_sections.h"
#include "harness/report/html_style.h"
#include "harness/report/markup.h"

namespace entente::harness {
namespace {

std::string Footer(const Assessment& assessment) {
  return fmt::format(
      "<footer>{} to {} ({}, {}). Seed {}. Entente {}. {} events{}.<br>Everything on this page is derived from the record; "
      "<code>entente judge</code> recomputes it.</footer>",
      TimeText(assessment.started_ns), TimeText(assessment.ended_ns), DurationText(assessment.ended_ns - assessment.started_ns),
      assessment.simulated ? "simulated" : "live", assessment.seed, EscapeMarkup(assessment.entente_version),
      Grouped(assessment.events),
      assessment.record_digest.empty() ? "" : ", record digest <code>" + EscapeMarkup(assessment.record_digest) + "</code>");
}

}  // namespace

std::string HtmlReport(const Assessment& assessment) {
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\"><title>{}: {}</title><style>",
      EscapeMarkup(assessment.exercise), VerdictName(assessment.judgement.verdict));
  page += HtmlStyle();
  page += "</style></head><body><main>\n";
  for (const auto section : {HtmlBanner, HtmlTiles, HtmlLeaks, HtmlExpectations, HtmlMatrix, HtmlNodePairs, HtmlLosses,
                             HtmlTimeline, HtmlLatency, HtmlFidelity, HtmlFindings, HtmlReceptions, HtmlLinks, HtmlNodes}) {
    page += section(assessment) + '\n';
  }
  return page + Footer(assessment) + "\n</main></body></html>\n";
}

}  // namespace entente::harness
