// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/timeline.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/exercise/quantity.h"

namespace entente::harness {
namespace {

// Ends before starts, so that a fault may follow another on the same link at the same moment; injects see the link as it is then.
int Rank(TimelineKind kind) {
  switch (kind) {
    case TimelineKind::kFaultEnd:
      return 0;
    case TimelineKind::kFaultStart:
      return 1;
    case TimelineKind::kInject:
      break;
  }
  return 2;
}

std::string ConditionsText(const v1::LinkConditions& conditions) {
  std::vector<std::string> parts;
  if (conditions.latency_ns() != 0) parts.push_back("latency " + DurationText(Duration(conditions.latency_ns())));
  if (conditions.jitter_ns() != 0) parts.push_back("jitter " + DurationText(Duration(conditions.jitter_ns())));
  if (conditions.loss() != 0) parts.push_back(fmt::format("loss {:g} %", conditions.loss() * 100));
  if (conditions.rate_bps() != 0) parts.push_back("rate " + BitRateText(conditions.rate_bps()));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

void Timeline::Insert(const TimelineItem& item) {
  const auto key = [](const TimelineItem& each) { return std::pair(each.at, Rank(each.kind)); };
  items_.insert(std::ranges::upper_bound(items_, key(item), {}, key), item);
}

Timeline::Timeline(const v1::Exercise& exercise) {
  const Duration end(exercise.duration_ns());
  for (const v1::FaultPlan& fault : exercise.faults()) {
    const Duration at(fault.at_ns());
    // A run that was made shorter than its file has no room for later items, and ends the others' faults with it.
    if (at >= end) continue;
    Insert({at, TimelineKind::kFaultStart, nullptr, &fault});
    Insert({std::min(at + Duration(fault.lease_ns()), end), TimelineKind::kFaultEnd, nullptr, &fault});
  }
  for (const v1::Inject& inject : exercise.injects()) {
    if (Duration(inject.at_ns()) < end) Insert({Duration(inject.at_ns()), TimelineKind::kInject, &inject, nullptr});
  }
}

std::optional<Duration> Timeline::NextDue() const {
  return next_ < items_.size() ? std::optional(items_[next_].at) : std::nullopt;
}

std::vector<TimelineItem> Timeline::TakeDue(Duration exercise_time) {
  std::vector<TimelineItem> due;
  while (next_ < items_.size() && items_[next_].at <= exercise_time) due.push_back(items_[next_++]);
  return due;
}

std::string_view FaultKindName(const v1::FaultPlan& fault) {
  if (fault.has_outage()) return "outage";
  return fault.has_damage() ? "damage" : "conditions";
}

std::string FaultParameters(const v1::FaultPlan& fault) {
  if (fault.has_outage()) return fault.outage().refuse() ? "refuse" : "silent";
  if (fault.has_conditions()) return ConditionsText(fault.conditions());
  const std::string rules =
      fault.damage().rules().empty() ? "all rules" : fmt::format("{}", fmt::join(fault.damage().rules(), ", "));
  return fmt::format("{}, {:g} % of units", rules, fault.damage().share() * 100);
}

}  // namespace entente::harness
