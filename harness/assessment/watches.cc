// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/watches.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/assessment/wording.h"

namespace entente::harness {
namespace {

constexpr std::size_t kFailuresNamed = 3;

}  // namespace

RecoveryWatch::RecoveryWatch(const v1::RecoveryExpectation& expected, const FoldState& state)
    : expected_(expected), state_(state) {}

void RecoveryWatch::Add(const Pair& pair) {
  const FaultSummary* fault = Fault();
  if (fault == nullptr || fault->ended_ns == 0 || pair.message->said_ns() < fault->ended_ns || !CanArrive(pair.fate)) return;
  const NodeIndex node = NodeOfFault(*fault, state_.plan());
  if (pair.from() != node && pair.to != node) return;
  Way& way = pair.from() == node ? out_ : in_;
  ++way.said;
  if (pair.fate == Fate::kUnobserved) ++way.unobserved;
  if (!pair.understood()) return;
  const std::int64_t understood_ns = pair.message->said_ns() + *pair.latency_ns;
  way.first_understood_ns = std::min(way.first_understood_ns.value_or(understood_ns), understood_ns);
}

void RecoveryWatch::Add(const RecoveryWatch& other) {
  const auto add = [](Way& way, const Way& seen) {
    way.said += seen.said;
    way.unobserved += seen.unobserved;
    if (!seen.first_understood_ns) return;
    way.first_understood_ns = std::min(way.first_understood_ns.value_or(*seen.first_understood_ns), *seen.first_understood_ns);
  };
  add(out_, other.out_);
  add(in_, other.in_);
}

Judgement RecoveryWatch::JudgeWay(const Way& way, std::string_view direction) const {
  if (way.first_understood_ns) {
    const std::int64_t took_ns = state_.happenings().ExerciseTimeNs(Fault()->ended_ns, *way.first_understood_ns);
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
  const FaultSummary* fault = Fault();
  if (fault == nullptr) return {Verdict::kNotRun, {fmt::format("the fault {} did not start", expected_.fault())}};
  if (fault->ended_ns == 0) return {Verdict::kInconclusive, {fmt::format("the fault {} did not end", expected_.fault())}};
  const NodeIndex node = NodeOfFault(*fault, state_.plan());
  if (node == kNoNode) return {Verdict::kHarnessError, {fmt::format("the fault {} names no node of the run", expected_.fault())}};
  const std::string& name = state_.plan().node(node).name();
  const Judgement out = JudgeWay(out_, "from " + name);
  Judgement both = JudgeWay(in_, "to " + name);
  both.verdict = Worse(out.verdict, both.verdict);
  both.reasons.insert(both.reasons.begin(), out.reasons.begin(), out.reasons.end());
  return both;
}

SurvivalWatch::SurvivalWatch(const v1::SurvivalExpectation& expected, const FoldState& state, const Selection& selection)
    : expected_(expected), state_(state), selection_(selection), sequels_(state) {}

void SurvivalWatch::JudgeDamage(const DamagedUnit& damage, Sum& sum) const {
  ++sum.damaged;
  if (state_.texts().At(damage.expected) == "refused" && damage.understood) ++sum.not_refused;
  const SequelBook::After after = sequels_.Of(damage, expected_.within_ns());
  switch (after.sequel) {
    case Sequel::kUnseen:
      ++sum.unseen;
      return;
    case Sequel::kUnderstood:
      ++sum.survived;
      return;
    case Sequel::kLate:
    case Sequel::kNotUnderstood:
      break;
  }
  if (sum.failures.size() == kFailuresNamed) return;
  const std::string name = NameOf(state_.book().at(after.message), state_.plan());
  const bool late = after.sequel == Sequel::kLate;
  sum.failures.push_back(fmt::format("after {} damaged a unit of {}, the next message {} was {}", state_.texts().At(damage.rule),
                                     state_.plan().node(damage.node).name(), name,
                                     late ? "understood only after " + DurationText(after.took_ns) : "not understood"));
}

SurvivalWatch::Sum SurvivalWatch::SumUp() const {
  Sum sum;
  for (const DamagedUnit& damage : state_.happenings().damaged) {
    const bool selected = damage.direction == v1::DIRECTION_TO_NODE ? selection_.To(damage.node) : selection_.From(damage.node);
    if (selected) JudgeDamage(damage, sum);
  }
  return sum;
}

// Between the first damage and the end of the last one's time.
std::vector<std::string> SurvivalWatch::Disturbed() const {
  const auto& damaged = state_.happenings().damaged;
  if (damaged.empty()) return {};
  const std::int64_t until_ns = std::min(damaged.back().at_ns + expected_.within_ns(), state_.happenings().judged_until_ns());
  return DisturbedOthers(state_, damaged.front().at_ns, until_ns);
}

Judgement SurvivalWatch::Judge() {
  sequels_.Close();
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
