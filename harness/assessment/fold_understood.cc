// SPDX-License-Identifier: Apache-2.0
// What receivers understood: related to what was sent, measured against the truth, and checked for leaks.
#include <fmt/format.h>

#include "harness/assessment/fold_state.h"

namespace entente::harness {

void FoldState::On(const v1::MessageUnderstood& event, Ns /*at*/) {
  const NodeIndex node = NodeOf(event.node());
  if (node == kNoNode || TakeUnderstood(event, node, reading_)) return;
  early_receipts_.Keep(node, event, reading_);
}

// One that came before this, its sending. A damaged unit is understood by another hash than it was sent by.
void FoldState::TakeEarlyReceipt(const EgressedMessage& event, NodeIndex node, bool damaged) {
  const auto take = [&](const EarlyReceipt& each) { return TakeUnderstood(each.event, node, each.at); };
  if ((damaged || early_receipts_.any_without_units()) && early_receipts_.TakeFirst(node, damaged, take)) return;
  for (const std::string& hash : event.unit_hashes) {
    const auto early = early_receipts_.Take(UnitId(node, v1::DIRECTION_TO_NODE, hash));
    if (!early) continue;
    take(*early);
    return;
  }
}

// False when nothing is known yet that could have been understood.
bool FoldState::TakeUnderstood(const v1::MessageUnderstood& event, NodeIndex node, const ClockReading& at) {
  for (const std::string& hash : event.unit_hashes()) {
    const UnitId id(node, v1::DIRECTION_TO_NODE, hash);
    auto unit = chain_.Receive(id);
    const bool first = unit.has_value();
    if (!first) unit = chain_.Received(id);
    if (!unit) continue;
    if (first && unit->damage != kNoText) MarkDamaged(id, false);
    Understand(unit->message, node, event, at, unit->damage);
    return true;
  }
  if (!event.unit_hashes().empty() || event.understood().id().origin().empty()) return false;
  // An observation names the message itself.
  const NodeIndex origin = plan_.Find(event.understood().id().origin());
  const MessageIndex index = origin == kNoNode ? kNoMessage : book_.Find(origin, NumberOf(event.understood().id()));
  if (index == kNoMessage) return false;
  Understand(index, node, event, at, kNoText);
  return true;
}

void FoldState::Understand(MessageIndex index, NodeIndex node, const v1::MessageUnderstood& event, const ClockReading& at,
                           TextId damage) {
  if (!book_.Holds(index)) return;  // everybody had understood it: the same again
  Message& message = book_.at(index);
  CheckRelease(index, node, at.at_ns);
  const bool same_family = FamilyOf(event.understood()) == message.family;
  Delivery& delivery = message.At(node);
  if (delivery.understood && !(delivery.other_family && same_family)) return;  // again, or more of the same unit
  const bool first = !delivery.understood;
  delivery.understood = true;
  delivery.other_family = !same_family;
  delivery.understood_at = at;
  if (damage != kNoText) delivery.damage = damage;
  for (const v1::Finding& finding : event.findings()) {
    if (delivery.damage != kNoText || message.damage != kNoText) break;  // no finding: it was damaged on purpose
    happenings_.AddFinding(fmt::format("gateway to {}", event.node()), finding, NameOf(message, plan_));
  }
  if (first) {
    ++figures_.understood[{event.node(), message.family, message.precedence}];
    figures_.latency[message.precedence].Add(static_cast<double>(std::max<Ns>(at.at_ns - message.said_ns(), 0)) * 1e-9);
    Close(message, node, Fate::kUnderstood, {});
  }
  if (message.damage == kNoText && delivery.damage == kNoText) CompareWithTruth(index, node, event.understood(), !first);
  if (same_family) ReleaseTruthWhenClosed(index);
}

void FoldState::CompareWithTruth(MessageIndex index, NodeIndex node, const v1::Envelope& understood, bool upgraded) {
  Message& message = book_.at(index);
  if (message.truth.empty() || message.origin == kNoNode) return;
  const v1::Envelope* const truth = parsed_truths_.Of(index, message.truth);
  if (truth == nullptr) return;
  const Delivery* delivery = message.Find(node);
  const std::string lost = texts_.At(message.lost_fields) + texts_.At(delivery->lost_fields);
  const Translation translation{plan_.node(message.origin).capability, plan_.node(node).capability, message.family, lost};
  if (upgraded) fidelity_.TakeBackFamily(message, node, translation);
  if (fidelity_.Add(message, index, node, *truth, understood, translation) > 0) message.is_example = true;
}

TextId FoldState::WhyNotReleased(const Message& message, NodeIndex to) {
  const auto [known, fresh] = releases_.try_emplace({message.label, message.origin, to}, kNoText);
  if (!fresh) return known->second;
  const PlannedNode& recipient = plan_.node(to);
  const v1::Label label = LabelOf(message);
  auto why_not = oracle().WhyNot(label, recipient.nation);
  if (!why_not && recipient.capability != nullptr && !recipient.capability->capability.label_slot) {
    why_not = oracle().WhyNotUnlabelled(label, recipient.name());
  }
  if (why_not) known->second = texts_.Intern(*why_not);
  return known->second;
}

void FoldState::CheckRelease(MessageIndex index, NodeIndex to, Ns at) {
  Message& message = book_.at(index);
  if (message.origin == kNoNode || plan_.node(to).nation == plan_.node(message.origin).nation) return;
  const TextId why_not = WhyNotReleased(message, to);
  if (why_not == kNoText || message.At(to).leaked) return;
  message.At(to).leaked = true;
  ++figures_.leaks[{plan_.node(message.origin).nation, plan_.node(to).nation}];
  if (leaks_.size() < Happenings::kRemembered) leaks_.push_back({index, to, why_not, at});
}

}  // namespace entente::harness
