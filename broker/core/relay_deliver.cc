// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "broker/core/relay_impl.h"

namespace entente::broker {

void Relay::Impl::MarkReady(Node& node) {
  if (node.ready || !node.attached) return;
  node.ready = true;
  ready_.push_back(&node);
}

std::vector<std::string_view> Relay::Impl::TakeReady() {
  std::ranges::sort(ready_, {}, &Node::index);
  std::vector<std::string_view> names;
  names.reserve(ready_.size());
  for (Node* node : ready_) {
    node->ready = false;
    names.push_back(node->name);
  }
  ready_.clear();
  return names;
}

std::optional<OutboundFrame> Relay::Impl::NextFrame(std::string_view name, Now now) {
  Node* node = Find(name);
  if (node == nullptr || !node->attached || node->goodbye_said || (!node->welcomed && !node->goodbye_due)) return std::nullopt;
  OutboundFrame frame;
  v1::BrokerFrame control;
  if (node->control_due) {
    control.Swap(&node->control);
    node->control.Clear();
    node->control_due = false;
    if (control.has_clock_probe()) control.mutable_clock_probe()->set_t3_ns(ToNanoseconds(now.utc));
  }
  if (OriginLedger* ledger = node->incarnations.Find(node->stream_incarnation)) ledger->TakeReceipts(control);
  frame.last = node->goodbye_said = node->goodbye_due;
  if (!frame.last) AddDeliveries(*node, frame, control, now);
  AppendControl(frame.header, control);
  if (frame.header.empty() && frame.slices.empty()) return std::nullopt;
  return frame;
}

void Relay::Impl::AddDeliveries(Node& node, OutboundFrame& frame, v1::BrokerFrame& control, Now now) {
  if (node.credit <= 0 || !node.queue.HasWaiting()) return;
  const std::size_t held = node.queue.unacknowledged_octets();
  if (held >= config_.limits.unacknowledged_octets) return;
  const std::size_t budget = std::min(
      {config_.limits.delivery_frame_octets, static_cast<std::size_t>(node.credit), config_.limits.unacknowledged_octets - held});
  std::vector<Dropped> dropped;
  Taken taken = node.queue.Take(budget, now.utc, config_.limits.queue_age, dropped);
  RecordDropped(node, dropped, now);
  if (taken.count == 0) return;
  control.set_precedence(taken.precedence);
  control.set_first_delivery(taken.first_delivery);
  frame.slices = std::move(taken.slices);
  node.credit -= static_cast<std::int64_t>(taken.octets);
  counters_.delivered += taken.count;
  MarkReady(node);
}

void Relay::Impl::RecordAcknowledged(const Node& node, v1::Precedence precedence, std::uint64_t delivery, Now now) {
  Record(now, [&](v1::RecordEvent& event) {
    v1::DeliveryAcknowledged& acknowledged = *event.mutable_delivery_acknowledged();
    acknowledged.set_node(node.name);
    acknowledged.set_precedence(precedence);
    acknowledged.set_delivery(delivery);
  });
}

void Relay::Impl::RecordDropped(const Node& node, std::vector<Dropped>& dropped, Now now) {
  counters_.dropped += dropped.size();
  for (Dropped& drop : dropped) {
    Record(now, [&](v1::RecordEvent& event) {
      v1::MessageDropped& message = *event.mutable_message_dropped();
      *message.mutable_id() = std::move(drop.id);
      message.set_node(node.name);
      message.set_reason(std::move(drop.reason));
    });
  }
  dropped.clear();
}

}  // namespace entente::broker
