// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/watches.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/assessment/wording.h"

namespace entente::harness {
namespace {

constexpr std::size_t kFailuresNamed = 3;

// The node whose link or output a fault acts on: by the plan, else by the words of its target.
NodeIndex NodeOfFault(const FaultSummary& fault, const RunPlan& plan) {
  for (const v1::FaultPlan& planned : plan.exercise().faults()) {
    if (planned.id() == fault.fault) return plan.Find(planned.node());
  }
  for (NodeIndex node = 0; node < plan.nodes().size(); ++node) {
    if ((' ' + fault.target + ' ').contains(' ' + plan.node(node).name() + ' ')) return node;
  }
  return kNoNode;
}

bool CanArrive(Fate fate) {
  return fate == Fate::kUnderstood || fate == Fate::kLate || fate == Fate::kLost || fate == Fate::kRefused ||
         fate == Fate::kUnobserved || fate == Fate::kUnexplained;
}

}  // namespace

RecoveryWatch::RecoveryWatch(const v1::RecoveryExpectation& expected, const FoldState& state)
    : expected_(expected), state_(state), fault_(state.happenings().FindFault(expected.fault())) {
  if (fault_ != nullptr) node_ = NodeOfFault(*fault_, state.plan());
}

void RecoveryWatch::Add(const Pair& pair) {
  if (fault_ == nullptr || fault_->ended_ns == 0 || pair.message->said_ns() < fault_->ended_ns || !CanArrive(pair.fate)) return;
  if (pair.from() != node_ && pair.to != node_) return;
  Way& way = pair.from() == node_ ? out_ : in_;
  ++way.said;
  if (pair.fate == Fate::kUnobserved) ++way.unobserved;
  if (!pair.understood()) return;
  const std::int64_t understood_ns = pair.message->said_ns() + *pair.latency_ns;
  way.first_understood_ns = std::min(way.first_understood_ns.value_or(understood_ns), understood_ns);
}

Judgement RecoveryWatch::JudgeWay(const Way& way, std::string_view direction) const {
  if (way.first_understood_ns) {
    const std::int64_t took_ns = state_.happenings().ExerciseTimeNs(fault_->ended_ns, *way.first_understood_ns);
    const bool in_time = expected_.within_ns() == 0 || took_ns <= expected_.within_ns();
    return {in_time ? Verdict::kPass : Verdict::kFail,
            {fmt::format("{}: the first message was understood {} after the fault ended", direction, DurationText(took_ns))}};
  }
  if (way.said == 0) return {Verdict::kInconclusive, {fmt::format("{}: no message was said after the fault ended", direction)}};
  if (way.unobserved == way.said) return {Verdict::kInconclusive, {fmt::format("{}: not observable", direction)}};
  return {Verdict::kFail,
          {fmt::format("{}: none of {} said after the fault ended was understood", direction, CountText(way.said, "message"))}};
}

Judgement RecoveryWatch::Judge() const {
  if (fault_ == nullptr) return {Verdict::kNotRun, {fmt::format("the fault {} did not start", expected_.fault())}};
  if (fault_->ended_ns == 0) return {Verdict::kInconclusive, {fmt::format("the fault {} did not end", expected_.fault())}};
  if (node_ == kNoNode) return {Verdict::kHarnessError, {fmt::format("the fault {} names no node of the run", expected_.fault())}};
  const std::string& name = state_.plan().node(node_).name();
  const Judgement out = JudgeWay(out_, "from " + name);
  Judgement both = JudgeWay(in_, "to " + name);
  both.verdict = Worse(out.verdict, both.verdict);
  both.reasons.insert(both.reasons.begin(), out.reasons.begin(), out.reasons.end());
  return both;
}

SurvivalWatch::SurvivalWatch(const v1::SurvivalExpectation& expected, const FoldState& state, const Selection& selection)
    : expected_(expected), state_(state), selection_(selection) {}

void SurvivalWatch::Add(const Pair& pair) {
  if (!CanArrive(pair.fate)) return;
  const Delivery* delivery = pair.message->Find(pair.to);
  const auto add = [&](LinkSide side, std::int64_t said_ns) {
    std::vector<Right>& right = right_[side];
    if (right.empty() || right.back().message != pair.index) right.push_back({pair.index, said_ns, std::nullopt, false});
    Right& message = right.back();
    message.observable |= pair.fate != Fate::kUnobserved;
    if (!pair.understood()) return;
    const std::int64_t understood_ns = pair.message->said_ns() + *pair.latency_ns;
    message.understood_ns = std::min(message.understood_ns.value_or(understood_ns), understood_ns);
  };
  if (pair.message->damage == kNoText) add({pair.from(), v1::DIRECTION_TO_GATEWAY}, pair.message->said_ns());
  if (delivery != nullptr && delivery->damage == kNoText && delivery->egressed_ns != 0) {
    add({pair.to, v1::DIRECTION_TO_NODE}, delivery->egressed_ns);
  }
}

void SurvivalWatch::JudgeDamage(const DamagedUnit& damage, Sum& sum) const {
  ++sum.damaged;
  if (state_.texts().At(damage.expected) == "refused" && damage.understood) ++sum.not_refused;
  const auto found = right_.find({damage.node, damage.direction});
  const Right* next = nullptr;
  if (found != right_.end()) {
    const auto after = std::ranges::upper_bound(found->second, damage.at_ns, {}, &Right::said_ns);
    if (after != found->second.end()) next = &*after;
  }
  if (next == nullptr || !next->observable) {
    ++sum.unseen;
    return;
  }
  const std::int64_t took_ns = next->understood_ns ? state_.happenings().ExerciseTimeNs(next->said_ns, *next->understood_ns) : 0;
  if (next->understood_ns && (expected_.within_ns() == 0 || took_ns <= expected_.within_ns())) {
    ++sum.survived;
  } else if (sum.failures.size() < kFailuresNamed) {
    const std::string name = NameOf(state_.book().at(next->message), state_.plan());
    sum.failures.push_back(fmt::format("after {} damaged a unit of {}, the next message {} was {}", state_.texts().At(damage.rule),
                                       state_.plan().node(damage.node).name(), name,
                                       next->understood_ns ? "understood only after " + DurationText(took_ns) : "not understood"));
  }
}

SurvivalWatch::Sum SurvivalWatch::SumUp() const {
  Sum sum;
  for (const DamagedUnit& damage : state_.happenings().damaged) {
    const bool selected = damage.direction == v1::DIRECTION_TO_NODE ? selection_.To(damage.node) : selection_.From(damage.node);
    if (selected) JudgeDamage(damage, sum);
  }
  return sum;
}

// Nodes other than the damaged ones whose connection broke between the first damage and the end of the last one's time.
std::vector<std::string> SurvivalWatch::Disturbed() const {
  const auto& damaged = state_.happenings().damaged;
  std::vector<std::string> disturbed;
  if (damaged.empty()) return disturbed;
  const std::int64_t until_ns = std::min(damaged.back().at_ns + expected_.within_ns(), state_.happenings().judged_until_ns());
  for (const auto& [node, changes] : state_.happenings().node_changes) {
    if (std::ranges::find(damaged, node, &DamagedUnit::node) != damaged.end()) continue;
    const bool faulted = std::ranges::any_of(state_.happenings().faults, [&, index = node](const FaultSummary& fault) {
      return NodeOfFault(fault, state_.plan()) == index;
    });
    const auto broke = std::ranges::find_if(changes, [&](const NodeChange& change) {
      return change.state == v1::NODE_STATE_LOST && change.at_ns >= damaged.front().at_ns && change.at_ns <= until_ns;
    });
    if (broke == changes.end() || faulted) continue;
    disturbed.push_back(fmt::format("{} was disturbed: {}", state_.plan().node(node).name(), state_.texts().At(broke->reason)));
  }
  return disturbed;
}

Judgement SurvivalWatch::Judge() {
  for (auto& [side, messages] : right_) std::ranges::stable_sort(messages, {}, &Right::said_ns);
  const Sum sum = SumUp();
  if (sum.damaged == 0) return {Verdict::kNotRun, {"no unit was damaged"}};
  Judgement judgement{Verdict::kPass,
                      {fmt::format("{} damaged; after {} of them the next right message was understood",
                                   CountText(sum.damaged, "unit"), sum.survived)}};
  const std::vector<std::string> disturbed = Disturbed();
  if (sum.survived + sum.unseen < sum.damaged || !disturbed.empty()) {
    judgement.verdict = Verdict::kFail;
    judgement.reasons.insert(judgement.reasons.end(), sum.failures.begin(), sum.failures.end());
    judgement.reasons.insert(judgement.reasons.end(), disturbed.begin(), disturbed.end());
  } else if (sum.survived == 0) {
    judgement.verdict = Verdict::kInconclusive;
    judgement.reasons.emplace_back("no right message that can be observed followed");
  } else if (sum.not_refused > 0) {
    judgement.verdict = Verdict::kPassWithDeviation;
    judgement.reasons.push_back(
        fmt::format("{} understood, though their rule demands a refusal", CountText(sum.not_refused, "damaged unit")));
  }
  return judgement;
}

}  // namespace entente::harness
