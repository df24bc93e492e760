// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/expectation_judge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/assessment/fidelity_verdict.h"
#include "harness/assessment/tally_verdicts.h"
#include "harness/assessment/wording.h"

namespace entente::harness {
namespace {

bool IsGreen(Verdict verdict) {
  return verdict == Verdict::kPass || verdict == Verdict::kPassWithDeviation;
}

}  // namespace

ExpectationJudge::ExpectationJudge(const v1::Expectation& expectation, const FoldState& state)
    : expectation_(expectation), state_(state), selection_(expectation, state.plan()) {
  if (expectation.has_recovery()) recovery_.emplace(expectation.recovery(), state);
  if (expectation.has_survival()) survival_.emplace(expectation.survival(), state, selection_);
}

bool ExpectationJudge::Selects(const Message& message, NodeIndex to) const {
  if (!selection_.Of(message.family, message.precedence)) return false;
  if (selection_.From(message.origin) && selection_.To(to)) return true;
  // Recovery and survival look both ways.
  return expectation_.has_survival() && (selection_.From(message.origin) || selection_.To(to));
}

std::int64_t ExpectationJudge::within_ns() const {
  return expectation_.has_delivery() ? expectation_.delivery().within_ns() : 0;
}

void ExpectationJudge::Add(const Pair& pair) {
  whole_.Add(pair, within_ns());
  if (recovery_) return recovery_->Add(pair);
  if (survival_) return survival_->Add(pair);
  cells_[{pair.from(), pair.to}].Add(pair, within_ns());
}

void ExpectationJudge::AddSettled(const Pair& pair) {
  whole_.Add(pair, within_ns());
  if (recovery_) return recovery_->Add(pair);
  if (!survival_) cells_[{pair.from(), pair.to}].Add(pair, within_ns());
}

void ExpectationJudge::AddSettled(const ExpectationJudge& other) {
  whole_.AddSettled(other.whole_);
  for (const auto& [nodes, tally] : other.cells_) cells_[nodes].AddSettled(tally);
  if (recovery_ && other.recovery_) recovery_->Add(*other.recovery_);
}

Judgement ExpectationJudge::JudgeTally(Tally& tally, NodeIndex from, NodeIndex to) const {
  const NameMessage name = [this](MessageIndex index) { return NameOf(state_.book().at(index), state_.plan()); };
  switch (expectation_.kind_case()) {
    case v1::Expectation::kDelivery:
      return JudgeDelivery(expectation_.delivery(), tally, name);
    case v1::Expectation::kLatency:
      return JudgeLatency(expectation_.latency(), tally, name);
    case v1::Expectation::kSilence:
      return JudgeSilence(tally);
    case v1::Expectation::kNoLeak:
      return JudgeNoLeak(tally);
    case v1::Expectation::kFidelity:
      return JudgeFidelity(expectation_.fidelity(), selection_, state_, tally, from, to);
    default:
      return {Verdict::kHarnessError, {"the expectation is of a kind that this version does not know"}};
  }
}

Judgement ExpectationJudge::JudgeWhole() {
  if (!selection_.unknown().empty()) {
    return {Verdict::kNotRun, {fmt::format("the exercise has no node or nation {}", fmt::join(selection_.unknown(), ", "))}};
  }
  Judgement judgement{Verdict::kNotRun, {"the exercise did not reach STARTEX"}};
  if (state_.happenings().started) {
    judgement = recovery_ ? recovery_->Judge() : survival_ ? survival_->Judge() : JudgeTally(whole_, kNoNode, kNoNode);
  }
  AddAbsence(judgement);
  AddFindings(judgement, kNoNode);
  AddRunState(judgement);
  return judgement;
}

// Where there is no evidence, nodes that never connected are the likeliest cause, and are named. A real system that did not come to
// a run that was held leaves the question open.
void ExpectationJudge::AddAbsence(Judgement& judgement) const {
  if (judgement.verdict != Verdict::kNotRun && judgement.verdict != Verdict::kInconclusive) return;
  for (NodeIndex node = 0; node < state_.plan().nodes().size(); ++node) {
    if (!selection_.From(node) && !selection_.To(node)) continue;
    if (!state_.plan().node(node).in_plan || state_.plan().node(node).recording() || state_.happenings().EverActive(node)) continue;
    judgement.reasons.push_back(fmt::format("{} never connected", state_.plan().node(node).name()));
    if (state_.plan().node(node).external() && state_.happenings().started) judgement.verdict = Verdict::kInconclusive;
  }
}

// What was understood although it was not as its standard says is a deviation of who sent it.
void ExpectationJudge::AddFindings(Judgement& judgement, NodeIndex from) const {
  if (judgement.verdict != Verdict::kPass && judgement.verdict != Verdict::kPassWithDeviation) return;
  if (!expectation_.has_delivery() && !expectation_.has_fidelity()) return;
  for (const FindingSummary& finding : state_.happenings().findings()) {
    const NodeIndex node = state_.plan().Find(finding.node);
    const bool counts = node != kNoNode && (from == kNoNode ? selection_.From(node) : node == from);
    if (!counts || finding.severity < v1::FINDING_SEVERITY_DEVIATION) continue;
    judgement.verdict = Verdict::kPassWithDeviation;
    judgement.reasons.push_back(fmt::format("{} deviates in {}: {} ({})", finding.node, CountText(finding.count, "message"),
                                            finding.text, finding.clause.empty() ? finding.field : finding.clause));
  }
}

void ExpectationJudge::AddRunState(Judgement& judgement) const {
  if (!IsGreen(judgement.verdict)) return;
  if (state_.happenings().aborted) {
    judgement.verdict = Verdict::kInconclusive;
    judgement.reasons.push_back(fmt::format("the exercise was aborted: {}", state_.happenings().abort_reason));
  }
}

ExpectationSummary ExpectationJudge::Judge() {
  ExpectationSummary summary;
  summary.id = expectation_.id();
  summary.kind = KindName(expectation_);
  summary.demand = DemandText(expectation_);
  summary.judgement = JudgeWhole();
  verdict_ = summary.judgement.verdict;
  if (expectation_.has_delivery()) summary.ratio = RatioOf(whole_.in_time, whole_.eligible());
  if (expectation_.has_delivery() || expectation_.has_latency()) summary.latency = whole_.latencies.Summary(whole_.uncertainty_ns);
  return summary;
}

// Whether the messages of a cell give this expectation anything to judge: what was withheld, or never said, is no evidence for or
// against a delivery, and traffic within a nation none about a leak.
bool ExpectationJudge::SpeaksOf(const Tally& cell) const {
  if (expectation_.has_no_leak()) return cell.guarded > 0 || cell.leaks > 0;
  if (expectation_.has_silence()) return cell.all() > 0;
  const bool open = cell.Count(Fate::kUnobserved) > 0 || cell.Count(Fate::kUnexplained) > 0;
  const bool unsupported = cell.all() > 0 && cell.Count(Fate::kUnsupported) == cell.all();
  return cell.eligible() > 0 || open || unsupported;
}

std::optional<Judgement> ExpectationJudge::JudgeCell(NodeIndex from, NodeIndex to) {
  if (recovery_ || survival_ || !selection_.From(from) || !selection_.To(to)) return std::nullopt;
  if (state_.happenings().started && !SpeaksOf(cells_[{from, to}])) return std::nullopt;
  Judgement judgement{Verdict::kNotRun, {"the exercise did not reach STARTEX"}};
  if (state_.happenings().started) {
    judgement = JudgeTally(cells_[{from, to}], from, to);
    AddFindings(judgement, from);
    AddRunState(judgement);
  }
  if (judgement.verdict == Verdict::kFail && IsGreen(verdict_)) {
    judgement.verdict = Verdict::kPassWithDeviation;
    judgement.reasons.emplace_back("within what the expectation as a whole allows");
  }
  for (std::string& reason : judgement.reasons) reason = expectation_.id() + ": " + reason;
  return judgement;
}

}  // namespace entente::harness
