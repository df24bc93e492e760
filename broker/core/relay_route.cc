// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "broker/core/relay_impl.h"

namespace entente::broker {
namespace {

// A node attached at another broker is shed there first.
constexpr std::size_t kElsewhereHeadroom = 2;

bool SameOctets(ByteView a, ByteView b) {
  return AsText(a) == AsText(b);
}

}  // namespace

// Gathers what goes to the same nodes under the same label; EndRun after the last message of the frame.
void Relay::Impl::Take(Node& origin, const RoutingHeader& header, const EnvelopeRecord& record, const SharedSlice& frame, Now now) {
  auto route = RouteOf(origin, header);
  if (route != route_ || !SameOctets(header.label, routed_header_.label) || !run_.Continues(header, record.record)) {
    if (!run_.empty()) RouteRun(run_, origin, *route_, frame, now);
  }
  route_ = std::move(route);
  routed_header_ = header;
  run_.Add(header, origin.name, record.record);
  if (header.family == v1::FAMILY_TRACK && !header.object_id.empty()) picture_.Update(header.object_id, record.record);
  run_origin_ = &origin;
}

void Relay::Impl::EndRun(const SharedSlice& frame, Now now) {
  if (!run_.empty()) RouteRun(run_, *run_origin_, *route_, frame, now);
  route_.reset();
}

// Neighbours in a frame mostly share label, family and addressees: then not even the cache is asked.
std::shared_ptr<const Route> Relay::Impl::RouteOf(const Node& node, const RoutingHeader& header) {
  const bool same = route_ != nullptr && header.family == routed_header_.family && header.has_label == routed_header_.has_label &&
                    SameOctets(header.label, routed_header_.label) && SameOctets(header.addressees, routed_header_.addressees);
  return same ? route_ : router_.RouteOf(node.index, header);
}

void Relay::Impl::RouteRun(RunBuilder& builder, const Node& origin, const Route& route, const SharedSlice& frame, Now now) {
  const std::size_t count = builder.count();
  RoutedRun routed = builder.Routed();
  const bool anywhere = std::ranges::any_of(route, [](const RouteTarget& target) { return target.decision.released; });
  const std::shared_ptr<const Run> run = anywhere ? builder.Share(frame, now.utc) : nullptr;
  builder.Clear();
  const bool said = sink_ && (deed_ == Deed::kOurs || (deed_ == Deed::kPast && origin.attached_at == config_.broker));
  decisions_.clear();
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
    if (!said) continue;
    const bool released = target.decision.released;
    decisions_.push_back(
        {nodes_[target.node].name, released, released ? std::string_view() : target.decision.reason, first_delivery});
  }
  if (said) {
    routed.utc_ns = ToNanoseconds(now.utc);
    routed.decisions = decisions_;
    deed_ == Deed::kPast ? unsaid_.Add(std::move(*ToEvent(routed).mutable_message_routed())) : Emit(routed);
  }
  for (auto& [node, dropped] : dropped_of) RecordDropped(*node, dropped, now);
}

std::uint64_t Relay::Impl::Deliver(Node& node, const std::shared_ptr<const Run>& run, std::vector<Dropped>& dropped) {
  const std::uint64_t first_delivery = node.queue.Enqueue(run);
  // What was shed in the past, the record says itself.
  if (deed_ != Deed::kPast) node.queue.Shed(QueueLimit(node), dropped);
  MarkReady(node);
  return first_delivery;
}

std::size_t Relay::Impl::QueueLimit(const Node& node) const {
  const bool elsewhere = !node.attached_at.empty() && node.attached_at != config_.broker;
  return config_.limits.queue_octets * (elsewhere ? kElsewhereHeadroom : 1);
}

void Relay::Impl::ReplaceGuard(const ReleaseGuard& guard, Now now) {
  router_.ReplaceGuard(guard);
  for (Node& node : nodes_) {
    std::vector<Dropped> dropped;
    const auto decide = [&](const Run& run) { return router_.Decide(run.has_label, run.label(), run.origin, node.index); };
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
