// SPDX-License-Identifier: Apache-2.0
// Events of messages and wire units, from the composer to the receivers.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "harness/assessment/fold_state.h"
#include "proto/routed_span.h"

namespace entente::harness {
namespace {

std::string RefusalText(const v1::Refusal& refusal) {
  std::string text = fmt::format("{}: {}", refusal.code(), refusal.text());
  if (!refusal.clause().empty()) text += fmt::format(" ({})", refusal.clause());
  return text;
}

std::string AddresseesOf(const v1::Envelope& envelope) {
  std::string nodes;
  for (const v1::Addressee& addressee : envelope.addressees()) {
    if (addressee.node().empty() || addressee.role() == v1::ADDRESSEE_ROLE_EXEMPT) continue;
    if (!nodes.empty()) nodes += ' ';
    nodes += addressee.node();
  }
  return nodes;
}

Fate FateOfOutcome(v1::SendOutcome outcome) {
  switch (outcome) {
    case v1::SEND_OUTCOME_SUPERSEDED:
      return Fate::kSuperseded;
    case v1::SEND_OUTCOME_UNSUPPORTED:
      return Fate::kUnsupported;
    case v1::SEND_OUTCOME_NO_LABEL_SLOT:
      return Fate::kWithheld;
    default:
      return Fate::kLost;
  }
}

// Of a message in several units, some may be a message of another family by themselves: a ship's static data before its position.
bool IsAside(const v1::MessageIngested& event, const Message& composed) {
  return composed.family != event.family() && composed.units > event.unit_hashes_size();
}

// The message that a node composed and these units carry, as long as it has no id; kNoMessage: there is none.
MessageIndex NamelessOf(const v1::MessageIngested& event, NodeIndex node, const MessageBook& book, UnitChain& chain) {
  for (const std::string& hash : event.unit_hashes()) {
    const UnitId id(node, v1::DIRECTION_TO_GATEWAY, hash);
    auto unit = chain.Received(id);
    if (!unit) unit = chain.Receive(id);
    if (!unit) continue;
    const Message& composed = book.at(unit->message);
    const bool nameless = composed.said != v1::SEND_OUTCOME_UNSPECIFIED && composed.sequence == 0 && composed.ingested_ns == 0;
    if (nameless && !IsAside(event, composed)) return unit->message;
  }
  return kNoMessage;
}

// What the broker said of a message before anybody told whose it is belongs to the composed one; nothing stays behind.
void Join(MessageBook& book, MessageIndex named, MessageIndex composed) {
  book.DropTruth(named);
  const Message from = std::exchange(book.at(named), Message{});
  Message& to = book.at(composed);
  to.accepted_ns = from.accepted_ns;
  to.routed_ns = from.routed_ns;
  to.refused_by_broker = from.refused_by_broker;
  if (from.refused_by_broker) to.reason = from.reason;
  if (to.deliveries.empty()) to.deliveries = from.deliveries;
}

}  // namespace

MessageIndex FoldState::FindOrAdd(std::string_view origin_name, const MessageNumber& number) {
  const NodeIndex origin = NodeOf(origin_name);
  if (origin == kNoNode) return kNoMessage;
  const MessageIndex known = book_.Find(origin, number);
  if (known != kNoMessage) return known;
  if (book_.IsSettled(origin, number)) return kNoMessage;
  const MessageIndex added = book_.Add();
  book_.Name(added, origin, number);
  return added;
}

void FoldState::TakeTruth(MessageIndex index, const v1::Envelope& truth) {
  Message& message = book_.at(index);
  message.family = FamilyOf(truth);
  message.stale_at_ns = truth.stale_at_ns();
  message.label = texts_.Intern(truth.label().SerializeAsString());
  message.addressees = texts_.Intern(AddresseesOf(truth));
  book_.KeepTruth(index, truth.SerializeAsString());
  parsed_truths_.Forget(index);
}

void FoldState::On(const v1::MessageComposed& event, Ns at) {
  const NodeIndex node = NodeOf(event.node());
  if (node == kNoNode) return;
  ++figures_.composed[{event.node(), event.outcome()}];
  const std::string_view first_hash = event.unit_hashes().empty() ? std::string_view() : std::string_view(event.unit_hashes(0));
  const UnitId first(node, v1::DIRECTION_TO_GATEWAY, first_hash);
  const auto early = std::ranges::find(early_messages_, first, &std::pair<UnitId, MessageIndex>::first);
  const bool was_early = !first_hash.empty() && early != early_messages_.end();
  const MessageIndex index = was_early ? early->second : book_.Add();
  if (was_early) early_messages_.erase(early);

  TakeTruth(index, event.truth());
  Message& message = book_.at(index);
  message.origin = node;
  message.composed_ns = at;
  message.said_at = reading_;
  message.composed_number = ++composed_numbers_[node];
  message.said = event.outcome();
  message.reason = texts_.Intern(event.reason());
  message.units = static_cast<std::uint16_t>(std::min(event.unit_hashes_size(), int{UINT16_MAX}));
  message.lost_fields = texts_.Intern(LostFields(LostBy(event.ledger()), texts_.At(message.lost_fields)));
  if (!was_early) message.precedence = event.truth().id().precedence();
  if (event.outcome() != v1::SEND_OUTCOME_SENT) {
    CloseForAll(message, FateOfOutcome(event.outcome()), event.outcome() == v1::SEND_OUTCOME_MUTED ? "muted" : event.reason());
    book_.DropTruth(index);
  } else if (!was_early) {
    for (const std::string& hash : event.unit_hashes()) chain_.Sent(UnitId(node, v1::DIRECTION_TO_GATEWAY, hash), index, true);
  }
}

void FoldState::TakeReceived(Message& message) const {
  if (message.received_ns != 0) return;
  message.received_ns = reading_.at_ns;
  if (message.composed_ns == 0) message.said_at = reading_;
}

void FoldState::On(const v1::UnitReceived& event, Ns /*at*/) {
  const NodeIndex node = NodeOf(event.node());
  if (node == kNoNode) return;
  ++figures_.units[{event.node(), v1::DIRECTION_TO_GATEWAY, event.role()}];
  LinkSummary& link = Link(node, v1::DIRECTION_TO_GATEWAY);
  ++link.units;
  if (event.role() == v1::UNIT_ROLE_REFRESHES || event.role() == v1::UNIT_ROLE_CONTROL) ++link.refreshes;
  const UnitId id(node, v1::DIRECTION_TO_GATEWAY, event.unit_hash());
  const auto unit = chain_.Receive(id);
  if (!unit) return MarkRemains(id, false);
  Message& message = book_.at(unit->message);
  TakeReceived(message);
  message.role = event.role();
  if (unit->damage != kNoText) MarkDamaged(id, false);
}

void FoldState::On(const v1::UnitRefused& event, Ns at) {
  const NodeIndex node = NodeOf(event.node());
  if (node == kNoNode) return;
  const bool at_node = event.side() == v1::SIDE_NODE;
  const v1::Direction direction = at_node ? v1::DIRECTION_TO_NODE : v1::DIRECTION_TO_GATEWAY;
  LinkSummary& link = Link(node, direction);
  ++link.units_refused;
  if (!at_node) ++link.units;
  ++figures_.units_refused[{event.node(), direction, ReasonCode(event.refusal().code())}];
  const UnitId id(node, direction, event.unit_hash());
  const auto unit = chain_.Receive(id);
  const bool on_purpose = unit && unit->damage != kNoText;
  happenings_.AddRefusal(event.node(), event.side(), event.refusal(), on_purpose);
  if (!unit) return MarkRemains(id, true);
  if (on_purpose) MarkDamaged(id, true);
  if (!book_.Holds(unit->message)) return;
  Message& message = book_.at(unit->message);
  const TextId reason = texts_.Intern(RefusalText(event.refusal()));
  const Fate fate = on_purpose ? Fate::kDamaged : Fate::kRefused;
  if (at_node) {
    Delivery& delivery = message.At(node);
    delivery.refused = true;
    delivery.reason = reason;
    Close(message, node, fate, event.refusal().code());
    ReleaseTruthWhenClosed(unit->message);
  } else {
    message.refused_by_gateway = true;
    message.received_ns = at;
    if (message.composed_ns == 0) message.said_at = reading_;
    message.reason = reason;
    CloseForAll(message, fate, event.refusal().code());
    book_.DropTruth(unit->message);
  }
}

// The composed message that the units carry, or a new one where nobody told what was composed, or when one unit gave several.
MessageIndex FoldState::MessageOfUnits(const v1::MessageIngested& event, NodeIndex node) {
  for (const std::string& hash : event.unit_hashes()) {
    const UnitId id(node, v1::DIRECTION_TO_GATEWAY, hash);
    auto unit = chain_.Received(id);
    if (!unit) unit = chain_.Receive(id);
    if (!unit) continue;
    if (!book_.Holds(unit->message)) break;
    const Message& composed = book_.at(unit->message);
    if (IsAside(event, composed)) return book_.Add();
    if (composed.ingested_ns == 0) return unit->message;
    if (!composed.other_family || composed.family != event.family() || composed.accepted_ns != 0) break;
    // The first message of the unit was of another family: it keeps its id, as a message of its own, and this is the one.
    const MessageIndex other = book_.Add();
    const Message& first = book_.at(unit->message);
    book_.Name(other, node, NumberOf(first));
    book_.at(other).received_ns = first.received_ns;
    book_.at(other).ingested_ns = first.ingested_ns;
    book_.at(other).said_at = first.said_at;
    return unit->message;
  }
  const MessageIndex fresh = book_.Add();
  if (plan_.node(node).simulated() && !event.unit_hashes().empty()) {
    early_messages_.emplace_back(UnitId(node, v1::DIRECTION_TO_GATEWAY, event.unit_hashes(0)), fresh);
    if (early_messages_.size() > kEarlyMessages) early_messages_.pop_front();
  }
  return fresh;
}

void FoldState::On(const v1::MessageIngested& event, Ns at) {
  const NodeIndex node = NodeOf(event.node());
  if (node == kNoNode) return;
  ++figures_.ingested[{event.node(), event.family(), event.id().precedence()}];
  ++Link(node, v1::DIRECTION_TO_GATEWAY).messages;
  const MessageNumber number = NumberOf(event.id());
  if (book_.IsSettled(node, number)) return;
  const MessageIndex known = book_.Find(node, number);  // the broker's event came first
  const MessageIndex composed = known == kNoMessage ? kNoMessage : NamelessOf(event, node, book_, chain_);
  if (composed != kNoMessage) Join(book_, known, composed);
  const MessageIndex index = composed != kNoMessage ? composed : known != kNoMessage ? known : MessageOfUnits(event, node);
  Message& message = book_.at(index);
  book_.Name(index, node, number);
  message.other_family = message.said != v1::SEND_OUTCOME_UNSPECIFIED && message.family != event.family();
  if (message.said == v1::SEND_OUTCOME_UNSPECIFIED) message.family = event.family();
  TakeReceived(message);
  message.ingested_ns = at;
  message.lost_fields = texts_.Intern(LostFields(LostBy(event.ledger()), texts_.At(message.lost_fields)));
  if (message.damage != kNoText) return;  // what was damaged on purpose is no finding
  for (const v1::Finding& finding : event.findings()) happenings_.AddFinding(event.node(), finding, NameOf(message, plan_));
}

void FoldState::On(const v1::MessageAccepted& event, Ns at) {
  const MessageNumber number = NumberOf(event.id());
  On(AcceptedMessage{.origin = event.id().origin(),
                     .incarnation = number.incarnation,
                     .precedence = number.precedence,
                     .sequence = number.sequence,
                     .envelope = AsBytes(event.envelope())},
     at);
}

void FoldState::On(const AcceptedMessage& event, Ns at) {
  const MessageIndex index = FindOrAdd(event.origin, {event.incarnation, event.precedence, event.sequence});
  if (index == kNoMessage) return;
  book_.at(index).accepted_ns = at;
  if (book_.at(index).said == v1::SEND_OUTCOME_UNSPECIFIED) {
    v1::Envelope envelope;
    if (envelope.ParseFromArray(event.envelope.data(), static_cast<int>(event.envelope.size()))) {
      TakeTruth(index, envelope);
    } else {
      happenings_.AddHarnessFault(
          fmt::format("the broker accepted {} whose envelope cannot be read", NameOf(book_.at(index), plan_)));
    }
  }
  ++figures_.accepted[{std::string(event.origin), book_.at(index).family, event.precedence}];
}

// The last of this node's messages whose unit the gateway received and of which nothing came yet; kNoMessage: there is none.
MessageIndex FoldState::NewestNumberless(NodeIndex origin) const {
  constexpr MessageIndex kLookedAt = 4096;
  const MessageIndex end = book_.end() - std::min(book_.end(), kLookedAt);
  for (MessageIndex index = book_.end(); index > end; --index) {
    const Message& message = book_.at(index - 1);
    const bool open = message.received_ns != 0 && message.ingested_ns == 0 && !message.refused_by_gateway && !message.given_up;
    if (message.origin == origin && open && message.role == v1::UNIT_ROLE_CARRIES) return index - 1;
  }
  return kNoMessage;
}

// What a gateway decoded and did not publish has no number; nobody told what an external node composed, so there it was no message.
void FoldState::GiveUp(const v1::MessageRefused& event) {
  const NodeIndex origin = NodeOf(event.id().origin());
  const MessageIndex index = origin == kNoNode ? kNoMessage : NewestNumberless(origin);
  if (index == kNoMessage) return;
  Message& message = book_.at(index);
  message.given_up = true;
  message.reason = texts_.Intern(event.reason());
  CloseForAll(message, Fate::kLost, event.reason());
  book_.DropTruth(index);
}

void FoldState::On(const v1::MessageRefused& event, Ns) {
  ++figures_.refused[ReasonCode(event.reason())];
  if (event.id().sequence() == 0) return GiveUp(event);
  const MessageIndex index = FindOrAdd(event.id().origin(), NumberOf(event.id()));
  if (index == kNoMessage) return;
  Message& message = book_.at(index);
  if (message.accepted_ns != 0) return;  // sent again after the broker had it: the first one counts
  message.refused_by_broker = true;
  message.reason = texts_.Intern(event.reason());
  CloseForAll(message, Fate::kRefused, event.reason());
  book_.DropTruth(index);
}

void FoldState::TakeRoute(MessageIndex index, const RoutedNode& decision, std::uint64_t offset, Ns at) {
  const NodeIndex node = NodeOf(decision.node);
  Message& message = book_.at(index);
  if (node == kNoNode || node == message.origin) return;
  message.routed_ns = at;
  Delivery& delivery = message.At(node);
  if (delivery.route != Delivery::Route::kUndecided) return;
  if (decision.released) {
    delivery.route = Delivery::Route::kReleased;
    delivery.sequence = decision.first_delivery + offset;
  } else {
    delivery.route = Delivery::Route::kWithheld;
    delivery.reason = texts_.Intern(decision.reason);
    Close(message, node, Fate::kWithheld, decision.reason);
  }
}

void FoldState::On(const v1::MessageRouted& event, Ns at) {
  std::vector<RoutedNode> decisions;
  decisions.reserve(static_cast<std::size_t>(event.decisions_size()));
  for (const v1::RouteDecision& decision : event.decisions()) {
    decisions.push_back({decision.node(), decision.released(), decision.reason(), decision.first_delivery()});
  }
  On(RoutedRun{.origin = event.first().origin(),
               .incarnation = event.first().incarnation(),
               .precedence = event.first().precedence(),
               .first_sequence = event.first().sequence(),
               .count = event.count(),
               .decisions = decisions},
     at);
}

void FoldState::On(const RoutedRun& event, Ns at) {
  if (event.count > kLongestRun) {
    return happenings_.AddHarnessFault(fmt::format("one routing decision claims to cover {} messages", event.count));
  }
  for (std::uint64_t offset = 0; offset < event.count; ++offset) {
    const MessageIndex index = FindOrAdd(event.origin, {event.incarnation, event.precedence, event.first_sequence + offset});
    if (index == kNoMessage) continue;
    book_.at(index).routed_ns = at;
    for (const RoutedNode& decision : event.decisions) TakeRoute(index, decision, offset, at);
    ReleaseTruthWhenClosed(index);
  }
}

void FoldState::On(const v1::SpanRouted& event, Ns at) {
  const bool sound = ForEachRun(event, [&](const v1::MessageRouted& run) { On(run, at); });
  if (!sound) happenings_.AddHarnessFault("a message was routed by a route that its routing event does not have");
}

void FoldState::On(const v1::MessageDropped& event, Ns) {
  const MessageIndex index = FindOrAdd(event.id().origin(), NumberOf(event.id()));
  const NodeIndex node = NodeOf(event.node());
  if (index == kNoMessage || node == kNoNode) return;
  Message& message = book_.at(index);
  Delivery& delivery = message.At(node);
  delivery.dropped = true;
  delivery.reason = texts_.Intern(event.reason());
  Close(message, node, event.reason().starts_with("conflated") ? Fate::kSuperseded : Fate::kLost, event.reason());
  ReleaseTruthWhenClosed(index);
}

void FoldState::On(const v1::MessageEgressed& event, Ns at) {
  const std::vector<std::string> unit_hashes(event.unit_hashes().begin(), event.unit_hashes().end());
  On(EgressedMessage{.origin = event.id().origin(),
                     .incarnation = event.id().incarnation(),
                     .precedence = event.id().precedence(),
                     .sequence = event.id().sequence(),
                     .node = event.node(),
                     .outcome = event.outcome(),
                     .reason = event.reason(),
                     .form = event.form(),
                     .unit_hashes = unit_hashes,
                     .lost = LostBy(event.ledger())},
     at);
}

void FoldState::On(const EgressedMessage& event, Ns at) {
  const MessageIndex index = FindOrAdd(event.origin, {event.incarnation, event.precedence, event.sequence});
  const NodeIndex node = NodeOf(event.node);
  if (index == kNoMessage || node == kNoNode) return;
  ++figures_.egressed[{std::string(event.node), event.outcome}];
  SetForm(node, event.form);
  Message& message = book_.at(index);
  Delivery& delivery = message.At(node);
  delivery.outcome = event.outcome;
  delivery.reason = texts_.Intern(event.reason);
  delivery.egressed_ns = at;
  delivery.lost_fields = texts_.Intern(LostFields(event.lost));
  if (event.outcome != v1::SEND_OUTCOME_SENT) {
    Close(message, node, FateOfOutcome(event.outcome), event.reason);
    return ReleaseTruthWhenClosed(index);
  }
  LinkSummary& link = Link(node, v1::DIRECTION_TO_NODE);
  ++link.messages;
  link.units += event.unit_hashes.size();
  figures_.units[{std::string(event.node), v1::DIRECTION_TO_NODE, v1::UNIT_ROLE_CARRIES}] += event.unit_hashes.size();
  const bool observable = plan_.node(node).Observable(message.family);
  for (const std::string& hash : event.unit_hashes) {
    const TextId damage = chain_.Sent(UnitId(node, v1::DIRECTION_TO_NODE, hash), index, observable);
    if (damage != kNoText) delivery.damage = damage;
  }
  if (!plan_.node(node).simulated()) CheckRelease(index, node, at);  // what was sent to a real system counts as seen
  if (!observable) {
    Close(message, node, Fate::kUnobserved, "not observable");
    ReleaseTruthWhenClosed(index);
  }
  TakeEarlyReceipt(event, node, delivery.damage != kNoText);
}

v1::Label FoldState::LabelOf(const Message& message) const {
  v1::Label said;
  if (!said.ParseFromString(texts_.At(message.label))) said.Clear();
  return message.origin == kNoNode ? said : oracle().LabelOf(said, plan_.node(message.origin).name());
}

void FoldState::Close(const Message& message, NodeIndex to, Fate fate, std::string_view reason) {
  const std::string& from = message.origin == kNoNode ? std::string() : plan_.node(message.origin).nation;
  ++figures_.fates[{{from, plan_.node(to).nation}, fate, fate == Fate::kUnderstood ? std::string() : ReasonCode(reason)}];
}

void FoldState::CloseForAll(const Message& message, Fate fate, std::string_view reason) {
  for (NodeIndex to = 0; to < plan_.nodes().size(); ++to) {
    if (plan_.Receives(to, message.origin, message.family)) Close(message, to, fate, reason);
  }
}

void FoldState::ReleaseTruthWhenClosed(MessageIndex index) {
  const Message& message = book_.at(index);
  if (message.truth.empty() || message.routed_ns == 0) return;
  const bool open = std::ranges::any_of(message.deliveries, [&](const Delivery& delivery) {
    if (delivery.understood || delivery.dropped || delivery.refused || delivery.route == Delivery::Route::kWithheld) return false;
    if (delivery.outcome == v1::SEND_OUTCOME_UNSPECIFIED) return true;
    return delivery.outcome == v1::SEND_OUTCOME_SENT && plan_.node(delivery.node).Observable(message.family);
  });
  if (!open) book_.DropTruth(index);
}

// A short code of a reason, from a set that cannot grow without limit: what stands before details.
std::string FoldState::ReasonCode(std::string_view reason) {
  constexpr std::array<std::string_view, 1> kWithDetail = {"conflated"};
  for (std::string_view known : kWithDetail) {
    if (reason.starts_with(known)) reason = known;
  }
  reason = reason.substr(0, std::min(reason.find_first_of(":(\"'<0123456789"), std::size_t{48}));
  while (reason.ends_with(' ')) reason.remove_suffix(1);
  if (reason.empty()) return "none";
  if (!reason_codes_.contains(reason)) {
    if (reason_codes_.size() >= kReasonCodes) return "other";
    reason_codes_.emplace(reason);
  }
  return std::string(reason);
}

}  // namespace entente::harness
