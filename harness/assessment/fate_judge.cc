// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/fate_judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/node_id.h"

namespace entente::harness {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
// Clocks of writers differ, and a link decides shortly after it was given a unit.
constexpr std::int64_t kClockSlackNs = kSecondNs;
// A connection that breaks takes with it what was written shortly before.
constexpr std::int64_t kBreakHorizonNs = 10 * kSecondNs;
// How long a message may be on its way besides what its links are configured to take.
constexpr std::int64_t kGraceNs = kSecondNs;

std::uint64_t LossKey(MessageIndex message, NodeIndex recipient) {
  return (std::uint64_t{message} << 16) | recipient;
}

struct SentAt {
  std::int64_t at_ns;
  std::uint64_t key;
};

bool IsDown(v1::NodeState state) {
  return state == v1::NODE_STATE_LOST || state == v1::NODE_STATE_LEFT || state == v1::NODE_STATE_AWAITED ||
         state == v1::NODE_STATE_DECLARED;
}

// By a gateway; a fault of messages says so in these words.
FateWithReason LostBy(std::string reason) {
  const bool on_purpose = reason.starts_with("lost by ");
  return {Fate::kLost, std::move(reason), on_purpose};
}

bool Mentions(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

}  // namespace

FateJudge::FateJudge(const FoldState& state) : state_(state) {
  ExplainLosses();
}

// Each decision "lost" of a link explains the first unit that was sent at about that time and never received.
void FateJudge::ExplainLosses() {
  const auto& decisions = state_.happenings().losses;
  if (decisions.empty()) return;
  std::map<LinkSide, std::vector<SentAt>> missing;
  state_.book().ForEach([&](MessageIndex index, const Message& message) {
    if (message.said == v1::SEND_OUTCOME_SENT && message.received_ns == 0 && message.ingested_ns == 0) {
      missing[{message.origin, v1::DIRECTION_TO_GATEWAY}].push_back({message.composed_ns, LossKey(index, kNoNode)});
    }
    for (const Delivery& delivery : message.deliveries) {
      if (delivery.outcome != v1::SEND_OUTCOME_SENT || delivery.understood || delivery.refused) continue;
      missing[{delivery.node, v1::DIRECTION_TO_NODE}].push_back({delivery.egressed_ns, LossKey(index, delivery.node)});
    }
  });
  for (auto& [side, units] : missing) {
    const auto found = decisions.find(side);
    if (found == decisions.end()) continue;
    std::ranges::stable_sort(units, {}, &SentAt::at_ns);
    auto loss = found->second.begin();
    for (const SentAt& unit : units) {
      while (loss != found->second.end() && loss->at_ns < unit.at_ns - kClockSlackNs) ++loss;
      if (loss == found->second.end()) break;
      if (loss->at_ns > unit.at_ns + kClockSlackNs) continue;
      losses_.emplace(unit.key, loss->rule);
      ++loss;
    }
  }
}

std::string FateJudge::Text(TextId id, std::string_view otherwise) const {
  const std::string& text = state_.texts().At(id);
  return text.empty() ? std::string(otherwise) : text;
}

bool IsPair(const FoldState& state, const Message& message, NodeIndex to) {
  if (message.origin == kNoNode || to == message.origin) return false;
  if (message.Find(to) != nullptr) return true;
  if (!state.plan().Receives(to, message.origin, message.family)) return false;
  const std::string& addressees = state.texts().At(message.addressees);
  const PlannedNode& recipient = state.plan().node(to);
  return addressees.empty() || Mentions(addressees, recipient.name()) || Mentions(addressees, recipient.nation);
}

std::string WhyWithheld(const FoldState& state, const Delivery& delivery) {
  const std::string& reason = state.texts().At(delivery.reason);
  return reason.empty() ? "no reason said" : reason;
}

bool FateJudge::Young(const Message& message, NodeIndex to, std::int64_t last_step_ns) const {
  const std::int64_t links_ns = state_.plan().LinkDelayNs(message.origin) + state_.plan().LinkDelayNs(to);
  return last_step_ns + links_ns + kGraceNs > state_.happenings().last_ns;
}

FateWithReason FateJudge::Of(MessageIndex index, NodeIndex to) const {
  const Message& message = state_.book().at(index);
  if (to == message.origin) return {Fate::kEcho, "its own message"};
  const Delivery* delivery = message.Find(to);
  if (delivery != nullptr && delivery->understood) return {Fate::kUnderstood, {}};
  FateWithReason before = BeforeBroker(index, message);
  if (before.fate == Fate::kUnderWay && !Young(message, to, message.said_ns())) {
    before = {Fate::kUnexplained, fmt::format("{}, and nothing says what became of it", before.reason)};
  }
  if (before.fate != Fate::kUnderstood) return before;
  if (delivery == nullptr || delivery->route == Delivery::Route::kUndecided) {
    if (delivery == nullptr || delivery->outcome == v1::SEND_OUTCOME_UNSPECIFIED) return AtBroker(message, to);
  }
  if (delivery->route == Delivery::Route::kWithheld) return {Fate::kWithheld, WhyWithheld(state_, *delivery)};
  return delivery->outcome == v1::SEND_OUTCOME_SENT ? OnLastLink(index, message, *delivery) : AtGateway(message, *delivery);
}

// kUnderstood stands for "went on to the broker"; kUnderWay for "stands still", whose age the caller judges.
FateWithReason FateJudge::BeforeBroker(MessageIndex index, const Message& message) const {
  switch (message.said) {
    case v1::SEND_OUTCOME_SUPERSEDED:
      return {Fate::kSuperseded, Text(message.reason, "by a later unit")};
    case v1::SEND_OUTCOME_UNSUPPORTED:
      return {Fate::kUnsupported, Text(message.reason, "the sender's protocol cannot say it")};
    case v1::SEND_OUTCOME_NO_LABEL_SLOT:
      return {Fate::kWithheld, Text(message.reason, "no place for its label in the sender's protocol")};
    case v1::SEND_OUTCOME_DROPPED:
      return {Fate::kLost, Text(message.reason, "dropped by the sender")};
    case v1::SEND_OUTCOME_MUTED:
      return {Fate::kLost, fmt::format("{} is muted: it composes and never speaks", state_.plan().node(message.origin).name())};
    default:
      break;
  }
  if (message.accepted_ns != 0 || message.routed_ns != 0) return {Fate::kUnderstood, {}};
  if (message.refused_by_broker) return {Fate::kRefused, fmt::format("by the broker: {}", Text(message.reason, "no reason said"))};
  if (message.damage != kNoText && message.ingested_ns == 0) {
    const std::string how = message.refused_by_gateway ? "refused, " + state_.texts().At(message.reason) : "not understood";
    return {Fate::kDamaged, fmt::format("damaged by {}; {}", state_.texts().At(message.damage), how)};
  }
  if (message.refused_by_gateway)
    return {Fate::kRefused, fmt::format("by the gateway: {}", Text(message.reason, "no reason said"))};
  if (message.given_up && message.ingested_ns == 0) return LostBy(Text(message.reason, "given up by the gateway"));
  if (message.ingested_ns != 0) return {Fate::kUnderWay, "the gateway decoded it, the broker neither accepted nor refused it"};
  return NotReceived(index, message);
}

FateWithReason FateJudge::NotReceived(MessageIndex index, const Message& message) const {
  if (message.received_ns != 0) {
    if (message.role == v1::UNIT_ROLE_REFRESHES) return {Fate::kSuperseded, "the gateway took its unit for a mere refresh"};
    if (message.role == v1::UNIT_ROLE_PARTIAL) return {Fate::kLost, "only a part of it arrived at the gateway"};
    return {Fate::kUnderWay, "the gateway received its unit and made no message of it"};
  }
  std::string why = WhyLinkLost(index, message.origin, v1::DIRECTION_TO_GATEWAY, message.composed_ns);
  if (!why.empty()) return {Fate::kLost, std::move(why), true};
  why = WhyDown(message.origin, message.composed_ns);
  if (!why.empty()) return {Fate::kLost, std::move(why)};
  return {Fate::kUnderWay, "it was sent to the gateway and not received"};
}

FateWithReason FateJudge::AtBroker(const Message& message, NodeIndex to) const {
  const std::string& name = state_.plan().node(to).name();
  if (!state_.happenings().AttachedAt(to, message.accepted_ns)) {
    return {Fate::kLost, fmt::format("{} was not attached to the broker", name)};
  }
  if (Young(message, to, message.accepted_ns)) return {Fate::kUnderWay, "the broker had just accepted it"};
  if (message.routed_ns == 0) return {Fate::kUnexplained, "the broker accepted it and made no decision"};
  return {Fate::kUnexplained, fmt::format("the broker decided, and not about {}, which subscribed", name)};
}

FateWithReason FateJudge::AtGateway(const Message& message, const Delivery& delivery) const {
  if (delivery.dropped) {
    std::string reason = Text(delivery.reason, "dropped by the broker");
    const bool replaced = reason.starts_with("conflated");
    return {replaced ? Fate::kSuperseded : Fate::kLost, std::move(reason)};
  }
  switch (delivery.outcome) {
    case v1::SEND_OUTCOME_SUPERSEDED:
      return {Fate::kSuperseded, Text(delivery.reason, "by a later unit")};
    case v1::SEND_OUTCOME_UNSUPPORTED:
      return {Fate::kUnsupported, Text(delivery.reason, "the recipient's protocol cannot say it")};
    case v1::SEND_OUTCOME_NO_LABEL_SLOT:
      return {Fate::kWithheld, Text(delivery.reason, "no place for its label in the recipient's protocol")};
    case v1::SEND_OUTCOME_DROPPED:
    case v1::SEND_OUTCOME_MUTED:
      return LostBy(Text(delivery.reason, "dropped by the gateway"));
    default:
      break;
  }
  const std::int64_t decided_ns = std::max(message.routed_ns, message.accepted_ns);
  std::string down = WhyDown(delivery.node, decided_ns);
  if (!down.empty()) return {Fate::kLost, std::move(down)};
  if (!state_.happenings().AttachedAt(delivery.node, state_.happenings().judged_until_ns()) &&
      !Young(message, delivery.node, decided_ns)) {
    return {Fate::kLost, fmt::format("{} left the broker before it was delivered", state_.plan().node(delivery.node).name())};
  }
  if (Young(message, delivery.node, decided_ns)) return {Fate::kUnderWay, "the broker had just released it"};
  return {Fate::kUnexplained, fmt::format("released as delivery {} to {}, and its gateway never handed it on", delivery.sequence,
                                          state_.plan().node(delivery.node).name())};
}

FateWithReason FateJudge::OnLastLink(MessageIndex index, const Message& message, const Delivery& delivery) const {
  const PlannedNode& recipient = state_.plan().node(delivery.node);
  if (delivery.damage != kNoText) {
    const std::string how = delivery.refused ? "refused, " + state_.texts().At(delivery.reason) : "not understood";
    return {Fate::kDamaged, fmt::format("damaged by {}; {}", state_.texts().At(delivery.damage), how)};
  }
  if (delivery.refused)
    return {Fate::kRefused, fmt::format("by {}: {}", recipient.name(), Text(delivery.reason, "no reason said"))};
  if (recipient.recording())
    return {Fate::kUnobserved, fmt::format("a recording speaks for {}: it hears nothing", recipient.name())};
  std::string why = WhyLinkLost(index, delivery.node, v1::DIRECTION_TO_NODE, delivery.egressed_ns);
  if (!why.empty()) return {Fate::kLost, std::move(why), true};
  why = WhyDown(delivery.node, delivery.egressed_ns);
  if (!why.empty()) return {Fate::kLost, std::move(why)};
  if (!recipient.Observable(message.family)) {
    return {Fate::kUnobserved, fmt::format("sent to {}, and what it understood cannot be observed", recipient.name())};
  }
  if (Young(message, delivery.node, delivery.egressed_ns)) return {Fate::kUnderWay, "it had just been sent"};
  return {Fate::kLost, fmt::format("sent to {}, which did not decode it", recipient.name())};
}

std::string FateJudge::WhyLinkLost(MessageIndex index, NodeIndex link, v1::Direction direction, std::int64_t sent_ns) const {
  const NodeIndex recipient = direction == v1::DIRECTION_TO_NODE ? link : kNoNode;
  const std::string& name = state_.plan().node(link).name();
  const auto lost = losses_.find(LossKey(index, recipient));
  if (lost != losses_.end()) return fmt::format("the link of {} lost it ({})", name, state_.texts().At(lost->second));
  const std::int64_t delay_ns = state_.plan().LinkDelayNs(link);
  for (const FaultSummary& fault : state_.happenings().faults) {
    const bool active =
        fault.started_ns <= sent_ns + delay_ns + kClockSlackNs && (fault.ended_ns == 0 || sent_ns <= fault.ended_ns);
    if (active && fault.kind == "outage" && Mentions(fault.target, name)) {
      return fmt::format("the link of {} was out (fault {})", name, fault.fault);
    }
    if (active && fault.kind == "impairments" && Mentions(fault.target, name)) {
      return fmt::format("the link of {} was impaired (fault {}: {})", name, fault.fault, fault.parameters);
    }
  }
  return {};
}

std::string FateJudge::WhyDown(NodeIndex node, std::int64_t at_ns) const {
  const auto found = state_.happenings().node_changes.find(node);
  const std::string& name = state_.plan().node(node).name();
  if (found == state_.happenings().node_changes.end()) return {};
  const NodeChange* now = nullptr;
  for (const NodeChange& change : found->second) {
    if (change.side == v1::SIDE_NODE || change.at_ns > state_.happenings().judged_until_ns()) continue;
    if (change.at_ns <= at_ns) {
      now = &change;
    } else if (change.at_ns <= at_ns + kBreakHorizonNs && IsDown(change.state)) {
      return fmt::format("the connection of {} broke: {}", name, Text(change.reason, "no reason said"));
    }
  }
  if (now != nullptr && IsDown(now->state))
    return fmt::format("{} was not connected: {}", name, Text(now->reason, "no reason said"));
  return {};
}

}  // namespace entente::harness
