// SPDX-License-Identifier: Apache-2.0
#include "harness/report/terminal.h"

#include <fmt/format.h>

#include <map>

#include "harness/assessment/wording.h"
#include "harness/report/markup.h"
#include "harness/report/table.h"

namespace entente::harness {
namespace {

constexpr std::size_t kLinesShown = 12;
constexpr std::size_t kIndent = 2;

std::string_view ColourOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "\x1b[32m";
    case Verdict::kPassWithDeviation:
      return "\x1b[36m";
    case Verdict::kUnsupported:
    case Verdict::kNotRun:
    case Verdict::kInconclusive:
      return "\x1b[33m";
    case Verdict::kFail:
      return "\x1b[31m";
    case Verdict::kHarnessError:
    case Verdict::kLeak:
      return "\x1b[1;35m";
  }
  return {};
}

class Terminal {
 public:
  Terminal(const Assessment& assessment, bool colour) : assessment_(assessment), colour_(colour) {}

  std::string Render() {
    AddHead();
    AddMatrix();
    AddExpectations();
    AddLosses();
    AddFindings();
    AddReceptions();
    AddVerdict();
    return std::move(text_);
  }

 private:
  void AddHead();
  void AddMatrix();
  void AddExpectations();
  void AddLosses();
  void AddFindings();
  void AddReceptions();
  void AddVerdict();
  void Heading(std::string_view title) { text_ += fmt::format("\n{}{}{}\n", Sequence("\x1b[1m"), title, Sequence("\x1b[0m")); }
  void More(std::size_t total) {
    if (total > kLinesShown) text_ += fmt::format("  … and {} more in the report\n", total - kLinesShown);
  }
  [[nodiscard]] std::string_view Sequence(std::string_view sequence) const { return colour_ ? sequence : std::string_view(); }
  [[nodiscard]] TextTable::Cell VerdictCell(Verdict verdict) const {
    return {std::string(VerdictName(verdict)), Sequence(ColourOf(verdict))};
  }

  const Assessment& assessment_;
  bool colour_;
  std::string text_;
};

void Terminal::AddHead() {
  text_ += fmt::format("{}{}{}  seed {}, {}, {}: {} in {}\n", Sequence("\x1b[1m"), EscapeTerminal(assessment_.exercise),
                       Sequence("\x1b[0m"), assessment_.seed, assessment_.simulated ? "simulated" : "live",
                       DurationText(assessment_.ended_ns - assessment_.started_ns), CountText(assessment_.messages, "message"),
                       CountText(assessment_.wire_units, "wire unit"));
}

void Terminal::AddMatrix() {
  if (assessment_.by_nation.empty()) return;
  Heading("Who understood whom");
  TextTable table({Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight, Align::kRight,
                   Align::kRight, Align::kRight, Align::kLeft});
  table.Add({{"from"}, {"to"}, {"delivered"}, {"late"}, {"lost"}, {"withheld"}, {"damaged"}, {"other"}, {"median"}, {"verdict"}});
  for (const MatrixCell& cell : assessment_.by_nation) {
    const std::uint64_t lost = cell.Count(Fate::kLost) + cell.Count(Fate::kRefused) + cell.Count(Fate::kUnexplained);
    const std::uint64_t named = cell.delivered() + lost + cell.Count(Fate::kWithheld) + cell.Count(Fate::kDamaged);
    table.Add({{EscapeTerminal(cell.from)},
               {EscapeTerminal(cell.to)},
               {fmt::format("{} of {}", cell.delivered(), cell.pairs())},
               {std::to_string(cell.Count(Fate::kLate))},
               {std::to_string(lost), lost > 0 ? Sequence("\x1b[31m") : std::string_view()},
               {std::to_string(cell.Count(Fate::kWithheld))},
               {std::to_string(cell.Count(Fate::kDamaged))},
               {std::to_string(cell.pairs() - named)},
               {cell.latency.count == 0 ? "-" : LatencyText(cell.latency.median_ns, cell.latency.uncertainty_ns)},
               VerdictCell(cell.judgement.verdict)});
  }
  text_ += table.Render(kIndent);
}

