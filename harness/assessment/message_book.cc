// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/message_book.h"

#include <fmt/format.h>

#include <algorithm>

namespace entente::harness {

const Delivery* Message::Find(NodeIndex node) const {
  const auto found = std::ranges::find(deliveries, node, &Delivery::node);
  return found == deliveries.end() ? nullptr : &*found;
}

Delivery& Message::At(NodeIndex node) {
  const auto found = std::ranges::find(deliveries, node, &Delivery::node);
  return found == deliveries.end() ? deliveries.emplace_back(Delivery{.node = node}) : *found;
}

MessageNumber NumberOf(const v1::MessageId& id) {
  return {id.incarnation(), id.precedence(), id.sequence()};
}

MessageNumber NumberOf(const Message& message) {
  return {message.incarnation, message.precedence, message.sequence};
}

std::size_t MessageBook::KeyHash::operator()(const Key& key) const {
  constexpr std::uint64_t kOddMultiplier = 0x9E3779B97F4A7C15;
  std::uint64_t mixed = key.sequence ^ (std::uint64_t{key.origin} << 48) ^ (std::uint64_t{key.precedence} << 40);
  mixed = (mixed ^ key.incarnation * kOddMultiplier) * kOddMultiplier;
  return mixed ^ (mixed >> 32);
}

Message& MessageBook::at(MessageIndex index) {
  if (index >= first_recent_) return recent_[index - first_recent_];
  const auto kept = kept_.find(index);
  return kept != kept_.end() ? kept->second : settled_message_ = Message{};
}

const Message& MessageBook::at(MessageIndex index) const {
  static const Message kSettled;
  if (index >= first_recent_) return recent_[index - first_recent_];
  const auto kept = kept_.find(index);
  return kept != kept_.end() ? kept->second : kSettled;
}

void MessageBook::KeepOldest() {
  kept_.emplace_hint(kept_.end(), first_recent_, std::move(recent_.front()));
  recent_.pop_front();
  ++first_recent_;
}

void MessageBook::SettleOldest() {
  DropTruth(first_recent_);
  const Message& oldest = recent_.front();
  if (oldest.origin != kNoNode) {
    by_id_.erase(KeyFor(oldest.origin, NumberOf(oldest)));
    settled_ids_.Add({oldest.origin, oldest.incarnation, oldest.precedence}, oldest.sequence);
    ++settled_;
  }
  recent_.pop_front();
  ++first_recent_;
}

bool MessageBook::IsSettled(NodeIndex origin, const MessageNumber& number) const {
  return settled_ > 0 && settled_ids_.Contains({origin, number.incarnation, number.precedence}, number.sequence);
}

MessageBook::Key MessageBook::KeyFor(NodeIndex origin, const MessageNumber& number) {
  return {number.incarnation, number.sequence, origin, static_cast<std::uint8_t>(number.precedence)};
}

MessageIndex MessageBook::Find(NodeIndex origin, const MessageNumber& number) const {
  const auto found = by_id_.find(KeyFor(origin, number));
  return found == by_id_.end() ? kNoMessage : found->second;
}

void MessageBook::Name(MessageIndex index, NodeIndex origin, const MessageNumber& number) {
  Message& message = at(index);
  message.origin = origin;
  message.incarnation = number.incarnation;
  message.precedence = number.precedence;
  message.sequence = number.sequence;
  by_id_.insert_or_assign(KeyFor(origin, number), index);
}

void MessageBook::KeepTruth(MessageIndex index, std::string truth) {
  DropTruth(index);
  if (truth_octets_ + truth.size() > kTruthOctets) {
    ++truths_not_kept_;
    return;
  }
  truth_octets_ += truth.size();
  at(index).truth = std::move(truth);
}

void MessageBook::DropTruth(MessageIndex index) {
  std::string& truth = at(index).truth;
  truth_octets_ -= truth.size();
  std::string().swap(truth);
}

std::string NameOf(const Message& message, const RunPlan& plan) {
  const std::string origin = message.origin == kNoNode ? "?" : plan.node(message.origin).name();
  if (message.sequence == 0) return fmt::format("{} (composed no. {})", origin, message.composed_number);
  return ToText(MessageKey{origin, message.incarnation, message.precedence, message.sequence});
}

}  // namespace entente::harness
