// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "broker/core/departure.h"
#include "broker/core/relay_impl.h"

namespace entente::broker {
namespace {

constexpr std::int64_t kMostCredit = std::int64_t{1} << 40;

}  // namespace

Status Relay::Impl::OnFrame(std::string_view name, const SharedSlice& frame, Now now, std::vector<std::string>* record_events) {
  Node* node = Find(name);
  if (node == nullptr || !node->attached) {
    return Fail(ErrorCode::kNotFound, "the node is not attached", "node " + std::string(name), "say hello first");
  }
  if (node->goodbye_due || node->goodbye_said || node->leaving) return {};
  if (!node->welcomed) {
    return Break(*node, {ErrorCode::kInvalidArgument, "a frame before the welcome", {}, "read the welcome first"});
  }
  if (Status split = SplitFrame(frame.view(), config_.limits.frame_octets, parts_); !split) return Break(*node, split.error());
  std::string leave_reason;
  if (!parts_.control.empty()) {
    if (Status control = OnControl(*node, now, record_events, leave_reason); !control) return Break(*node, control.error());
  }
  if (!parts_.envelopes.empty()) Publish(*node, frame, now);
  if (!leave_reason.empty()) {
    node->leaving = true;
    Change(DetachedEvent(*node, leave_reason), now);
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
  if (control.has_leave()) leave_reason = LeftFor(control.leave().reason());
  MarkReady(node);
  return {};
}

// One event per precedence and frame, with the last cursor. What was acknowledged goes at once: it could only come back, with all
// that the record has no word of, by the end of this process.
Status Relay::Impl::OnAcknowledgements(Node& node, const v1::ClientFrame& control, Now now) {
  std::map<v1::Precedence, std::uint64_t> cursors;
  for (const v1::Acknowledgement& acknowledgement : control.acknowledgement()) {
    if (!node.queue.WasNumbered(acknowledgement.precedence(), acknowledgement.delivery())) {
      return Fail(ErrorCode::kInvalidArgument,
                  "acknowledges delivery " + std::to_string(acknowledgement.delivery()) + ", which was never sent", {},
                  "acknowledge delivered numbers only, per precedence");
    }
    node.queue.Acknowledge(acknowledgement.precedence(), acknowledgement.delivery());
    std::uint64_t& cursor = cursors[acknowledgement.precedence()];
    cursor = std::max(cursor, acknowledgement.delivery());
  }
  for (const auto& [precedence, delivery] : cursors) RecordAcknowledged(node, precedence, delivery, now);
  return {};
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
  if (!node.may_publish) return refuse(*header, Refusal::kMayNotPublish);
  OriginLedger* ledger = header->incarnation == node.stream_incarnation ? node.incarnations.Find(node.stream_incarnation) : nullptr;
  if (ledger == nullptr) return refuse(*header, Refusal::kOtherIncarnation);
  if (refusing_ && !ledger->Has(header->precedence, header->sequence)) return refuse(*header, Refusal::kNotRecorded);
  switch (ledger->Accept(header->precedence, header->sequence)) {
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
    Emit(AcceptedMessage{ToNanoseconds(now.utc), node.name, header->incarnation, header->precedence, header->sequence,
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
  if (refusing_ && ++refused_meanwhile_ > config_.limits.unrecorded_events) held_ = true;
  OriginLedger* ledger = node.incarnations.Find(node.stream_incarnation);
  if (ledger == nullptr || !ledger->Refuse(header.precedence, header.sequence, Text(refusal))) {
    Close(node.name, "too many refused messages in a row; read the receipts");
  }
}

void Relay::Impl::Publish(Node& node, const SharedSlice& frame, Now now) {
  if (LogOrdered()) return Await(node, frame, now);
  for (const EnvelopeRecord& record : parts_.envelopes) {
    if (node.goodbye_due) break;
    const auto header = Accept(node, record, now);
    if (!header) continue;
    node.incarnations.Find(header->incarnation)->Apply(header->precedence, header->sequence);
    Take(node, *header, record, frame, now);
  }
  EndFrame(node, frame, now);
  MarkReady(node);
}

void Relay::Impl::Await(Node& node, const SharedSlice& frame, Now now) {
  Pending pending{.origin = &node, .frame = frame};
  for (const EnvelopeRecord& record : parts_.envelopes) {
    if (node.goodbye_due) break;
    if (Accept(node, record, now)) pending.messages.push_back(record);
  }
  MarkReady(node);
  if (pending.messages.empty()) return;
  pending.events = counters_.events;
  pending_octets_ += frame.size();
  node.unrecorded_octets += frame.size();
  pending_.push_back(std::move(pending));
  held_ = held_ || pending_octets_ > config_.limits.unrecorded_octets ||
          counters_.events - recorded_ > config_.limits.unrecorded_events;
}

// An event that changes where a node is, or what it wants.
void Relay::Impl::Change(v1::RecordEvent event, Now now) {
  event.set_utc_ns(ToNanoseconds(now.utc));
  if (!LogOrdered()) {
    Emit(event);
    return ApplyOwnChange(event, now);
  }
  pending_.push_back({.events = counters_.events + 1, .change = event});
  Emit(std::move(event));
}

void Relay::Impl::RefuseMessages(bool refuse) {
  if (refusing_ == refuse) return;
  refusing_ = refuse;
  refused_meanwhile_ = 0;
  if (!refuse) Release();
}

bool Relay::Impl::WantsFrames(std::string_view name) const {
  const Node* node = Find(name);
  return node != nullptr && node->welcomed && !held_;
}

}  // namespace entente::broker
