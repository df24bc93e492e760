// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/settled_pairs.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/assessment/fate_judge.h"

namespace entente::harness {

SettledPairs::SettledPairs(const FoldState& state) : state_(state) {
  for (const v1::Expectation& expectation : state.plan().exercise().expectations()) judges_.emplace_back(expectation, state);
}

// Every step before the recipients was told, and none of them says that anything went wrong.
bool SettledPairs::IsDone(const Message& message) const {
  if (message.origin == kNoNode || !state_.plan().node(message.origin).in_plan || message.sequence == 0) return false;
  const bool told = message.ingested_ns != 0 && message.accepted_ns != 0 && message.routed_ns != 0 &&
                    (message.composed_ns != 0 || !state_.plan().node(message.origin).simulated());
  const bool said = message.said == v1::SEND_OUTCOME_SENT || message.said == v1::SEND_OUTCOME_UNSPECIFIED;
  const bool right =
      message.damage == kNoText && !message.other_family && !message.refused_by_gateway && !message.refused_by_broker;
  return told && said && right && !message.is_example;
}

std::optional<Pair> SettledPairs::Judge(MessageIndex index, const Message& message, const Delivery& delivery) const {
  if (delivery.leaked || delivery.damage != kNoText) return std::nullopt;
  Pair pair{.message = &message, .index = index, .to = delivery.node, .fate = Fate::kUnderstood, .reason = {}};
  pair.abroad = state_.plan().node(message.origin).nation != state_.plan().node(delivery.node).nation;
  if (delivery.route == Delivery::Route::kWithheld && !delivery.understood) {
    pair.fate = Fate::kWithheld;
    pair.reason = WhyWithheld(state_, delivery);
    return pair;
  }
  if (!delivery.understood || delivery.other_family || delivery.outcome != v1::SEND_OUTCOME_SENT) return std::nullopt;
  pair.latency_ns = delivery.understood_ns() - message.said_ns();
  pair.uncertainty_ns = UncertaintyBetween(delivery.understood_at, message.said_at);
  const bool stale = message.stale_at_ns != 0 && delivery.understood_ns() > message.stale_at_ns;
  return !stale && CameInTime(pair) ? std::optional(std::move(pair)) : std::nullopt;
}

bool SettledPairs::CameInTime(const Pair& pair) const {
  return std::ranges::all_of(judges_, [&](const ExpectationJudge& judge) {
    return judge.within_ns() == 0 || *pair.latency_ns <= judge.within_ns() || !judge.Selects(*pair.message, pair.to);
  });
}

bool SettledPairs::FollowsDamage(const Message& message) const {
  const auto& damaged = state_.happenings().damaged;
  if (damaged.empty()) return false;
  const auto& first = state_.happenings().first_damage_ns;
  const auto after = [&](NodeIndex node, v1::Direction direction, std::int64_t said_ns) {
    const auto found = first.find({node, direction});
    return found != first.end() && found->second <= said_ns;
  };
  return after(message.origin, v1::DIRECTION_TO_GATEWAY, message.said_ns()) ||
         std::ranges::any_of(message.deliveries, [&](const Delivery& delivery) {
           return after(delivery.node, v1::DIRECTION_TO_NODE, delivery.egressed_ns);
         });
}

bool SettledPairs::Take(MessageIndex index, const Message& message) {
  if (!IsDone(message) || FollowsDamage(message)) return false;
  std::vector<Pair> pairs;
  for (NodeIndex to = 0; to < state_.plan().nodes().size(); ++to) {
    if (!IsPair(state_, message, to)) continue;
    const Delivery* delivery = message.Find(to);
    auto pair = delivery == nullptr ? std::nullopt : Judge(index, message, *delivery);
    if (!pair) return false;
    pairs.push_back(*std::move(pair));
  }
  for (const Pair& pair : pairs) {
    for (ExpectationJudge& judge : judges_) {
      if (judge.Selects(message, pair.to)) judge.AddSettled(pair);
    }
    sums_.Add(pair, state_.plan());
  }
  return true;
}

}  // namespace entente::harness
