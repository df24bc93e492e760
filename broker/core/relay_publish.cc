// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "broker/core/relay_impl.h"

namespace entente::broker {
namespace {

// A durable queue may pass its limit while publishers run out of receipts; past this many limits it loses, with a reason.
constexpr std::size_t kDurableHeadroom = 4;
constexpr std::int64_t kMostCredit = std::int64_t{1} << 40;

bool SameOctets(ByteView a, ByteView b) {
  return AsText(a) == AsText(b);
}

}  // namespace

Status Relay::Impl::OnFrame(std::string_view name, const SharedSlice& frame, Now now, std::vector<std::string>* record_events) {
  Node* node = Find(name);
  if (node == nullptr || !node->attached) {
    return Fail(ErrorCode::kNotFound, "the node is not attached", "node " + std::string(name), "say hello first");
  }
  if (node->goodbye_due || node->goodbye_said) return {};
  if (Status split = SplitFrame(frame.view(), config_.limits.frame_octets, parts_); !split) return Break(*node, split.error());
  std::string leave_reason;
  if (!parts_.control.empty()) {
    if (Status control = OnControl(*node, now, record_events, leave_reason); !control) return Break(*node, control.error());
  }
  if (!parts_.envelopes.empty()) Publish(*node, frame, now);
  if (!leave_reason.empty()) {
    Forget(*node, "node left", now);
    router_.Subscribe(node->index, {});
    Close(node->name, leave_reason);
  }
  return {};
}

Status Relay::Impl::OnControl(Node& node, Now now, std::vector<std::string>* record_events, std::string& leave_reason) {
  v1::ClientFrame control;
  if (!control.ParseFromString(parts_.control)) {
    return Fail(ErrorCode::kDataLoss, "a frame whose fields cannot be parsed", {},
                "both ends must speak entente.v1.Bus, version 1");
  }
  if (control.has_hello()) {
    return Fail(ErrorCode::kInvalidArgument, "a second hello on one stream", {}, "open a new stream to attach again");
  }
  if (Status acknowledged = OnAcknowledgements(node, control, now); !acknowledged) return acknowledged;
  if (control.has_credit()) {
    const auto granted = static_cast<std::int64_t>(std::min<std::uint64_t>(control.credit().octets(), kMostCredit));
    node.credit = std::min(node.credit + granted, kMostCredit);
  }
  if (control.has_clock_probe()) {
    v1::ClockProbe& probe = *node.control.mutable_clock_probe();
    probe.set_t1_ns(control.clock_probe().t1_ns());
    probe.set_t2_ns(ToNanoseconds(now.utc));
    node.control_due = true;
  }
  if (record_events != nullptr) {
    for (std::string& event : *control.mutable_record_event()) record_events->push_back(std::move(event));
  }
  if (control.has_leave()) leave_reason = control.leave().reason().empty() ? "left" : "left: " + control.leave().reason();
  MarkReady(node);
  return {};
}

// One event per precedence and frame, with the last cursor.
Status Relay::Impl::OnAcknowledgements(Node& node, const v1::ClientFrame& control, Now now) {
  std::map<v1::Precedence, std::uint64_t> cursors;
  for (const v1::Acknowledgement& acknowledgement : control.acknowledgement()) {
    if (!node.queue.Acknowledge(acknowledgement.precedence(), acknowledgement.delivery())) {
      return Fail(ErrorCode::kInvalidArgument,
                  "acknowledges delivery " + std::to_string(acknowledgement.delivery()) + ", which was never sent", {},
                  "acknowledge delivered numbers only, per precedence");
    }
    std::uint64_t& cursor = cursors[acknowledgement.precedence()];
    cursor = std::max(cursor, acknowledgement.delivery());
  }
  for (const auto& [precedence, delivery] : cursors) RecordAcknowledged(node, precedence, delivery, now);
  return {};
}

void Relay::Impl::RecordAcknowledged(const Node& node, v1::Precedence precedence, std::uint64_t delivery, Now now) {
  Record(now, [&](v1::RecordEvent& event) {
    v1::DeliveryAcknowledged& acknowledged = *event.mutable_delivery_acknowledged();
    acknowledged.set_node(node.name);
    acknowledged.set_precedence(precedence);
    acknowledged.set_delivery(delivery);
  });
}

void Relay::Impl::Forget(Node& node, std::string_view reason, Now now) {
  std::vector<Dropped> dropped;
  node.queue.Clear(reason, std::string(reason) + ", without an acknowledgement", dropped);
  RecordDropped(node, dropped, now);
  Congestion(node);
}

std::optional<RoutingHeader> Relay::Impl::Accept(Node& node, const EnvelopeRecord& record, Now now) {
  const auto refuse = [&](const RoutingHeader& header, Refusal refusal) {
    Refuse(node, header, refusal, now);
    return std::nullopt;
  };
  auto header = WalkRoutingHeader(record.envelope);
  if (!header) return refuse(header.error().header, header.error().refusal);
  if (record.envelope.size() > config_.limits.envelope_octets) return refuse(*header, Refusal::kTooLarge);
  if (header->origin != node.name) return refuse(*header, Refusal::kNotOwnOrigin);
  if (header->incarnation != node.incarnation) return refuse(*header, Refusal::kOtherIncarnation);
  switch (node.ledger.Accept(header->precedence, header->sequence)) {
    case OriginLedger::Arrival::kDuplicate:
      ++counters_.duplicates;
      return std::nullopt;
    case OriginLedger::Arrival::kAfterGap:
      ++counters_.sequence_gaps;
      break;
    case OriginLedger::Arrival::kNext:
      break;
  }
  ++counters_.accepted;
  if (sink_) {
    sink_(AcceptedMessage{ToNanoseconds(now.utc), node.name, header->incarnation, header->precedence, header->sequence,
                          record.envelope});
  }
  return *header;
}

void Relay::Impl::Refuse(Node& node, const RoutingHeader& header, Refusal refusal, Now now) {
  ++counters_.refused;
  Record(now, [&](v1::RecordEvent& event) {
    v1::MessageRefused& refused = *event.mutable_message_refused();
    *refused.mutable_id() = ToProto({std::string(header.origin), header.incarnation, header.precedence, header.sequence});
    refused.set_node(node.name);
    refused.set_reason(std::string(Text(refusal)));
  });
  if (!node.ledger.Refuse(header.precedence, header.sequence, Text(refusal))) {
    Close(node.name, "too many refused messages in a row; read the receipts");
  }
}

void Relay::Impl::Publish(Node& node, const SharedSlice& frame, Now now) {
  const std::uint64_t accepted_before = counters_.accepted;
  const auto flush = [&] {
    if (!run_.empty()) RouteRun(run_, *route_, frame, now);
  };
  route_.reset();
  for (const EnvelopeRecord& record : parts_.envelopes) {
    if (node.goodbye_due) break;
    const auto header = Accept(node, record, now);
    if (!header) continue;
    auto route = RouteOf(node, *header);
    if (route != route_ || !SameOctets(header->label, routed_header_.label) || !run_.Continues(*header, record.record)) flush();
    route_ = std::move(route);
    routed_header_ = *header;
    run_.Add(*header, node.name, record.record);
    if (header->family == v1::FAMILY_TRACK && !header->object_id.empty()) picture_.Update(header->object_id, record.record);
  }
  flush();
  route_.reset();
  if (counters_.accepted != accepted_before) node.ledger.MarkAccepted(counters_.accepted);
  if (config_.mode == DeliveryMode::kRelay) node.ledger.Recorded(counters_.accepted);
  MarkReady(node);
}

// Neighbours in a frame mostly share label, family and addressees: then not even the cache is asked.
std::shared_ptr<const Route> Relay::Impl::RouteOf(const Node& node, const RoutingHeader& header) {
  const bool same = route_ != nullptr && header.family == routed_header_.family && header.has_label == routed_header_.has_label &&
                    SameOctets(header.label, routed_header_.label) && SameOctets(header.addressees, routed_header_.addressees);
  return same ? route_ : router_.RouteOf(node.index, header);
}

void Relay::Impl::RouteRun(RunBuilder& builder, const Route& route, const SharedSlice& frame, Now now) {
  const std::size_t count = builder.count();
  const v1::MessageId first = builder.FirstId();
  const bool anywhere = std::ranges::any_of(route, [](const RouteTarget& target) { return target.decision.released; });
  const std::shared_ptr<const Run> run = anywhere ? builder.Share(frame) : nullptr;
  builder.Clear();
  v1::MessageRouted routed;
  std::vector<std::pair<const Node*, std::vector<Dropped>>> dropped_of;
  for (const RouteTarget& target : route) {
    std::uint64_t first_delivery = 0;
    if (target.decision.released) {
      std::vector<Dropped> dropped;
      first_delivery = Deliver(nodes_[target.node], run, dropped);
      if (!dropped.empty()) dropped_of.emplace_back(&nodes_[target.node], std::move(dropped));
      counters_.routed += count;
    } else {
      counters_.withheld += count;
    }
    if (!sink_) continue;
    v1::RouteDecision& decision = *routed.add_decisions();
    decision.set_node(nodes_[target.node].name);
    decision.set_released(target.decision.released);
    if (!target.decision.released) decision.set_reason(std::string(target.decision.reason));
    decision.set_first_delivery(first_delivery);
  }
  Record(now, [&](v1::RecordEvent& event) {
    *routed.mutable_first() = first;
    routed.set_count(count);
    *event.mutable_message_routed() = std::move(routed);
  });
  for (auto& [node, dropped] : dropped_of) RecordDropped(*node, dropped, now);
}

std::uint64_t Relay::Impl::Deliver(Node& node, const std::shared_ptr<const Run>& run, std::vector<Dropped>& dropped) {
  const std::uint64_t first_delivery = node.queue.Enqueue(run);
  node.queue.Shed(QueueLimit(node), dropped);
  Congestion(node);
  MarkReady(node);
  return first_delivery;
}

std::size_t Relay::Impl::QueueLimit(const Node& node) const {
  const bool publishers_wait = config_.mode == DeliveryMode::kDurable && node.attached;
  return config_.limits.queue_octets * (publishers_wait ? kDurableHeadroom : 1);
}

v1::ExplainReply Relay::Impl::Explain(ByteView envelope) const {
  v1::ExplainReply reply;
  const auto header = WalkRoutingHeader(envelope);
  if (!header || envelope.size() > config_.limits.envelope_octets) {
    reply.set_refused(std::string(Text(header ? Refusal::kTooLarge : header.error().refusal)));
    return reply;
  }
  for (const Node& node : nodes_) {
    if (node.name == header->origin) continue;
    const Decision decision = router_.Decide(header->has_label, header->label, header->origin, node.index);
    v1::ExplainedRecipient& recipient = *reply.add_recipients();
    recipient.set_node(node.name);
    recipient.set_subscribed(router_.IsSubscribed(node.index, *header));
    recipient.set_released(decision.released);
    recipient.set_reason(std::string(decision.reason));
  }
  return reply;
}

}  // namespace entente::broker
