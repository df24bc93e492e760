// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "broker/core/departure.h"
#include "broker/core/relay_impl.h"

namespace entente::broker {

void Relay::Impl::OnRecorded(std::uint64_t events, Now now) {
  recorded_ = std::max(recorded_, events);
  while (!pending_.empty() && pending_.front().events <= recorded_) {
    const Pending pending = std::move(pending_.front());
    pending_.pop_front();
    pending_octets_ -= pending.frame.size();
    if (pending.origin == nullptr) {
      ApplyOwnChange(pending.change, now);
    } else {
      pending.origin->unrecorded_octets -= pending.frame.size();
      ApplyMessages(*pending.origin, pending.frame, pending.messages, now);
    }
  }
  Release();
}

// Frames are wanted again once there is room for half of what may be unrecorded.
void Relay::Impl::Release() {
  const bool room = !LogOrdered() || (pending_octets_ <= config_.limits.unrecorded_octets / 2 &&
                                      counters_.events - recorded_ <= config_.limits.unrecorded_events / 2);
  if (!held_ || !room) return;
  held_ = false;
  for (Node& node : nodes_) MarkReady(node);
}

void Relay::Impl::ApplyOwnChange(const v1::RecordEvent& event, Now now) {
  if (event.has_node_detached()) return ApplyDetached(event.node_detached(), now);
  const bool resumed = ApplyAttached(event.node_attached(), now);
  Node& node = *Find(event.node_attached().node());
  // The hello of a stream that is gone already welcomes nobody.
  if (--node.hellos_pending == 0 && node.attached && !node.goodbye_due) Welcome(node, resumed);
}

// True when the node goes on where it was; else it begins with the current picture.
bool Relay::Impl::ApplyAttached(const v1::NodeAttached& attached, Now now) {
  Node& node = FindOrAdd(attached.node());
  const bool resumed = MayResume(node, attached);
  node.incarnations.Attach(attached.incarnation());
  node.member = true;
  node.attached_at = attached.broker();
  router_.Subscribe(node.index, {attached.subscriptions().begin(), attached.subscriptions().end()});
  if (resumed) {
    GoOn(node, attached, now);
  } else {
    Forget(node, "node came back without a cursor", now);
    ShowPicture(node, now);
  }
  return resumed;
}

// Relay: with cursors that this broker gave out, and only so. Durable: as long as it has not left, and unless its cursors are those
// of another record: a gateway that lost them in a crash goes on behind what it acknowledged.
bool Relay::Impl::MayResume(const Node& node, const v1::NodeAttached& attached) const {
  const auto given_out = [&](const v1::Cursor& cursor) { return node.queue.WasNumbered(cursor.precedence(), cursor.delivery()); };
  if (LogOrdered() && !node.member) return false;
  return (LogOrdered() || !attached.cursors().empty()) && std::ranges::all_of(attached.cursors(), given_out);
}

void Relay::Impl::GoOn(Node& node, const v1::NodeAttached& attached, Now now) {
  for (const v1::Cursor& cursor : attached.cursors()) {
    const bool news = cursor.delivery() > node.queue.HighestAcknowledged(cursor.precedence());
    node.queue.Acknowledge(cursor.precedence(), cursor.delivery());
    if (news && deed_ == Deed::kOurs) RecordAcknowledged(node, cursor.precedence(), cursor.delivery(), now);
  }
  node.queue.Rewind();
}

void Relay::Impl::ApplyDetached(const v1::NodeDetached& detached, Now now) {
  Node* node = Find(detached.node());
  if (node == nullptr) return;
  const bool elsewhere = !node->attached_at.empty() && node->attached_at != detached.broker();
  if (HasLeft(detached.reason())) {
    if (elsewhere) return;  // the word of a broker that it went from
    node->member = false;
    router_.Subscribe(node->index, {});
    Forget(*node, "node left", now);
    if (node->leaving) Close(node->name, detached.reason());
  } else if (node->attached_at == detached.broker() && deed_ == Deed::kOurs) {
    std::vector<Dropped> dropped;
    node->queue.Shed(QueueLimit(*node), dropped);
    RecordDropped(*node, dropped, now);
  }
  if (node->attached_at == detached.broker()) node->attached_at.clear();
}

void Relay::Impl::ApplyMessages(Node& origin, const SharedSlice& frame, std::span<const EnvelopeRecord> messages, Now now) {
  for (const EnvelopeRecord& message : messages) {
    const auto header = WalkRoutingHeader(message.envelope);
    OriginLedger* ledger = header ? origin.incarnations.Find(header->incarnation) : nullptr;
    // Nobody knows the incarnation any more, or two brokers appended the message.
    if (ledger == nullptr || !ledger->Apply(header->precedence, header->sequence)) continue;
    Take(origin, *header, message, frame, now);
  }
  EndFrame(origin, frame, now);
  MarkReady(origin);
}

void Relay::Impl::ShowPicture(Node& node, Now now) {
  for (const ByteView record : picture_.Records()) ShowTrack(node, record, now);
}

void Relay::Impl::ShowTrack(Node& node, ByteView record, Now now) {
  FrameParts parts;
  const SharedSlice copy(ToBytes(record));
  if (!SplitFrame(copy.view(), copy.size(), parts) || parts.envelopes.size() != 1) return;
  const auto header = WalkRoutingHeader(parts.envelopes.front().envelope);
  if (!header || header->origin == node.name || !router_.IsSubscribed(node.index, *header)) return;
  const Decision decision = router_.Decide(header->has_label, header->label, header->origin, node.index);
  const Node& origin = *Find(header->origin);
  RoutingSpan span;
  span.Add(*header, parts.envelopes.front().record, std::make_shared<const Route>(1, RouteTarget{node.index, decision}));
  RouteSpan(span, origin, copy, now);
}

void Relay::Impl::Forget(Node& node, std::string_view reason, Now now) {
  std::vector<Dropped> dropped;
  node.queue.Clear(reason, std::string(reason) + ", without an acknowledgement", dropped);
  if (deed_ == Deed::kOurs) RecordDropped(node, dropped, now);
}

}  // namespace entente::broker
