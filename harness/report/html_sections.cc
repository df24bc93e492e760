// SPDX-License-Identifier: Apache-2.0
#include "harness/report/html_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "harness/assessment/wording.h"
#include "harness/report/html_style.h"
#include "harness/report/markup.h"

namespace entente::harness {
namespace {

constexpr std::size_t kPairsShown = 400;

std::string Reasons(const Judgement& judgement) {
  std::string items;
  for (const std::string& reason : judgement.reasons) items += fmt::format("<li>{}</li>", EscapeMarkup(reason));
  return fmt::format("<ul class=\"reasons\">{}</ul>", items);
}

// The shares of what became of the messages, as one line.
std::string FateBar(const MatrixCell& cell) {
  struct Part {
    std::uint64_t count;
    std::string_view colour;
  };
  const std::array parts = {Part{cell.Count(Fate::kUnderstood), "pass"},
                            Part{cell.Count(Fate::kLate), "deviation"},
                            Part{cell.Count(Fate::kLost) + cell.Count(Fate::kRefused), "fail"},
                            Part{cell.Count(Fate::kUnexplained), "error"},
                            Part{cell.Count(Fate::kWithheld), "mark"},
                            Part{cell.Count(Fate::kDamaged) + cell.Count(Fate::kUnobserved), "none"}};
  const double whole = static_cast<double>(std::max<std::uint64_t>(cell.pairs(), 1));
  std::string bar;
  for (const Part& part : parts) {
    if (part.count == 0) continue;
    bar += fmt::format("<i style=\"width:{:.2f}%;background:var(--{})\"></i>", 100 * static_cast<double>(part.count) / whole,
                       part.colour);
  }
  return fmt::format("<div class=\"bar\">{}</div>", bar);
}

std::string OtherFates(const MatrixCell& cell) {
  std::string text;
  for (const auto& [fate, count] : cell.fates) {
    if (fate == Fate::kUnderstood || count == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : " · ", Grouped(count), FateName(fate));
  }
  return text;
}

std::string Cell(const MatrixCell& cell) {
  const std::string others = OtherFates(cell);
  const std::string latency =
      cell.latency.count == 0 ? std::string() : "median " + LatencyText(cell.latency.median_ns, cell.latency.uncertainty_ns);
  return fmt::format("<td class=\"{}\"><b>{}</b> <span class=\"small soft\">of {}</span>{}{}{}{}</td>",
                     VerdictClass(cell.judgement.verdict), Grouped(cell.delivered()), Grouped(cell.pairs()), FateBar(cell),
                     HtmlVerdict(cell.judgement.verdict), others.empty() ? "" : fmt::format("<p>{}</p>", others),
                     latency.empty() ? "" : fmt::format("<p>{}</p>", latency));
}

std::string Tile(const std::string& value, std::string_view name) {
  return fmt::format("<div class=\"tile\"><b>{}</b><span>{}</span></div>", value, name);
}

}  // namespace

std::string HtmlVerdict(Verdict verdict) {
  return fmt::format("<span class=\"tag {}\">{} {}</span>", VerdictClass(verdict), VerdictSign(verdict), VerdictName(verdict));
}

std::string HtmlHeading(std::string_view title, std::string_view explanation) {
  return fmt::format("<h2>{}</h2><p class=\"soft small\">{}</p>", title, explanation);
}

std::string HtmlBanner(const Assessment& assessment) {
  const Judgement& judgement = assessment.judgement;
  std::string reasons;
  for (const std::string& reason : judgement.reasons) reasons += fmt::format("<li>{}</li>", EscapeMarkup(reason));
  const std::string description = assessment.description.empty()
                                      ? std::string()
                                      : fmt::format("<p class=\"soft\">{}</p>", EscapeMarkup(assessment.description));
  return fmt::format(
      "<header><p class=\"kicker\">After-action review</p><h1>{}</h1>{}</header>"
      "<section class=\"banner {}\"><strong>{} {}</strong> <span class=\"soft\">exit code {}</span><ul>{}</ul></section>",
      EscapeMarkup(assessment.exercise), description, VerdictClass(judgement.verdict), VerdictSign(judgement.verdict),
      VerdictName(judgement.verdict), assessment.exit_code, reasons);
}

std::string HtmlTiles(const Assessment& assessment) {
  std::uint64_t delivered = 0;
  std::uint64_t withheld = 0;
  for (const MatrixCell& cell : assessment.by_nation) {
    delivered += cell.delivered();
    withheld += cell.Count(Fate::kWithheld);
  }
  const auto met = std::ranges::count_if(
      assessment.expectations, [](const ExpectationSummary& expectation) { return ExitCode(expectation.judgement.verdict) == 0; });
  return fmt::format("<div class=\"tiles\">{}{}{}{}{}{}</div>",
                     Tile(fmt::format("{} of {}", met, assessment.expectations.size()), "expectations met"),
                     Tile(Grouped(assessment.messages), "messages said"),
                     Tile(Grouped(assessment.wire_units), "wire units carried"), Tile(Grouped(delivered), "times understood"),
                     Tile(Grouped(withheld), "times withheld"), Tile(Grouped(assessment.leaks.size()), "leaks"));
}

std::string HtmlExpectations(const Assessment& assessment) {
  std::string rows;
  for (const ExpectationSummary& expectation : assessment.expectations) {
    rows += fmt::format("<tr><td>{}</td><td><b>{}</b><br><span class=\"soft small\">{}</span></td><td>{}</td></tr>",
                        HtmlVerdict(expectation.judgement.verdict), EscapeMarkup(expectation.id), EscapeMarkup(expectation.demand),
                        Reasons(expectation.judgement));
  }
  if (rows.empty()) return {};
  return HtmlHeading("Expectations", "What the exercise demanded, and on what evidence it was judged.") +
         fmt::format(
             "<div class=\"frame\"><table class=\"stack\"><thead><tr><th>Verdict</th><th>Expectation</th><th>Evidence</th></tr>"
             "</thead><tbody>{}</tbody></table></div>",
             rows);
}

std::string HtmlMatrix(const Assessment& assessment) {
  std::map<std::pair<std::string, std::string>, const MatrixCell*> cells;
  std::set<std::string> from;
  std::set<std::string> to;
  for (const MatrixCell& cell : assessment.by_nation) {
    cells[{cell.from, cell.to}] = &cell;
    from.insert(cell.from);
    to.insert(cell.to);
  }
  if (cells.empty()) return {};
  std::string head = "<th></th>";
  for (const std::string& nation : to) head += fmt::format("<th scope=\"col\">to {}</th>", EscapeMarkup(nation));
  std::string rows;
  for (const std::string& sender : from) {
    rows += fmt::format("<tr><th scope=\"row\">from {}</th>", EscapeMarkup(sender));
    for (const std::string& receiver : to) {
      const auto found = cells.find({sender, receiver});
      rows += found == cells.end() ? "<td class=\"soft\">·</td>" : Cell(*found->second);
    }
    rows += "</tr>";
  }
  return HtmlHeading("Who understood whom", "Messages understood by the receiver's own decoder, of all that were meant for it.") +
         fmt::format(
             "<div class=\"card scroll\"><table class=\"matrix\"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
             "<p class=\"legend\"><span class=\"pass\"><i></i>understood</span><span class=\"deviation\"><i></i>late</span>"
             "<span class=\"fail\"><i></i>lost or refused</span><span class=\"held\"><i></i>withheld by the release "
             "guard</span>"
             "<span class=\"none\"><i></i>damaged on purpose, or not observable</span><span "
             "style=\"--v:var(--idle)\"><i></i>other</span></p>",
             head, rows);
}

std::string HtmlNodePairs(const Assessment& assessment) {
  std::string rows;
  std::size_t shown = 0;
  for (const MatrixCell& cell : assessment.by_node) {
    if (++shown > kPairsShown) break;
    rows += fmt::format(
        "<tr><td>{}</td><td>{} → {}</td><td class=\"n\" data-name=\"delivered\">{} of {}</td><td class=\"n\" "
        "data-name=\"p90\">{}</td>"
        "<td>{}</td></tr>",
        HtmlVerdict(cell.judgement.verdict), EscapeMarkup(cell.from), EscapeMarkup(cell.to), Grouped(cell.delivered()),
        Grouped(cell.pairs()), cell.latency.count == 0 ? "–" : DurationText(cell.latency.p90_ns), Reasons(cell.judgement));
  }
  if (rows.empty()) return {};
  return fmt::format(
      "<details><summary>Node by node ({})</summary><div class=\"frame\"><table "
      "class=\"stack\"><thead><tr><th>Verdict</th><th>Pair</th>"
      "<th class=\"n\">Delivered</th><th "
      "class=\"n\">p90</th><th>Evidence</th></tr></thead><tbody>{}</tbody></table></div></details>",
      assessment.by_node.size(), rows);
}

}  // namespace entente::harness
