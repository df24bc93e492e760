// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/sequel.h"

#include <fmt/format.h>

#include <algorithm>

namespace entente::harness {

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

void SequelBook::Add(const Pair& pair) {
  if (!CanArrive(pair.fate) || pair.on_purpose) return;
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

void SequelBook::Close() {
  for (auto& [side, messages] : right_) std::ranges::stable_sort(messages, {}, &Right::said_ns);
}

SequelBook::After SequelBook::Of(const DamagedUnit& damage, std::int64_t within_ns) const {
  const auto found = right_.find({damage.node, damage.direction});
  if (found == right_.end()) return {};
  const auto next = std::ranges::upper_bound(found->second, damage.at_ns, {}, &Right::said_ns);
  if (next == found->second.end() || !next->observable) return {};
  if (!next->understood_ns) return {Sequel::kNotUnderstood, next->message, 0};
  const std::int64_t took_ns = state_.happenings().ExerciseTimeNs(next->said_ns, *next->understood_ns);
  return {within_ns == 0 || took_ns <= within_ns ? Sequel::kUnderstood : Sequel::kLate, next->message, took_ns};
}

std::vector<std::string> DisturbedOthers(const FoldState& state, std::int64_t from_ns, std::int64_t to_ns) {
  const Happenings& happenings = state.happenings();
  std::vector<std::string> disturbed;
  for (const auto& [node, changes] : happenings.node_changes) {
    if (std::ranges::find(happenings.damaged, node, &DamagedUnit::node) != happenings.damaged.end()) continue;
    const bool faulted = std::ranges::any_of(
        happenings.faults, [&, index = node](const FaultSummary& fault) { return NodeOfFault(fault, state.plan()) == index; });
    const auto broke = std::ranges::find_if(changes, [&](const NodeChange& change) {
      return change.state == v1::NODE_STATE_LOST && change.at_ns >= from_ns && change.at_ns <= to_ns;
    });
    if (broke == changes.end() || faulted) continue;
    disturbed.push_back(fmt::format("{} was disturbed: {}", state.plan().node(node).name(), state.texts().At(broke->reason)));
  }
  return disturbed;
}

}  // namespace entente::harness
