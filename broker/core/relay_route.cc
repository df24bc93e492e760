// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <tuple>

#include "broker/core/relay_impl.h"

namespace entente::broker {
namespace {

// A node attached at another broker is shed there first.
constexpr std::size_t kElsewhereHeadroom = 2;

bool SameOctets(ByteView a, ByteView b) {
  return AsText(a) == AsText(b);
}

}  // namespace

// Gathers the messages of a frame by precedence; EndFrame after the last.
void Relay::Impl::Take(Node& origin, const RoutingHeader& header, const EnvelopeRecord& record, const SharedSlice& frame, Now now) {
  route_ = RouteOf(origin, header);
  routed_header_ = header;
  RoutingSpan& span = spans_[static_cast<std::size_t>(header.precedence) - 1];
  if (!span.Add(header, record.record, route_)) {
    RouteSpan(span, origin, frame, now);
    span.Clear();
    span.Add(header, record.record, route_);
  }
  if (header.family == v1::FAMILY_TRACK && !header.object_id.empty()) picture_.Update(header.object_id, record.record);
}

void Relay::Impl::EndFrame(const Node& origin, const SharedSlice& frame, Now now) {
  for (RoutingSpan& span : spans_) {
    if (!span.empty()) RouteSpan(span, origin, frame, now);
    span.Clear();
  }
  route_.reset();
}

// Neighbours in a frame mostly share label, family and addressees: then not even the cache is asked.
std::shared_ptr<const Route> Relay::Impl::RouteOf(const Node& node, const RoutingHeader& header) {
  const bool same = route_ != nullptr && header.family == routed_header_.family && header.has_label == routed_header_.has_label &&
                    SameOctets(header.label, routed_header_.label) && SameOctets(header.addressees, routed_header_.addressees);
  return same ? route_ : router_.RouteOf(node.index, header);
}

void Relay::Impl::RouteSpan(const RoutingSpan& span, const Node& origin, const SharedSlice& frame, Now now) {
  std::vector<DroppedOf> dropped;
  DeliverSpan(span, origin, frame, dropped, now);
  RecordSpan(span, origin, now);
  for (const auto& route : span.routes()) {
    for (const RouteTarget& target : *route) recipients_[target.node] = {};
  }
  for (DroppedOf& of : dropped) RecordDropped(*of.node, of.messages, now);
}

// Each recipient gets one run; those to whom the same routes lead, the same.
void Relay::Impl::DeliverSpan(const RoutingSpan& span, const Node& origin, const SharedSlice& frame,
                              std::vector<DroppedOf>& dropped, Now now) {
  recipients_.resize(nodes_.size());
  for (std::size_t i = 0; i < span.routes().size(); ++i) {
    for (const RouteTarget& target : *span.routes()[i]) {
      if (target.decision.released) recipients_[target.node].routes |= RouteSet{1} << i;
      (target.decision.released ? counters_.routed : counters_.withheld) += span.MessagesOf(i);
    }
  }
  std::vector<std::pair<RouteSet, std::shared_ptr<const Run>>> runs;
  for (const auto& route : span.routes()) {
    for (const RouteTarget& target : *route) {
      Recipient& recipient = recipients_[target.node];
      if (recipient.routes == 0 || recipient.first_delivery != 0) continue;
      auto run = std::ranges::find(runs, recipient.routes, &decltype(runs)::value_type::first);
      if (run == runs.end()) {
        runs.emplace_back(recipient.routes, span.RunOf(recipient.routes, origin.name, frame, now.utc));
        run = std::prev(runs.end());
      }
      recipient.first_delivery = Deliver(nodes_[target.node], run->second, dropped);
    }
  }
}

std::uint64_t Relay::Impl::Deliver(Node& node, const std::shared_ptr<const Run>& run, std::vector<DroppedOf>& dropped) {
  const std::uint64_t first_delivery = node.queue.Enqueue(run);
  // What was shed in the past, the record says itself.
  if (deed_ != Deed::kPast) {
    std::vector<Dropped> shed;
    node.queue.Shed(QueueLimit(node), shed);
    if (!shed.empty()) dropped.push_back({&node, std::move(shed)});
  }
  MarkReady(node);
  return first_delivery;
}

void Relay::Impl::RecordSpan(const RoutingSpan& span, const Node& origin, Now now) {
  if (!sink_ || (deed_ != Deed::kOurs && (deed_ != Deed::kPast || origin.attached_at != config_.broker))) return;
  if (span.routes().size() == 1) {
    const RoutedRun run{.utc_ns = ToNanoseconds(now.utc),
                        .origin = origin.name,
                        .incarnation = span.incarnation(),
                        .precedence = span.precedence(),
                        .first_sequence = span.first_sequence(),
                        .count = span.size(),
                        .decisions = DecisionsOf(*span.routes().front())};
    return deed_ == Deed::kPast ? unsaid_.Add(ToEvent(run)) : Emit(run);
  }
  v1::RecordEvent event;
  event.set_utc_ns(ToNanoseconds(now.utc));
  v1::SpanRouted& routed = *event.mutable_span_routed();
  *routed.mutable_first() = ToProto({origin.name, span.incarnation(), span.precedence(), span.first_sequence()});
  for (const auto& route : span.routes()) {
    v1::SpanRoute& said = *routed.add_routes();
    for (const RoutedNode& decision : DecisionsOf(*route)) *said.add_decisions() = ToProto(decision);
  }
  routed.set_route_of(span.RouteOfEach());
  deed_ == Deed::kPast ? unsaid_.Add(std::move(event)) : Emit(std::move(event));
}

// Of the span under hand; valid until the next call.
std::span<const RoutedNode> Relay::Impl::DecisionsOf(const Route& route) {
  decisions_.clear();
  for (const auto& [node, decision] : route) {
    const std::string& name = nodes_[node].name;
    if (decision.released) {
      decisions_.push_back({name, true, {}, recipients_[node].first_delivery});
    } else {
      decisions_.push_back({name, false, decision.reason, 0});
    }
  }
  return decisions_;
}

std::size_t Relay::Impl::QueueLimit(const Node& node) const {
  const bool elsewhere = !node.attached_at.empty() && node.attached_at != config_.broker;
  return config_.limits.queue_octets * (elsewhere ? kElsewhereHeadroom : 1);
}

void Relay::Impl::ReplaceGuard(const ReleaseGuard& guard, Now now) {
  router_.ReplaceGuard(guard);
  for (Node& node : nodes_) {
    std::vector<Dropped> dropped;
    std::map<std::tuple<std::string_view, bool, std::string>, Decision> decided;
    const auto decide = [&](const Run& run, const RunEntry& entry) {
      const ByteView label = run.LabelOf(entry);
      const auto [known, fresh] = decided.try_emplace({run.origin, entry.has_label, ToText(label)});
      if (fresh) known->second = router_.Decide(entry.has_label, label, run.origin, node.index);
      return known->second;
    };
    node.queue.Judge(decide, dropped);
    RecordDropped(node, dropped, now);
  }
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
