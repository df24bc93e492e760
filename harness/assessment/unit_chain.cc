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

void UnitChain::Sent(const UnitId& unit, MessageIndex message, bool observed) {
  Entry& entry = units_[unit];
  entry.sent.push_back({.message = message});
  if (!observed) Remember(unit, entry);
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
  if (found == units_.end() || found->second.sent.empty()) return std::nullopt;
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
