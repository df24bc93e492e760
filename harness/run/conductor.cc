// SPDX-License-Identifier: Apache-2.0
#include "harness/run/conductor.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/invariant.h"

namespace entente::harness {
namespace {

v1::RecordEvent EventAt(Now now) {
  v1::RecordEvent event;
  event.set_utc_ns(ToNanoseconds(now.utc));
  return event;
}

std::string TargetOf(const v1::FaultPlan& fault) {
  if (fault.has_partition()) return "messages of all nodes";
  if (fault.has_messages() && fault.node().empty()) return "messages of all links";
  const bool backbone = fault.link() == v1::LINK_KIND_BACKBONE;
  const std::string link = (backbone ? "backbone " : "link ") + fault.node();
  switch (fault.direction()) {
    case v1::DIRECTION_TO_GATEWAY:
      return link + (backbone ? " to broker" : " to gateway");
    case v1::DIRECTION_TO_NODE:
      return link + (backbone ? " to gateway" : " to node");
    default:
      return link + " both ways";
  }
}

}  // namespace

Conductor::Conductor(const v1::Exercise& exercise, Stage& stage, EventSink record)
    : exercise_(exercise), stage_(stage), record_(std::move(record)), timeline_(exercise) {}

void Conductor::Ready(Now now) {
  ENTENTE_INVARIANT(clock_.Ready().has_value());
  RecordState("", now);
}

void Conductor::StartEx(Now now) {
  ENTENTE_INVARIANT(clock_.Start(now.instant).has_value());
  RecordState("STARTEX", now);
  stage_.SetRunning(true, now);
}

void Conductor::PauseEx(Now now) {
  if (!clock_.Pause(now.instant)) return;
  stage_.SetRunning(false, now);
  RecordState("PAUSEX", now);
}

void Conductor::ResumeEx(Now now) {
  if (!clock_.Resume(now.instant)) return;
  RecordState("RESUMEX", now);
  stage_.SetRunning(true, now);
}

void Conductor::EndEx(std::string_view reason, bool aborted, Now now) {
  if (ended()) return;
  stage_.SetRunning(false, now);
  for (const v1::FaultPlan* fault : std::vector(active_faults_.begin(), active_faults_.end())) FinishFault(*fault, "ENDEX", now);
  const Status ended = aborted ? clock_.Abort(now.instant) : clock_.End(now.instant);
  ENTENTE_INVARIANT(ended.has_value());
  RecordState(reason, now);
}

const v1::FaultPlan& Conductor::AddFault(v1::FaultPlan fault, Now now) {
  fault.set_at_ns(std::max<std::int64_t>(fault.at_ns(), clock_.Elapsed(now.instant).count()));
  const v1::FaultPlan& added = added_faults_.emplace_back(std::move(fault));
  timeline_.Add(added);
  OnDeadline(now);
  return added;
}

const v1::Inject& Conductor::AddInject(v1::Inject inject, Now now) {
  inject.set_at_ns(clock_.Elapsed(now.instant).count());
  const v1::Inject& added = added_injects_.emplace_back(std::move(inject));
  timeline_.Add(added);
  OnDeadline(now);
  return added;
}

bool Conductor::FireNow(std::string_view inject, Now now) {
  const auto found =
      std::ranges::find(exercise_.injects(), inject, [](const v1::Inject& each) -> std::string_view { return each.id(); });
  if (found == exercise_.injects().end() || !timeline_.Cancel(*found)) return false;
  FireInject(*found, now);
  return true;
}

bool Conductor::AwaitsInject(std::string_view id) const {
  return std::ranges::any_of(exercise_.injects(),
                             [&](const v1::Inject& each) { return each.id() == id && timeline_.Awaits(each); });
}

bool Conductor::KnowsInject(std::string_view id) const {
  const auto is_it = [&](const v1::Inject& each) { return each.id() == id; };
  return std::ranges::any_of(exercise_.injects(), is_it) || std::ranges::any_of(added_injects_, is_it);
}

bool Conductor::ClearFault(std::string_view id, Now now) {
  for (const FaultStanding& fault : Faults()) {
    if (fault.plan->id() != id || fault.phase == FaultStanding::Phase::kOver) continue;
    if (fault.phase == FaultStanding::Phase::kActive) {
      FinishFault(*fault.plan, "cleared", now);
    } else {
      timeline_.Cancel(*fault.plan);
      past_faults_.insert(fault.plan);
    }
    return true;
  }
  return false;
}

std::vector<FaultStanding> Conductor::Faults() const {
  std::vector<FaultStanding> faults;
  const auto add = [&](const v1::FaultPlan& plan, bool added) {
    const auto phase = active_faults_.contains(&plan) ? FaultStanding::Phase::kActive
                       : past_faults_.contains(&plan) ? FaultStanding::Phase::kOver
                                                      : FaultStanding::Phase::kPlanned;
    faults.push_back({&plan, phase, added});
  };
  for (const v1::FaultPlan& plan : exercise_.faults()) add(plan, false);
  for (const v1::FaultPlan& plan : added_faults_) add(plan, true);
  return faults;
}

std::optional<Instant> Conductor::NextDeadline() const {
  if (!clock_.running()) return std::nullopt;
  const Duration end(exercise_.duration_ns());
  return clock_.InstantOf(std::min(timeline_.NextDue().value_or(end), end));
}

void Conductor::OnDeadline(Now now) {
  if (!clock_.running()) return;
  const Duration elapsed = clock_.Elapsed(now.instant);
  for (const TimelineItem& item : timeline_.TakeDue(elapsed)) Carry(item, now);
  if (elapsed >= Duration(exercise_.duration_ns())) EndEx("ENDEX", false, now);
}

bool Conductor::ended() const {
  return clock_.state() == v1::EXERCISE_STATE_ENDED || clock_.state() == v1::EXERCISE_STATE_ABORTED;
}

std::set<std::string> Conductor::ActiveFaults() const {
  std::set<std::string> ids;
  for (const v1::FaultPlan* fault : active_faults_) ids.insert(fault->id());
  return ids;
}

void Conductor::RecordState(std::string_view reason, Now now) {
  v1::RecordEvent event = EventAt(now);
  event.mutable_exercise_state_changed()->set_state(clock_.state());
  event.mutable_exercise_state_changed()->set_reason(std::string(reason));
  record_(std::move(event));
}

void Conductor::Carry(const TimelineItem& item, Now now) {
  switch (item.kind) {
    case TimelineKind::kInject:
      return FireInject(*item.inject, now);
    case TimelineKind::kFaultStart:
      return BeginFault(*item.fault, now);
    case TimelineKind::kFaultEnd:
      return FinishFault(*item.fault, "lease", now);
  }
}

void Conductor::FireInject(const v1::Inject& inject, Now now) {
  v1::RecordEvent event = EventAt(now);
  event.mutable_inject_fired()->set_inject(inject.id());
  event.mutable_inject_fired()->set_node(inject.node());
  event.mutable_inject_fired()->set_text(inject.text());
  record_(std::move(event));
  stage_.Fire(inject, now);
}

void Conductor::BeginFault(const v1::FaultPlan& fault, Now now) {
  if (!active_faults_.insert(&fault).second) return;
  v1::RecordEvent event = EventAt(now);
  auto& started = *event.mutable_fault_started();
  started.set_fault(fault.id());
  started.set_target(TargetOf(fault));
  started.set_kind(std::string(FaultKindName(fault)));
  started.set_parameters(FaultParameters(fault));
  started.set_lease_ends_ns(ToNanoseconds(now.utc) + fault.lease_ns());
  record_(std::move(event));
  stage_.StartFault(fault, now);
}

void Conductor::FinishFault(const v1::FaultPlan& fault, std::string_view reason, Now now) {
  if (active_faults_.erase(&fault) == 0) return;
  past_faults_.insert(&fault);
  std::string probe = stage_.EndFault(fault, now);
  v1::RecordEvent event = EventAt(now);
  event.mutable_fault_ended()->set_fault(fault.id());
  event.mutable_fault_ended()->set_reason(std::string(reason));
  event.mutable_fault_ended()->set_probe(std::move(probe));
  record_(std::move(event));
}

}  // namespace entente::harness
