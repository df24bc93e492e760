// SPDX-License-Identifier: Apache-2.0
#include "harness/run/message_faults.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/node_id.h"
#include "harness/exercise/impairments.h"
#include "harness/exercise/label_text.h"
#include "harness/exercise/words.h"
#include "proto/message_id.h"

namespace entente::harness {
namespace {

// Originators and precedences that one fault keeps apart; past it, what is known is found anew from the message's number.
constexpr std::size_t kStreams = 4096;

template <typename List, typename Value>
bool EmptyOrHas(const List& list, const Value& value) {
  return list.empty() || std::ranges::find(list, value) != list.end();
}

bool IsMember(const google::protobuf::RepeatedPtrField<std::string>& members, const std::string& node) {
  return std::ranges::find(members, node) != members.end() || std::ranges::find(members, NationOf(node)) != members.end();
}

bool ReleasableToAny(const v1::Label& label, const google::protobuf::RepeatedPtrField<std::string>& wanted) {
  if (wanted.empty()) return true;
  return std::ranges::any_of(label.categories(), [&](const v1::LabelCategory& category) {
    return category.tag() == kReleasableTo && std::ranges::find_first_of(category.values(), wanted) != category.values().end();
  });
}

// A node named itself goes before its nation.
int GroupOf(const v1::Partition& partition, std::string_view name) {
  for (int i = 0; i < partition.groups_size(); ++i) {
    const auto& members = partition.groups(i).members();
    if (std::ranges::find(members, name) != members.end()) return i;
  }
  const std::string_view nation = NationOf(name);
  return nation == name ? -1 : GroupOf(partition, nation);
}

LinkDirection LinkDirectionOf(v1::Direction direction) {
  return direction == v1::DIRECTION_TO_NODE ? LinkDirection::kToNode : LinkDirection::kToGateway;
}

// Empty: it passes as it came.
std::string WhatOf(const gateway::MessageFate& fate) {
  if (!fate.lost_because.empty()) return fate.lost_because;
  if (fate.delay > Duration{0}) return fmt::format("late by {:g} ms", ToSeconds(fate.delay) * 1e3);
  return fate.copies > 0 ? "doubled" : "";
}

}  // namespace

Status MessageFaults::StartFault(const v1::FaultPlan& fault, Now now) {
  if (!fault.has_partition() && !fault.has_messages()) return {};
  auto chain = ChainOf(fault.messages().impairments(), fault.id());
  if (!chain) return std::unexpected(chain.error());
  EndFault(fault.id());
  active_.push_back({fault, *std::move(chain), now.instant, {}});
  return {};
}

void MessageFaults::EndFault(std::string_view id) {
  std::erase_if(active_, [&](const Active& active) { return active.fault.id() == id; });
}

gateway::MessageFate MessageFaults::Decide(const v1::Envelope& message, v1::Direction direction, Now now) {
  const v1::MessageId& id = message.id();
  const bool up = direction == v1::DIRECTION_TO_GATEWAY;
  const Passing passing{message, direction, up ? ingested_[static_cast<std::size_t>(id.precedence())]++ : id.sequence(), now};
  gateway::MessageFate fate;
  for (Active& active : active_) {
    if (active.fault.has_messages()) {
      if (Selects(active.fault, passing)) Impair(active, passing, fate);
    } else if (Parts(active.fault.partition(), passing)) {
      const std::string rule = active.fault.id() + "/partition";
      Tell(passing, {LinkDirectionOf(direction), rule, passing.number, DecisionKind::kLost});
      fate.lost_because = "lost by " + rule;
    }
  }
  return fate;
}

bool MessageFaults::Selects(const v1::FaultPlan& fault, const Passing& passing) const {
  const v1::MessageFault& selection = fault.messages();
  const v1::Envelope& message = passing.message;
  return (fault.node().empty() || fault.node() == config_.node) &&
         (fault.direction() == v1::DIRECTION_UNSPECIFIED || fault.direction() == passing.direction) &&
         EmptyOrHas(selection.families(), message.family()) && EmptyOrHas(selection.precedences(), message.id().precedence()) &&
         EmptyOrHas(selection.protocols(), config_.protocol) &&
         EmptyOrHas(selection.classifications(), message.label().classification()) &&
         (selection.from().empty() || IsMember(selection.from(), message.id().origin())) &&
         ReleasableToAny(message.label(), selection.releasable_to());
}

bool MessageFaults::Parts(const v1::Partition& partition, const Passing& passing) const {
  if (passing.direction != v1::DIRECTION_TO_NODE) return false;
  const int from = GroupOf(partition, passing.message.id().origin());
  const int to = GroupOf(partition, config_.node);
  return from >= 0 && to >= 0 && from != to;
}

void MessageFaults::Impair(Active& active, const Passing& passing, gateway::MessageFate& fate) {
  Passage passage{.unit = passing.number, .octets = passing.message.ByteSizeLong(), .arrived = passing.now.instant};
  passage.parcels.push_back({0, {}, passing.now.instant});
  for (const auto& impairment : StreamOf(active, passing)) {
    if (impairment->GateAt(passing.now.instant).gate != Gate::kOpen) {
      passage.parcels.clear();
      passage.decisions.push_back({LinkDirectionOf(passing.direction), impairment->rule(), passing.number, DecisionKind::kLost});
    }
    impairment->Apply(passage);
  }
  for (const Decision& decision : passage.decisions) {
    Tell(passing, decision);
    if (decision.kind == DecisionKind::kLost) fate.lost_because = "lost by " + decision.rule;
  }
  if (passage.parcels.empty()) return;
  fate.delay += passage.parcels.front().due - passing.now.instant;
  fate.copies += passage.parcels.size() - 1;
}

std::vector<std::unique_ptr<Impairment>>& MessageFaults::StreamOf(Active& active, const Passing& passing) {
  const LinkDirection direction = LinkDirectionOf(passing.direction);
  const v1::MessageId& id = passing.message.id();
  LinkStream stream{config_.node + ' ' + id.origin() + ' ' + std::string(PrecedenceName(id.precedence())), direction,
                    LinkCarrier::kDatagram, config_.seed};
  const std::string key = std::string(DirectionName(direction)) + ' ' + stream.link;
  if (active.streams.size() >= kStreams && !active.streams.contains(key)) active.streams.clear();
  auto& impairments = active.streams[key];
  if (impairments.empty()) {
    for (const ImpairmentSpec& spec : active.chain) {
      impairments.push_back(spec.kind->make({spec.settings, stream, spec.rule, active.since}));
    }
  }
  return impairments;
}

void MessageFaults::Tell(const Passing& passing, const Decision& decision) const {
  v1::RecordEvent event;
  v1::MessageImpaired& impaired = *event.mutable_message_impaired();
  impaired.set_node(config_.node);
  impaired.set_direction(passing.direction);
  *impaired.mutable_id() = passing.message.id();
  impaired.set_rule(decision.rule);
  impaired.set_unit(decision.unit);
  impaired.set_decision(std::string(DecisionName(decision.kind)));
  impaired.set_delay_ns(decision.delay.count());
  record_(std::move(event), passing.now);
}

std::vector<v1::Envelope> MessageFaults::MessagesFor(const v1::FaultPlan& fault) const {
  v1::Envelope message;
  message.mutable_id()->set_origin(config_.node);
  message.mutable_id()->set_precedence(v1::PRECEDENCE_ROUTINE);
  message.mutable_id()->set_sequence(1);
  message.set_family(v1::FAMILY_TRACK);
  std::vector<v1::Envelope> messages;
  for (const v1::PartitionGroup& group : fault.partition().groups()) {
    message.mutable_id()->set_origin(group.members(0));
    messages.push_back(message);
  }
  if (fault.has_partition()) return messages;
  const v1::MessageFault& selection = fault.messages();
  if (!selection.from().empty()) message.mutable_id()->set_origin(selection.from(0));
  if (!selection.families().empty()) message.set_family(selection.families(0));
  if (!selection.precedences().empty()) message.mutable_id()->set_precedence(selection.precedences(0));
  if (!selection.classifications().empty()) message.mutable_label()->set_classification(selection.classifications(0));
  if (!selection.releasable_to().empty()) {
    v1::LabelCategory& category = *message.mutable_label()->add_categories();
    category.set_tag(std::string(kReleasableTo));
    category.add_values(selection.releasable_to(0));
  }
  return {message};
}

MessageProbe MessageFaults::Probe(const v1::FaultPlan& fault, Now now) const {
  MessageFaults twin(config_, [](const v1::RecordEvent&, Now) {});
  for (const Active& active : active_) twin.active_.push_back({active.fault, active.chain, active.since, {}});
  MessageProbe probe;
  for (const v1::Envelope& message : MessagesFor(fault)) {
    for (const auto direction : {v1::DIRECTION_TO_GATEWAY, v1::DIRECTION_TO_NODE}) {
      const Passing passing{message, direction, 1, now};
      if (fault.has_partition() ? !Parts(fault.partition(), passing) : !Selects(fault, passing)) continue;
      ++probe.sent;
      const gateway::MessageFate fate = twin.Decide(message, direction, now);
      const std::string what = WhatOf(fate);
      if (what.empty() || !probe.met.empty()) continue;
      probe.met = fmt::format("a {} of {} {}: {}", WordOf(*google::protobuf::GetEnumDescriptor<v1::Family>(), message.family()),
                              message.id().origin(), direction == v1::DIRECTION_TO_NODE ? "to node" : "to gateway", what);
    }
  }
  return probe;
}

}  // namespace entente::harness
