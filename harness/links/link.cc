// SPDX-License-Identifier: Apache-2.0
#include "harness/links/link.h"

#include <algorithm>

#include "base/invariant.h"

namespace entente::harness {
namespace {

bool ActsOn(const LinkFault& fault, LinkDirection direction) {
  return !fault.direction || *fault.direction == direction;
}

std::optional<Instant> Earlier(std::optional<Instant> a, std::optional<Instant> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

Link::Link(std::string name, LinkCarrier carrier, std::uint64_t seed, const Conditions& conditions, std::size_t limit_octets)
    : name_(std::move(name)),
      carrier_(carrier),
      conditions_(conditions),
      to_gateway_({name_, LinkDirection::kToGateway, carrier, seed, limit_octets}),
      to_node_({name_, LinkDirection::kToNode, carrier, seed, limit_octets}) {
  to_gateway_.SetConditions(conditions_);
  to_node_.SetConditions(conditions_);
}

void Link::StartFault(LinkFault fault, Instant now) {
  ENTENTE_INVARIANT(fault.lease > Duration{0});
  std::erase_if(faults_, [&](const ActiveFault& active) { return active.fault.id == fault.id; });
  const Instant ends = leases_paused_at_.value_or(now) + fault.lease;
  faults_.push_back({std::move(fault), ends});
  Apply(now);
}

bool Link::EndFault(std::string_view id, Instant now) {
  const auto ended = std::erase_if(faults_, [&](const ActiveFault& active) { return active.fault.id == id; });
  if (ended > 0) Apply(now);
  return ended > 0;
}

std::vector<std::string> Link::ClearAll(Instant now) {
  std::vector<std::string> ended = active_faults();
  faults_.clear();
  Apply(now);
  ENTENTE_INVARIANT(restored());
  return ended;
}

std::vector<std::string> Link::active_faults() const {
  std::vector<std::string> ids;
  ids.reserve(faults_.size());
  for (const ActiveFault& active : faults_) ids.push_back(active.fault.id);
  return ids;
}

bool Link::refuses() const {
  return std::ranges::any_of(faults_, [](const ActiveFault& active) { return active.fault.outage && active.fault.refuse; });
}

bool Link::restored() const {
  return faults_.empty() && !to_gateway_.cut() && !to_node_.cut() && to_gateway_.conditions() == conditions_ &&
         to_node_.conditions() == conditions_;
}

void Link::Apply(Instant now) {
  for (Channel* channel : {&to_gateway_, &to_node_}) {
    const LinkDirection direction = channel == &to_gateway_ ? LinkDirection::kToGateway : LinkDirection::kToNode;
    Conditions conditions = conditions_;
    bool cut = false;
    for (const ActiveFault& active : faults_) {
      if (!ActsOn(active.fault, direction)) continue;
      conditions = Overlay(conditions, active.fault.conditions);
      cut = cut || active.fault.outage;
    }
    channel->SetConditions(conditions);
    if (cut != channel->cut()) channel->SetCut(cut, now);
  }
}

void Link::PauseLeases(Instant now) {
  if (!leases_paused_at_) leases_paused_at_ = now;
}

void Link::ResumeLeases(Instant now) {
  if (!leases_paused_at_) return;
  for (ActiveFault& active : faults_) active.ends += now - *leases_paused_at_;
  leases_paused_at_.reset();
}

std::optional<Instant> Link::NextLeaseEnd() const {
  std::optional<Instant> next;
  if (leases_paused_at_) return next;
  for (const ActiveFault& active : faults_) next = Earlier(next, active.ends);
  return next;
}

std::optional<Instant> Link::NextDeadline() const {
  return Earlier(NextLeaseEnd(), Earlier(to_gateway_.NextDue(), to_node_.NextDue()));
}

std::vector<std::string> Link::OnDeadline(Instant now) {
  std::vector<std::string> ended;
  if (leases_paused_at_) return ended;
  for (const ActiveFault& active : faults_) {
    if (active.ends <= now) ended.push_back(active.fault.id);
  }
  for (const std::string& id : ended) EndFault(id, now);
  return ended;
}

std::vector<Decision> Link::TakeDecisions() {
  std::vector<Decision> decisions = to_gateway_.TakeDecisions();
  for (Decision& decision : to_node_.TakeDecisions()) decisions.push_back(decision);
  return decisions;
}

void Link::Reset() {
  to_gateway_.Reset();
  to_node_.Reset();
}

}  // namespace entente::harness
