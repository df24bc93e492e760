// SPDX-License-Identifier: Apache-2.0
#include "harness/run/simulated_backbone.h"

#include <algorithm>
#include <utility>

#include "broker/client/bus_stream.h"
#include "harness/run/node_setup.h"
#include "harness/run/prepared_run.h"

namespace entente::harness {

SimulatedBackbone::SimulatedBackbone(Ends ends, std::unique_ptr<Link> link, EventSink link_events, EventSink trouble)
    : ends_(std::move(ends)), link_(std::move(link)), link_events_(std::move(link_events)), trouble_(std::move(trouble)) {}

bool SimulatedBackbone::MoveToBroker(Now now) {
  if (!link_) return HandToBroker(now);
  bool moved = false;
  Channel& channel = link_->channel(LinkDirection::kToGateway);
  while (connected_ && !channel.full()) {
    const auto frame = ends_.client.NextFrame(now);
    if (!frame) break;
    moved = true;
    RecordDecisions(channel.Offer(Prefixed(*frame), now.instant), now);
  }
  while (connected_) {
    const auto octets = channel.Take(now.instant);
    if (!octets) break;
    moved = true;
    TakeAtBroker(*octets, now);
  }
  ApplyLink(now);
  return moved;
}

bool SimulatedBackbone::MoveToGateway(Now now) {
  if (!link_) return HandToGateway(now);
  bool moved = false;
  Channel& channel = link_->channel(LinkDirection::kToNode);
  while (connected_ && !channel.full()) {
    const auto frame = ends_.relay.NextFrame(ends_.node, now);
    if (!frame) break;
    moved = true;
    RecordDecisions(channel.Offer(Prefixed(frame->Flatten()), now.instant), now);
  }
  while (connected_) {
    const auto octets = channel.Take(now.instant);
    if (!octets) break;
    moved = true;
    TakeAtGateway(*octets, now);
  }
  ApplyLink(now);
  return moved;
}

bool SimulatedBackbone::HandToBroker(Now now) {
  bool moved = false;
  while (auto frame = ends_.client.NextFrame(now)) {
    moved = true;
    TellIfBroken(Take(*std::move(frame), now), now);
  }
  return moved;
}

bool SimulatedBackbone::HandToGateway(Now now) {
  bool moved = false;
  while (auto frame = ends_.relay.NextFrame(ends_.node, now)) {
    moved = true;
    TellIfBroken(ends_.client.OnFrame(frame->Flatten(), now), now);
  }
  return moved;
}

Status SimulatedBackbone::Take(Bytes frame, Now now) {
  if (ends_.relay.IsAttached(ends_.node)) return ends_.relay.OnFrame(ends_.node, broker::SharedSlice(std::move(frame)), now);
  v1::ClientFrame first;
  if (!first.ParseFromArray(frame.data(), static_cast<int>(frame.size())) || !first.has_hello()) {
    return Fail(ErrorCode::kDataLoss, "the first frame has no hello", ends_.node);
  }
  const auto attached = ends_.relay.Attach(first.hello(), {}, now);
  return attached ? Status() : std::unexpected(attached.error());
}

void SimulatedBackbone::TakeAtBroker(ByteView octets, Now now) {
  at_broker_.Append(octets);
  while (connected_) {
    auto frame = at_broker_.Next();
    if (!frame) return Break(frame.error().Text(), now);
    if (!*frame) return;
    if (const Status taken = Take(**std::move(frame), now); !taken) return Break(taken.error().Text(), now);
  }
}

void SimulatedBackbone::TakeAtGateway(ByteView octets, Now now) {
  at_gateway_.Append(octets);
  while (connected_) {
    const auto frame = at_gateway_.Next();
    if (!frame) return Break(frame.error().Text(), now);
    if (!*frame) return;
    if (const Status taken = ends_.client.OnFrame(**frame, now); !taken) return Break(taken.error().Text(), now);
    if (ends_.client.welcomed()) attempts_ = 0;
  }
}

void SimulatedBackbone::StartFault(LinkFault fault, Now now) {
  if (!link_) return;
  link_->StartFault(std::move(fault), now.instant);
  ApplyLink(now);
}

std::string SimulatedBackbone::EndFault(std::string_view id, Now now) {
  if (!link_) return {};
  link_->EndFault(id, now.instant);
  ApplyLink(now);
  return link_->Probe(now.instant).text;
}

void SimulatedBackbone::SetRunning(bool running, Now now) {
  if (link_) running ? link_->ResumeLeases(now.instant) : link_->PauseLeases(now.instant);
}

void SimulatedBackbone::ApplyLink(Now now) {
  RecordDecisions(link_->TakeDecisions(), now);
  const auto end = link_->TakeConnectionEnd();
  if (!connected_) return;
  if (link_->refuses()) {
    Break("connection refused by an outage", now);
  } else if (end) {
    Break(*end == ConnectionEnd::kReset ? "reset by the link" : "closed by the link", now);
  }
}

void SimulatedBackbone::Break(std::string_view reason, Now now) {
  connected_ = false;
  ends_.relay.Detach(ends_.node, reason, now);
  ends_.client.OnDisconnected(reason, now);
  link_->Reset();
  at_broker_.Clear();
  at_gateway_.Clear();
  static const std::vector<Duration> waits = broker::BusStreamConfig{}.backoff;
  reconnect_at_ = now.instant + waits[std::min(attempts_++, waits.size() - 1)];
}

void SimulatedBackbone::Connect(Now now) {
  reconnect_at_.reset();
  if (link_->refuses()) return Break("connection refused by an outage", now);
  link_->Reset();
  if (!opening_) {
    const Duration delay = link_->OpenConnection();
    RecordDecisions(link_->TakeDecisions(), now);
    if (delay > Duration{0}) {
      opening_ = true;
      reconnect_at_ = now.instant + delay;
      return;
    }
  }
  opening_ = false;
  connected_ = true;
  ends_.client.OnConnected(now);
}

std::optional<Instant> SimulatedBackbone::NextDeadline() const {
  if (!link_) return std::nullopt;
  const auto next = link_->NextDeadline();
  if (!reconnect_at_ || !next) return next ? next : reconnect_at_;
  return std::min(*next, *reconnect_at_);
}

void SimulatedBackbone::OnDeadlines(Now now) {
  if (!link_) return;
  if (reconnect_at_ && *reconnect_at_ <= now.instant) Connect(now);
  // Leases are the conductor's too: it records their ends.
  if (const auto next = link_->NextDeadline(); next && *next <= now.instant) link_->OnDeadline(now.instant);
  ApplyLink(now);
}

void SimulatedBackbone::RecordDecisions(const std::vector<Decision>& decisions, Now now) {
  for (const Decision& decision : decisions) link_events_(ToEvent(decision, link_->name(), now));
}

void SimulatedBackbone::TellIfBroken(const Status& status, Now now) {
  if (!status) trouble_(ProcessFaultEvent("bus", status.error().Text(), now));
}

}  // namespace entente::harness
