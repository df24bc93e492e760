// SPDX-License-Identifier: Apache-2.0
// Events of the exercise, its nodes, faults and links.
#include <fmt/format.h>

#include <algorithm>

#include "harness/assessment/fold_state.h"
#include "proto/value_name.h"

namespace entente::harness {
NodeIndex FoldState::NodeOf(std::string_view node) {
  const NodeIndex index = plan_.FindOrAdd(node);
  if (index == kNoNode) happenings_.AddHarnessFault(fmt::format("the record names more than {} nodes", RunPlan::kNodes));
  return index;
}

void FoldState::SetForm(NodeIndex node, std::string_view form) {
  if (form.empty() || form == plan_.node(node).form) return;
  plan_.SetForm(node, form);
  releases_.clear();  // another form may have no place for a label
}

LinkSummary& FoldState::Link(NodeIndex node, v1::Direction direction) {
  const auto [link, fresh] = happenings_.links.try_emplace({node, direction});
  if (fresh) {
    link->second.node = plan_.node(node).name();
    link->second.direction = direction;
  }
  return link->second;
}

void FoldState::On(const v1::RunStarted& event, Ns) {
  run_ = event;
  run_.clear_plan();
  run_.clear_exercise_file();
  figures_.exercise = event.exercise();
  if (!plan_.Load(event)) happenings_.AddHarnessFault("the plan in RunStarted cannot be read");
  for (const PlannedNode& node : plan_.nodes()) figures_.nodes[node.name()].protocol = node.plan.protocol();
}

void FoldState::On(const v1::ExerciseStateChanged& event, Ns at) {
  figures_.state = event.state();
  if (happenings_.states.size() < Happenings::kRemembered) {
    happenings_.states.push_back({"", ValueName(event.state()), event.reason(), at});
  }
  auto& pauses = happenings_.pauses;
  if (!pauses.empty() && pauses.back().second == 0) pauses.back().second = at;
  switch (event.state()) {
    case v1::EXERCISE_STATE_RUNNING:
      happenings_.started = true;
      if (happenings_.startex_ns == 0) happenings_.startex_ns = figures_.startex_utc_ns = at;
      break;
    case v1::EXERCISE_STATE_PAUSED:
      pauses.emplace_back(at, 0);
      break;
    case v1::EXERCISE_STATE_ABORTED:
      happenings_.aborted = true;
      happenings_.abort_reason = event.reason();
      happenings_.endex_ns = at;
      break;
    case v1::EXERCISE_STATE_ENDED:
      happenings_.endex_ns = at;
      break;
    default:
      break;
  }
}

void FoldState::On(const v1::NodeStateChanged& event, Ns at) {
  const NodeIndex node = NodeOf(event.node());
  if (node == kNoNode) return;
  figures_.nodes[event.node()].state = event.state();
  SetForm(node, event.form());
  auto& changes = happenings_.node_changes[node];
  if (changes.size() < Happenings::kRemembered) changes.push_back({at, event.state(), event.side(), texts_.Intern(event.reason())});
  if (event.side() != v1::SIDE_NODE && happenings_.states.size() < Happenings::kRemembered) {
    happenings_.states.push_back({event.node(), ValueName(event.state()), event.reason(), at});
  }
}

void FoldState::On(const v1::InjectFired& event, Ns at) {
  ++figures_.injects_fired;
  if (happenings_.injects.size() < Happenings::kRemembered) {
    happenings_.injects.push_back({event.inject(), event.node(), event.text(), at});
  }
}

void FoldState::On(const v1::ProcessFault& event, Ns) {
  ++figures_.process_faults;
  happenings_.AddHarnessFault(fmt::format("{}: {}", event.component(), event.text()));
}

void FoldState::On(const v1::RunEnded& event, Ns) {
  happenings_.ended = true;
  happenings_.end_reason = event.reason();
}

void FoldState::On(const v1::NodeAttached& event, Ns at) {
  clocks_.On(event);
  const NodeIndex node = NodeOf(event.node());
  if (node != kNoNode) happenings_.attachments[node].push_back({at, true});
}

void FoldState::On(const v1::NodeDetached& event, Ns at) {
  const NodeIndex node = NodeOf(event.node());
  if (node != kNoNode) happenings_.attachments[node].push_back({at, false});
}

void FoldState::On(const v1::FaultStarted& event, Ns at) {
  ++figures_.faults_started;
  ++figures_.faults_active[event.kind()];
  if (happenings_.faults.size() < Happenings::kRemembered) {
    happenings_.faults.push_back({event.fault(), event.target(), event.kind(), event.parameters(), at, 0, {}});
  }
}

void FoldState::On(const v1::FaultEnded& event, Ns at) {
  const auto fault = std::ranges::find_if(
      happenings_.faults, [&](const FaultSummary& started) { return started.fault == event.fault() && started.ended_ns == 0; });
  if (fault == happenings_.faults.end()) return;
  fault->ended_ns = at;
  fault->ended_because = event.reason();
  --figures_.faults_active[fault->kind];
}

void FoldState::On(const v1::LinkDecision& event, Ns at) {
  constexpr std::string_view kBackbone = "backbone ";
  const bool backbone = event.link().starts_with(kBackbone);
  const NodeIndex node = NodeOf(backbone ? event.link().substr(kBackbone.size()) : event.link());
  if (node == kNoNode) return;
  ++figures_.link_decisions[{event.link(), event.direction(), ReasonCode(event.decision())}];
  // What the bus's own streams meet is no loss of a message: they bring it again.
  if (backbone) return;
  LinkSummary& link = Link(node, event.direction());
  if (event.decision() == "delayed") {
    ++link.delayed;
  } else if (event.decision() == "held") {
    ++link.held;
  } else if (event.decision() == "lost") {
    ++link.lost;
    auto& losses = happenings_.losses[{node, event.direction()}];
    if (losses.size() < Happenings::kRemembered) losses.push_back({at, texts_.Intern(event.rule())});
  }
}

// The fate of a message that was lost so is said by the event of its egress or refusal.
void FoldState::On(const v1::MessageImpaired& event, Ns) {
  if (NodeOf(event.node()) == kNoNode) return;
  ++figures_.link_decisions[{event.node(), event.direction(), ReasonCode(event.decision())}];
}

void FoldState::On(const v1::UnitDamaged& event, Ns at) {
  const NodeIndex node = NodeOf(event.node());
  if (node == kNoNode) return;
  ++Link(node, event.direction()).units_damaged;
  ++figures_.units_damaged[{event.node(), event.direction(), ReasonCode(event.expected())}];
  const TextId rule = texts_.Intern(event.rule());
  const UnitId after(node, event.direction(), event.damaged_hash());
  const UnitId before(node, event.direction(), event.unit_hash());
  const auto unit = chain_.Damage(before, after, rule);
  happenings_.first_damage_ns.try_emplace({node, event.direction()}, at);
  if (unit) {
    Message& message = book_.at(unit->message);
    (event.direction() == v1::DIRECTION_TO_NODE ? message.At(node).damage : message.damage) = rule;
  }
  if (happenings_.damaged.size() < Happenings::kRemembered) {
    happenings_.damaged.push_back({at, node, event.direction(), rule, texts_.Intern(event.clause()), texts_.Intern(event.fault()),
                                   texts_.Intern(event.expected()), unit ? unit->message : kNoMessage, before, after});
  }
}

void FoldState::MarkDamaged(const UnitId& unit, bool refused) {
  // Damaged units are few and are met soon after they were damaged: the search goes from the newest.
  for (auto damaged = happenings_.damaged.rbegin(); damaged != happenings_.damaged.rend(); ++damaged) {
    if (!(damaged->unit == unit) || damaged->refused || damaged->understood) continue;
    (refused ? damaged->refused : damaged->understood) = true;
    return;
  }
}

// A unit that nobody is known to have sent: of a recording, or what is left of the last damaged one where the receiver found other
// ends of units in it than the sender. Right units are not refused, and what follows a right unit within its octets may be passed
// over.
void FoldState::MarkRemains(const UnitId& unit, bool refused) {
  if (Link(unit.node, unit.direction).units_damaged == 0) return;
  for (auto damaged = happenings_.damaged.rbegin(); damaged != happenings_.damaged.rend(); ++damaged) {
    if (damaged->node != unit.node || damaged->direction != unit.direction) continue;
    const bool is_it = refused || unit == damaged->unit || unit == damaged->before;
    if (is_it && !damaged->refused && !damaged->understood) (refused ? damaged->refused : damaged->understood) = true;
    return;
  }
}

}  // namespace entente::harness
