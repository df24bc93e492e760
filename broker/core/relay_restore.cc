// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "broker/core/relay_impl.h"

namespace entente::broker {
namespace {

// Messages of one origin that stand side by side in the record are put into one frame again, of at most about this size.
constexpr std::size_t kRestoredFrameOctets = 256 * 1024;
constexpr std::size_t kRestoredFrameMessages = kFrameFields / 2;
constexpr std::string_view kProcessEnded = "the broker's process ended";

Now AsOf(const v1::RecordEvent& event, Now now) {
  return {now.instant, FromNanoseconds(event.utc_ns())};
}

}  // namespace

void Relay::Impl::Restore(const std::function<bool(std::vector<v1::RecordEvent>&)>& next, Now now) {
  deed_ = Deed::kPast;
  bool resumed = false;
  for (std::vector<v1::RecordEvent> events; next(events); events.clear()) {
    resumed = true;
    for (std::span<const v1::RecordEvent> rest = events; !rest.empty();) rest = rest.subspan(ApplyFirst(rest, AsOf(rest[0], now)));
  }
  deed_ = Deed::kOurs;
  Record(now, [&](v1::RecordEvent& event) {
    event.mutable_broker_started()->set_broker(config_.broker);
    event.mutable_broker_started()->set_resumed(resumed);
  });
  SayWhatWasLeftUnsaid(now);
}

void Relay::Impl::SayWhatWasLeftUnsaid(Now now) {
  for (v1::RecordEvent& routed : unsaid_.Take()) {
    routed.set_utc_ns(ToNanoseconds(now.utc));
    Emit(std::move(routed));
  }
  for (Node& node : nodes_) {
    std::vector<Dropped> dropped;
    node.queue.Shed(QueueLimit(node), dropped);
    RecordDropped(node, dropped, now);
    if (node.attached_at == config_.broker) Change(DetachedEvent(node, kProcessEnded), now);
  }
}

void Relay::Impl::Apply(std::span<const v1::RecordEvent> events, Now now) {
  deed_ = Deed::kOfAnotherBroker;
  while (!events.empty()) events = events.subspan(ApplyFirst(events, AsOf(events[0], now)));
  deed_ = Deed::kOurs;
}

// How many events it took.
std::size_t Relay::Impl::ApplyFirst(std::span<const v1::RecordEvent> events, Now now) {
  const v1::RecordEvent& event = events.front();
  switch (event.event_case()) {
    case v1::RecordEvent::kMessageAccepted:
      return ApplyAccepted(events, now);
    case v1::RecordEvent::kMessageRouted:
    case v1::RecordEvent::kSpanRouted:
      if (deed_ == Deed::kPast) unsaid_.Said(event);
      break;
    case v1::RecordEvent::kNodeAttached:
      ApplyAttached(event.node_attached(), now);
      LetGo(event.node_attached());
      break;
    case v1::RecordEvent::kNodeDetached:
      ApplyDetached(event.node_detached(), now);
      break;
    case v1::RecordEvent::kDeliveryAcknowledged:
      ApplyAcknowledged(event.delivery_acknowledged());
      break;
    case v1::RecordEvent::kMessageDropped:
      if (Node* node = Find(event.message_dropped().node())) node->queue.Remove(KeyOf(event.message_dropped().id()));
      break;
    case v1::RecordEvent::kMessageRefused:
      ApplyRefused(event.message_refused());
      break;
    default:
      break;
  }
  return 1;
}

std::size_t Relay::Impl::ApplyAccepted(std::span<const v1::RecordEvent> events, Now now) {
  const std::string& origin = events.front().message_accepted().id().origin();
  Bytes frame;
  std::size_t count = 0;
  for (; count < std::min(events.size(), kRestoredFrameMessages) && frame.size() < kRestoredFrameOctets; ++count) {
    if (!events[count].has_message_accepted() || events[count].message_accepted().id().origin() != origin) break;
    AppendRecord(frame, ToBytes(events[count].message_accepted().envelope()));
  }
  const SharedSlice slice(std::move(frame));
  FrameParts parts;
  Node* node = Find(origin);
  if (node != nullptr && SplitFrame(slice.view(), slice.size(), parts)) ApplyMessages(*node, slice, parts.envelopes, now);
  return count;
}

void Relay::Impl::ApplyAcknowledged(const v1::DeliveryAcknowledged& acknowledged) {
  Node* node = Find(acknowledged.node());
  if (node == nullptr || !node->queue.WasNumbered(acknowledged.precedence(), acknowledged.delivery())) return;
  node->queue.Acknowledge(acknowledged.precedence(), acknowledged.delivery());
}

void Relay::Impl::ApplyRefused(const v1::MessageRefused& refused) {
  Node* node = Find(refused.node());
  OriginLedger* ledger = node == nullptr ? nullptr : node->incarnations.Find(refused.id().incarnation());
  if (ledger == nullptr) return;
  v1::Receipt receipt;
  receipt.set_precedence(refused.id().precedence());
  receipt.set_sequence(refused.id().sequence());
  receipt.set_refused(refused.reason());
  ledger->RememberRefused(std::move(receipt));
}

// The node went to another broker while its stream here is still open. An earlier process of this broker is another, too.
void Relay::Impl::LetGo(const v1::NodeAttached& attached) {
  const Node* node = Find(attached.node());
  if (node->welcomed) Close(node->name, "attached at broker " + attached.broker());
}

}  // namespace entente::broker
