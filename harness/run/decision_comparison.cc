// SPDX-License-Identifier: Apache-2.0
#include "harness/run/decision_comparison.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/time.h"
#include "harness/links/impairment.h"
#include "harness/run/node_setup.h"

namespace entente::harness {
namespace {

// Decided by when octets arrive, not by chance: kinds that say so, and a channel's own limit. A rule is named by its kind, with the
// fault before it ("jam/rate") and its number behind it where the chain has several ("rate#2").
bool IsByArrival(std::string_view rule) {
  constexpr std::string_view kQueue = "queue";
  rule = rule.substr(rule.rfind('/') + 1);
  rule = rule.substr(0, rule.find('#'));
  const ImpairmentKind* const kind = FindImpairmentKind(rule);
  return rule == kQueue || (kind != nullptr && kind->by_arrival);
}

std::string WhatOf(const std::string& decision, std::int64_t delay_ns) {
  if (delay_ns == 0) return decision;
  return fmt::format("{} by {:.6f} ms", decision, ToSeconds(Duration(delay_ns)) * 1e3);
}

// A rule on one link and direction, between two changes of the faults there.
using Rule = std::tuple<std::string, v1::Direction, std::string, std::uint64_t>;
using Units = std::map<std::uint64_t, std::string>;  // what was decided; several decisions on a unit one after the other

std::map<Rule, Units> ByRule(const std::vector<FaultDecision>& decisions) {
  std::map<Rule, Units> rules;
  for (const FaultDecision& decision : decisions) {
    if (IsByArrival(decision.rule)) continue;
    std::string& what = rules[{decision.link, decision.direction, decision.rule, decision.period}][decision.unit];
    what += what.empty() ? decision.what : ", " + decision.what;
  }
  return rules;
}

void Note(DecisionComparison& comparison, DecisionDifference difference) {
  ++comparison.differing;
  if (!comparison.first) comparison.first = std::move(difference);
}

void CompareRule(const Rule& rule, const Units& recorded, const Units& repeated, DecisionComparison& comparison) {
  if (recorded.empty() || repeated.empty()) {
    comparison.beyond += recorded.size() + repeated.size();
    return;
  }
  const std::uint64_t from = std::max(recorded.begin()->first, repeated.begin()->first);
  const std::uint64_t to = std::min(recorded.rbegin()->first, repeated.rbegin()->first);
  Units both = recorded;
  both.insert(repeated.begin(), repeated.end());
  for (const auto& [unit, unused] : both) {
    if (unit < from || unit > to) {
      ++comparison.beyond;
      continue;
    }
    ++comparison.compared;
    const auto expected = recorded.find(unit);
    const auto got = repeated.find(unit);
    const std::string was = expected == recorded.end() ? std::string() : expected->second;
    const std::string is = got == repeated.end() ? std::string() : got->second;
    if (was != is) Note(comparison, {std::get<0>(rule), std::get<1>(rule), std::get<2>(rule), unit, was, is});
  }
}

}  // namespace

std::optional<FaultDecision> DecisionReader::Take(const v1::RecordEvent& event) {
  switch (event.event_case()) {
    case v1::RecordEvent::kFaultStarted:
      NextPeriod(event.fault_started().fault());
      return std::nullopt;
    case v1::RecordEvent::kFaultEnded:
      NextPeriod(event.fault_ended().fault());
      return std::nullopt;
    case v1::RecordEvent::kLinkDecision: {
      const v1::LinkDecision& made = event.link_decision();
      return FaultDecision{
          made.link(), made.direction(), made.rule(), made.unit(), WhatOf(made.decision(), made.delay_ns()), PeriodOf(made.link())};
    }
    case v1::RecordEvent::kUnitDamaged: {
      const v1::UnitDamaged& made = event.unit_damaged();
      return FaultDecision{made.node(), made.direction(), made.fault() + "/damage",
                           made.unit(), made.rule(),      PeriodOf(made.node())};
    }
    case v1::RecordEvent::kMessageImpaired: {
      const v1::MessageImpaired& made = event.message_impaired();
      return FaultDecision{
          made.node(), made.direction(), made.rule(), made.unit(), WhatOf(made.decision(), made.delay_ns()), PeriodOf(made.node())};
    }
    default:
      return std::nullopt;
  }
}

void DecisionReader::NextPeriod(std::string_view fault) {
  const auto plan =
      std::ranges::find(exercise_.faults(), fault, [](const v1::FaultPlan& each) -> std::string_view { return each.id(); });
  if (plan != exercise_.faults().end() && !plan->node().empty()) {
    ++periods_[IsOfBackbone(*plan) ? BackboneNameOf(plan->node()) : plan->node()];
    return;
  }
  for (const v1::NodePlan& node : exercise_.nodes()) ++periods_[node.node()];
}

std::uint64_t DecisionReader::PeriodOf(const std::string& link) const {
  const auto period = periods_.find(link);
  return period == periods_.end() ? 0 : period->second;
}

DecisionComparison CompareSimulated(const DecisionSource& recorded, const DecisionSource& repeated) {
  DecisionComparison comparison;
  for (;;) {
    const std::optional<FaultDecision> was = recorded();
    const std::optional<FaultDecision> is = repeated();
    if (!was && !is) return comparison;
    comparison.recorded += was ? 1 : 0;
    comparison.repeated += is ? 1 : 0;
    ++comparison.compared;
    if (was == is) continue;
    const FaultDecision& where = was ? *was : *is;
    const bool same_unit =
        was && is && was->link == is->link && was->direction == is->direction && was->rule == is->rule && was->unit == is->unit;
    const auto text = [&](const std::optional<FaultDecision>& made) {
      if (!made) return std::string();
      return same_unit ? made->what : fmt::format("{} on unit {} of {}: {}", made->rule, made->unit, made->link, made->what);
    };
    Note(comparison, {where.link, where.direction, where.rule, where.unit, text(was), text(is)});
  }
}

DecisionComparison CompareLive(const std::vector<FaultDecision>& recorded, const std::vector<FaultDecision>& repeated) {
  DecisionComparison comparison;
  comparison.recorded = recorded.size();
  comparison.repeated = repeated.size();
  comparison.by_arrival =
      static_cast<std::uint64_t>(std::ranges::count_if(recorded, [](const FaultDecision& each) { return IsByArrival(each.rule); }));
  const auto was = ByRule(recorded);
  const auto is = ByRule(repeated);
  const Units none;
  for (const auto& [rule, units] : was) {
    const auto found = is.find(rule);
    if (found == is.end()) ++comparison.unmatched;
    CompareRule(rule, units, found == is.end() ? none : found->second, comparison);
  }
  for (const auto& [rule, units] : is) {
    if (!was.contains(rule)) comparison.beyond += units.size();
  }
  return comparison;
}

}  // namespace entente::harness
