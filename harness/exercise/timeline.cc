// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/timeline.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/exercise/impairments.h"
#include "harness/exercise/quantity.h"
#include "harness/exercise/words.h"

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
  if (conditions.impairments_size() > 0) parts.push_back(ImpairmentsText(conditions.impairments()));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string DamageText(const v1::Damage& damage) {
  const std::string rules = damage.rules().empty() ? "all rules" : fmt::format("{}", fmt::join(damage.rules(), ", "));
  return fmt::format("{}, {:g} % of units", rules, damage.share() * 100);
}

// "DEU, NLD | FRA".
std::string PartitionText(const v1::Partition& partition) {
  std::vector<std::string> groups;
  for (const v1::PartitionGroup& group : partition.groups()) groups.push_back(fmt::format("{}", fmt::join(group.members(), ", ")));
  return fmt::format("{}", fmt::join(groups, " | "));
}

std::string MessagesText(const v1::MessageFault& fault) {
  std::vector<std::string> parts;
  const auto words = [&](const auto& descriptor, const auto& numbers) {
    for (const int number : numbers) parts.push_back(WordOf(*descriptor, number));
  };
  words(google::protobuf::GetEnumDescriptor<v1::Precedence>(), fault.precedences());
  words(google::protobuf::GetEnumDescriptor<v1::Family>(), fault.families());
  const auto texts = [&](std::string_view prefix, const auto& list) {
    if (!list.empty()) parts.push_back(fmt::format("{}{}", prefix, fmt::join(list, ", ")));
  };
  texts("from ", fault.from());
  texts("over ", fault.protocols());
  texts("", fault.classifications());
  texts("rel ", fault.releasable_to());
  const std::string selected = parts.empty() ? "all messages" : fmt::format("{}", fmt::join(parts, " "));
  return selected + ": " + ImpairmentsText(fault.impairments());
}

}  // namespace

void Timeline::Insert(const TimelineItem& item) {
  const auto key = [](const TimelineItem& each) { return std::pair(each.at, Rank(each.kind)); };
  const auto left = items_.begin() + static_cast<std::ptrdiff_t>(next_);
  items_.insert(std::ranges::upper_bound(left, items_.end(), key(item), {}, key), item);
}

Timeline::Timeline(const v1::Exercise& exercise) : end_(exercise.duration_ns()) {
  for (const v1::FaultPlan& fault : exercise.faults()) Add(fault);
  for (const v1::Inject& inject : exercise.injects()) Add(inject);
}

// A run that was made shorter than its file has no room for later items, and ends the others' faults with it.
void Timeline::Add(const v1::FaultPlan& fault) {
  const Duration at(fault.at_ns());
  if (at >= end_) return;
  Insert({at, TimelineKind::kFaultStart, nullptr, &fault});
  Insert({std::min(at + Duration(fault.lease_ns()), end_), TimelineKind::kFaultEnd, nullptr, &fault});
}

void Timeline::Add(const v1::Inject& inject) {
  if (Duration(inject.at_ns()) < end_) Insert({Duration(inject.at_ns()), TimelineKind::kInject, &inject, nullptr});
}

bool Timeline::Cancel(const v1::FaultPlan& fault) {
  const auto left = items_.begin() + static_cast<std::ptrdiff_t>(next_);
  const bool begins = std::any_of(
      left, items_.end(), [&](const TimelineItem& item) { return item.fault == &fault && item.kind == TimelineKind::kFaultStart; });
  if (begins)
    items_.erase(std::remove_if(left, items_.end(), [&](const TimelineItem& item) { return item.fault == &fault; }), items_.end());
  return begins;
}

bool Timeline::Awaits(const v1::Inject& inject) const {
  return std::any_of(items_.begin() + static_cast<std::ptrdiff_t>(next_), items_.end(),
                     [&](const TimelineItem& item) { return item.inject == &inject; });
}

bool Timeline::Cancel(const v1::Inject& inject) {
  const auto left = items_.begin() + static_cast<std::ptrdiff_t>(next_);
  const auto found = std::find_if(left, items_.end(), [&](const TimelineItem& item) { return item.inject == &inject; });
  if (found == items_.end()) return false;
  items_.erase(found);
  return true;
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
  switch (fault.kind_case()) {
    case v1::FaultPlan::kOutage:
      return "outage";
    case v1::FaultPlan::kDamage:
      return "damage";
    case v1::FaultPlan::kImpairments:
      return "impairments";
    case v1::FaultPlan::kPartition:
      return "partition";
    case v1::FaultPlan::kMessages:
      return "messages";
    case v1::FaultPlan::kConditions:
    case v1::FaultPlan::KIND_NOT_SET:
      break;
  }
  return "conditions";
}

std::string FaultParameters(const v1::FaultPlan& fault) {
  switch (fault.kind_case()) {
    case v1::FaultPlan::kOutage:
      return fault.outage().refuse() ? "refuse" : "silent";
    case v1::FaultPlan::kDamage:
      return DamageText(fault.damage());
    case v1::FaultPlan::kImpairments:
      return ImpairmentsText(fault.impairments().impairments());
    case v1::FaultPlan::kPartition:
      return PartitionText(fault.partition());
    case v1::FaultPlan::kMessages:
      return MessagesText(fault.messages());
    case v1::FaultPlan::kConditions:
    case v1::FaultPlan::KIND_NOT_SET:
      break;
  }
  return ConditionsText(fault.conditions());
}

}  // namespace entente::harness
