// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/reception.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "harness/assessment/fold_state.h"
#include "harness/assessment/sequel.h"
#include "harness/assessment/wording.h"

namespace entente::harness {
namespace {

struct UnitReception {
  Reception reception = Reception::kUnseen;
  std::string reason;
};

// The longest that any survival expectation sets.
std::int64_t SurvivalWithin(const RunPlan& plan) {
  std::int64_t within_ns = 0;
  for (const v1::Expectation& expectation : plan.exercise().expectations()) {
    if (expectation.has_survival()) within_ns = std::max(within_ns, expectation.survival().within_ns());
  }
  return within_ns == 0 ? kSurvivalWithinNs : within_ns;
}

UnitReception Judge(const DamagedUnit& damage, const SequelBook::After& after, const FoldState& state, std::int64_t within_ns) {
  if (after.sequel == Sequel::kLate || after.sequel == Sequel::kNotUnderstood) {
    return {Reception::kStopped,
            fmt::format("the next message {} was {}", NameOf(state.book().at(after.message), state.plan()),
                        after.took_ns == 0 ? "not understood" : "understood only after " + DurationText(after.took_ns))};
  }
  const std::int64_t until_ns = std::min(damage.at_ns + within_ns, state.happenings().judged_until_ns());
  if (auto disturbed = DisturbedOthers(state, damage.at_ns, until_ns); !disturbed.empty()) {
    return {Reception::kDisturbedOthers, std::move(disturbed.front())};
  }
  if (damage.understood && state.texts().At(damage.expected) == "refused") {
    return {Reception::kAccepted, "understood, though " + state.texts().At(damage.clause) + " demands a refusal"};
  }
  if (after.sequel == Sequel::kUnseen) return {Reception::kUnseen, "no right message that can be observed followed"};
  return {damage.refused ? Reception::kRejected : damage.understood ? Reception::kTolerated : Reception::kIgnored, {}};
}

}  // namespace

std::string_view ReceptionName(Reception reception) {
  switch (reception) {
    case Reception::kRejected:
      return "rejected cleanly";
    case Reception::kTolerated:
      return "tolerated";
    case Reception::kIgnored:
      return "ignored and survived";
    case Reception::kUnseen:
      return "nothing followed";
    case Reception::kAccepted:
      return "accepted although wrong";
    case Reception::kDisturbedOthers:
      return "disturbed others";
    case Reception::kStopped:
      return "stopped working";
  }
  return "unknown";
}

bool IsSound(Reception reception) {
  return reception <= Reception::kIgnored;
}

std::vector<ReceptionSummary> JudgeReceptions(const FoldState& state, const SequelBook& sequels) {
  const std::int64_t within_ns = SurvivalWithin(state.plan());
  std::map<std::tuple<std::string, std::string, v1::Direction>, ReceptionSummary> summaries;
  for (const DamagedUnit& damage : state.happenings().damaged) {
    const std::string& node = state.plan().node(damage.node).name();
    const std::string& rule = state.texts().At(damage.rule);
    const SequelBook::After after = sequels.Of(damage, within_ns);
    UnitReception unit = Judge(damage, after, state, within_ns);
    ReceptionSummary& summary = summaries[{rule, node, damage.direction}];
    if (summary.units++ == 0 || unit.reception > summary.reception) {
      summary.reception = unit.reception;
      summary.reason = std::move(unit.reason);
    }
    summary.rule = rule;
    summary.clause = state.texts().At(damage.clause);
    summary.expected = state.texts().At(damage.expected);
    summary.node = node;
    summary.direction = damage.direction;
    summary.refused += damage.refused ? 1 : 0;
    summary.understood += damage.understood ? 1 : 0;
    summary.survived += after.sequel == Sequel::kUnderstood ? 1 : 0;
  }
  std::vector<ReceptionSummary> receptions;
  for (auto& [key, summary] : summaries) receptions.push_back(std::move(summary));
  return receptions;
}

}  // namespace entente::harness