void Terminal::AddExpectations() {
  if (assessment_.expectations.empty()) return;
  Heading("Expectations");
  TextTable table({Align::kLeft, Align::kLeft, Align::kLeft});
  for (const ExpectationSummary& expectation : assessment_.expectations) {
    const std::string said = expectation.judgement.reasons.empty() ? expectation.demand : expectation.judgement.reasons.front();
    table.Add({VerdictCell(expectation.judgement.verdict), {EscapeTerminal(expectation.id)}, {EscapeTerminal(said)}});
  }
  text_ += table.Render(kIndent);
}

void Terminal::AddLosses() {
  if (assessment_.losses.empty()) return;
  Heading("Why messages did not arrive");
  TextTable table({Align::kRight, Align::kLeft, Align::kLeft, Align::kLeft});
  std::size_t lines = 0;
  for (const LossSummary& loss : assessment_.losses) {
    if (++lines > kLinesShown) break;
    table.Add({{std::to_string(loss.count)},
               {std::string(FateName(loss.fate))},
               {EscapeTerminal(loss.from + " to " + loss.to)},
               {EscapeTerminal(loss.reason)}});
  }
  text_ += table.Render(kIndent);
  More(assessment_.losses.size());
}

void Terminal::AddFindings() {
  if (assessment_.findings.empty()) return;
  Heading("Findings");
  TextTable table({Align::kRight, Align::kLeft, Align::kLeft});
  std::size_t lines = 0;
  for (const FindingSummary& finding : assessment_.findings) {
    if (++lines > kLinesShown) break;
    const std::string clause = finding.clause.empty() ? std::string() : " (" + finding.clause + ")";
    table.Add({{std::to_string(finding.count)}, {EscapeTerminal(finding.node)}, {EscapeTerminal(finding.text + clause)}});
  }
  text_ += table.Render(kIndent);
  More(assessment_.findings.size());
}

void Terminal::AddReceptions() {
  if (assessment_.receptions.empty()) return;
  Heading("How malformed units were taken");
  std::map<Reception, std::size_t> rules;
  for (const ReceptionSummary& reception : assessment_.receptions) ++rules[reception.reception];
  TextTable counts({Align::kRight, Align::kLeft});
  for (const auto& [reception, count] : rules) counts.Add({{std::to_string(count)}, {std::string(ReceptionName(reception))}});
  text_ += counts.Render(kIndent);
  TextTable table({Align::kLeft, Align::kLeft, Align::kLeft});
  std::size_t unsound = 0;
  for (const ReceptionSummary& reception : assessment_.receptions) {
    if (IsSound(reception.reception) || reception.reception == Reception::kUnseen) continue;
    if (++unsound > kLinesShown) continue;
    const bool to_node = reception.direction == v1::DIRECTION_TO_NODE;
    table.Add({{EscapeTerminal(reception.rule)},
               {EscapeTerminal((to_node ? "to " : "from ") + reception.node)},
               {EscapeTerminal(fmt::format("{}: {}", ReceptionName(reception.reception), reception.reason))}});
  }
  text_ += table.Render(kIndent);
  More(unsound);
}

void Terminal::AddVerdict() {
  const Judgement& judgement = assessment_.judgement;
  text_ += fmt::format("\n{}Verdict: {}{} (exit code {})\n", Sequence(ColourOf(judgement.verdict)), VerdictName(judgement.verdict),
                       Sequence("\x1b[0m"), assessment_.exit_code);
  for (const std::string& reason : judgement.reasons) text_ += fmt::format("  {}\n", EscapeTerminal(reason));
}

}  // namespace

std::string TerminalReport(const Assessment& assessment, bool colour) {
  return Terminal(assessment, colour).Render();
}

}  // namespace entente::harness
