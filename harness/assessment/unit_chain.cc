// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/unit_chain.h"

#include <algorithm>
#include <cstring>

namespace entente::harness {

UnitId::UnitId(NodeIndex of_node, v1::Direction towards, std::string_view hash) : node(of_node), direction(towards) {
  if (hash.empty()) return;
  std::memcpy(&high, hash.data(), std::min(hash.size(), sizeof(high)));
  if (hash.size() > sizeof(high)) std::memcpy(&low, hash.data() + sizeof(high), std::min(hash.size() - sizeof(high), sizeof(low)));
}

TextId UnitChain::TakeEarlyDamage(const UnitId& unit, MessageIndex message) {
  const auto early = std::ranges::find(early_, unit, &EarlyDamage::before);
  if (early == early_.end()) return kNoText;
  const TextId rule = early->rule;
  units_[early->after].sent.push_back({message, rule});
  early_.erase(early);
  return rule;
}

TextId UnitChain::Sent(const UnitId& unit, MessageIndex message, bool observed) {
  if (const TextId rule = TakeEarlyDamage(unit, message); rule != kNoText) return rule;
  Entry& entry = units_[unit];
  entry.sent.push_back({.message = message});
  if (!observed) Remember(unit, entry);
  return kNoText;
}

std::optional<SentUnit> UnitChain::Receive(const UnitId& unit) {
  const auto found = units_.find(unit);
  if (found == units_.end() || found->second.sent.empty()) return std::nullopt;
  Entry& entry = found->second;
  const SentUnit received = entry.sent.front();
  entry.sent.erase(entry.sent.begin());
  entry.received = received;
  Remember(unit, entry);
  return received;
}

std::optional<SentUnit> UnitChain::Received(const UnitId& unit) const {
  const auto found = units_.find(unit);
  if (found == units_.end() || found->second.received.message == kNoMessage) return std::nullopt;
  return found->second.received;
}

std::optional<SentUnit> UnitChain::Damage(const UnitId& before, const UnitId& after, TextId rule) {
  const auto found = units_.find(before);
  if (found == units_.end() || found->second.sent.empty()) {
    early_.push_back({before, after, rule});
    if (early_.size() > kEarlyDamage) early_.pop_front();
    return std::nullopt;
  }
  // The latest: damage happens as a unit leaves, while equal ones before it may still be under way.
  SentUnit damaged = found->second.sent.back();
  found->second.sent.pop_back();
  if (found->second.sent.empty() && found->second.remembered == 0) units_.erase(found);
  damaged.damage = rule;
  units_[after].sent.push_back(damaged);
  return damaged;
}

void UnitChain::Remember(const UnitId& unit, Entry& entry) {
  ++entry.remembered;
  remembered_.push_back(unit);
  if (remembered_.size() <= kUnitsRemembered) return;
  const auto oldest = units_.find(remembered_.front());
  remembered_.pop_front();
  if (oldest == units_.end() || --oldest->second.remembered > 0) return;
  const bool observed = oldest->second.received.message != kNoMessage;
  if (oldest->second.sent.empty() || !observed) {
    units_.erase(oldest);
  } else {
    oldest->second.received = {};
  }
}

}  // namespace entente::harness
