// SPDX-License-Identifier: Apache-2.0
#include "harness/report/junit_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/report/markup.h"

namespace entente::harness {
namespace {

struct Suite {
  std::string name;
  std::string cases{};
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;

  void Add(std::string_view case_name, const Judgement& judgement);
  [[nodiscard]] std::string Render() const {
    return fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n{}  </testsuite>\n",
                       EscapeMarkup(name), tests, failures, errors, skipped, cases);
  }
};

void Suite::Add(std::string_view case_name, const Judgement& judgement) {
  ++tests;
  const std::string message =
      EscapeMarkup(fmt::format("{}: {}", VerdictName(judgement.verdict), fmt::join(judgement.reasons, "; ")));
  std::string outcome;
  switch (judgement.verdict) {
    case Verdict::kPass:
      break;
    case Verdict::kPassWithDeviation:
      outcome = fmt::format("<system-out>{}</system-out>", message);
      break;
    case Verdict::kUnsupported:
    case Verdict::kNotRun:
    case Verdict::kInconclusive:
      ++skipped;
      outcome = fmt::format("<skipped message=\"{}\"/>", message);
      break;
    case Verdict::kFail:
    case Verdict::kLeak:
      ++failures;
      outcome = fmt::format("<failure type=\"{}\" message=\"{}\"/>", VerdictName(judgement.verdict), message);
      break;
    case Verdict::kHarnessError:
      ++errors;
      outcome = fmt::format("<error type=\"harness-error\" message=\"{}\"/>", message);
      break;
  }
  cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\">{}</testcase>\n", EscapeMarkup(name), EscapeMarkup(case_name),
                       outcome);
}

}  // namespace

std::string JunitReport(const Assessment& assessment) {
  Suite run{.name = assessment.exercise + ".run"};
  run.Add("verdict", assessment.judgement);
  Suite expectations{.name = assessment.exercise + ".expectations"};
  for (const ExpectationSummary& expectation : assessment.expectations) expectations.Add(expectation.id, expectation.judgement);
  Suite pairs{.name = assessment.exercise + ".pairs"};
  for (const MatrixCell& cell : assessment.by_node) pairs.Add(cell.from + " to " + cell.to, cell.judgement);
  const auto sum = [&](std::size_t Suite::* count) { return run.*count + expectations.*count + pairs.*count; };
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n{}{}{}</testsuites>\n",
      EscapeMarkup(assessment.exercise), sum(&Suite::tests), sum(&Suite::failures), sum(&Suite::errors), sum(&Suite::skipped),
      run.Render(), expectations.Render(), pairs.Render());
}

}  // namespace entente::harness
