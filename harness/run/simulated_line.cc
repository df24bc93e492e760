// SPDX-License-Identifier: Apache-2.0
#include "harness/run/simulated_line.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/io/files.h"

namespace entente::harness {
namespace {

// As a real transport's first waiting time before it dials again.
constexpr Duration kReconnectAfter = std::chrono::milliseconds(200);
constexpr std::uint64_t kSimulatedIncarnation = 1;

void Earliest(std::optional<Instant>& earliest, std::optional<Instant> candidate) {
  if (candidate && (!earliest || *candidate < *earliest)) earliest = candidate;
}

}  // namespace

SimulatedLine::SimulatedLine(const v1::NodePlan& plan, Recorder& recorder)
    : plan_(plan), link_events_(recorder.SinkFor("link " + plan.node())), harness_events_(recorder.SinkFor("harness")) {}

Result<std::unique_ptr<SimulatedLine>> SimulatedLine::Make(const PreparedRun& plan, std::size_t index,
                                                           gateway::GatewayShared& shared, const Clock& clock, broker::Relay& relay,
                                                           Recorder& recorder) {
  const v1::NodePlan& node = plan.exercise.nodes(static_cast<int>(index));
  const NodeSetup& setup = plan.setups[index];
  std::unique_ptr<SimulatedLine> line(new SimulatedLine(node, recorder));
  line->attached_ = std::make_unique<AttachedNode>(
      AttachedNode::Config{&setup, &node, &plan.exercise.policy(), kSimulatedIncarnation, plan.exercise.seed()}, shared, clock);
  if (Status built = line->BuildBackbone(plan, relay, recorder); !built) return std::unexpected(built.error());
  line->face_ =
      std::make_unique<DamageStage>(line->attached_->access(), FaceDamageOf(node, setup, plan.exercise.seed()), line->link_events_);
  if (node.has_replay()) {
    const auto content = ReadFile(plan.PathOf(node.replay().file()));
    if (!content) return std::unexpected(content.error());
    auto chunks = gateway::ReadRecording(*content, *setup.adapter);
    if (!chunks) return std::unexpected(chunks.error());
    const auto pace = gateway::PaceOf(node.replay());
    if (!pace) return std::unexpected(pace.error());
    line->replay_.emplace(*std::move(chunks), *pace);
  } else if (!node.external()) {
    if (Status built = line->BuildNode(plan, setup, recorder); !built) return std::unexpected(built.error());
  }
  return line;
}

Status SimulatedLine::BuildNode(const PreparedRun& plan, const NodeSetup& setup, Recorder& recorder) {
  const v1::Exercise& exercise = plan.exercise;
  const v1::Label* label = DefaultLabelOf(exercise.policy(), plan_.node());
  auto made = SimulatedNode::Make({.plan = plan_,
                                   .adapter = setup.adapter,
                                   .default_label = label == nullptr ? v1::Label{} : *label,
                                   .seed = exercise.seed(),
                                   .exercise = exercise.name(),
                                   .incarnation = kSimulatedIncarnation},
                                  InRightTime(recorder.SinkFor("node " + plan_.node()), clock_of_node_));
  if (!made) return std::unexpected(made.error());
  simulated_ = *std::move(made);
  clock_of_node_ = std::make_unique<NodeClock>(*simulated_, [this](Instant now) { return link_->ClockError(now); });
  damage_ = std::make_unique<DamageStage>(
      *clock_of_node_, DamageStageConfig{.node = plan_.node(), .adapter = setup.adapter, .seed = exercise.seed()}, link_events_);
  const auto chain = ChainOf(plan_.link());
  if (!chain) return std::unexpected(chain.error());
  link_ = std::make_unique<Link>(plan_.node(), LinkCarrierOf(setup.carrier), exercise.seed(), *chain);
  return {};
}

Status SimulatedLine::BuildBackbone(const PreparedRun& plan, broker::Relay& relay, Recorder& recorder) {
  std::unique_ptr<Link> link;
  const std::string name = BackboneNameOf(plan_.node());
  if (HasBackbone(plan.exercise, plan_)) {
    const auto chain = ChainOf(plan_.backbone());
    if (!chain) return std::unexpected(chain.error());
    link = std::make_unique<Link>(name, LinkCarrier::kStream, plan.exercise.seed(), *chain);
  }
  backbone_ = std::make_unique<SimulatedBackbone>(SimulatedBackbone::Ends{plan_.node(), attached_->client(), relay},
                                                  std::move(link), recorder.SinkFor("link " + name), harness_events_);
  return {};
}

void SimulatedLine::Open(Now now) {
  backbone_->Open(now);
  if (simulated_) Connect(now);
  if (plan_.external())
    harness_events_(NodeStateEvent(plan_.node(), v1::NODE_STATE_AWAITED, "simulated time has no real systems", "", now));
}

void SimulatedLine::SetRunning(bool running, Now now) {
  running_ = running;
  if (simulated_) simulated_->SetRunning(running, clock_of_node_->At(now));
  if (link_) running ? link_->ResumeLeases(now.instant) : link_->PauseLeases(now.instant);
  backbone_->SetRunning(running, now);
  if (replay_ && running && !connected_) {
    connected_ = true;
    attached_->access().OnConnected("recording " + plan_.replay().file(), now);
    replay_->Start(now);
  }
}

void SimulatedLine::Fire(const v1::Inject& inject, Now now) {
  if (simulated_) simulated_->Fire(inject, clock_of_node_->At(now));
}

void SimulatedLine::StartFault(const v1::FaultPlan& fault, Now now) {
  Status started;
  if (fault.has_damage()) {
    started = face_->StartFault(fault);
    if (started && damage_) started = damage_->StartFault(fault);
  } else if (fault.has_partition() || fault.has_messages()) {
    started = attached_->message_faults().StartFault(fault, now);
  } else {
    started = StartOnLink(fault, now);
  }
  if (!started) harness_events_(ProcessFaultEvent("fault " + fault.id() + " of " + plan_.node(), started.error().Text(), now));
}

Status SimulatedLine::StartOnLink(const v1::FaultPlan& fault, Now now) {
  auto on_link = LinkFaultOf(fault);
  if (!on_link) return std::unexpected(on_link.error());
  if (IsOfBackbone(fault)) {
    backbone_->StartFault(*std::move(on_link), now);
  } else if (link_) {
    link_->StartFault(*std::move(on_link), now.instant);
    ApplyLink(now);
  }
  return {};
}

std::string SimulatedLine::EndFault(const v1::FaultPlan& fault, Now now) {
  if (fault.has_damage()) {
    if (damage_) damage_->EndFault(fault.id());
    face_->EndFault(fault.id());
    return {};
  }
  if (fault.has_partition() || fault.has_messages()) {
    attached_->message_faults().EndFault(fault.id());
    return {};
  }
  if (IsOfBackbone(fault)) return backbone_->EndFault(fault.id(), now);
  if (!link_) return {};
  link_->EndFault(fault.id(), now.instant);
  ApplyLink(now);
  return link_->Probe(now.instant).text;
}

// A link that refuses connections, or ends the present one, has its way.
void SimulatedLine::ApplyLink(Now now) {
  RecordDecisions(link_->TakeDecisions(), now);
  const auto end = link_->TakeConnectionEnd();
  if (!connected_) return;
  if (link_->refuses()) {
    Disconnect("connection refused by an outage", now);
  } else if (end) {
    Disconnect(*end == ConnectionEnd::kReset ? "reset by the link" : "closed by the link", now);
  }
}

void SimulatedLine::Close(std::string_view reason, Now now) {
  attached_->access().Close(reason, now);
  if (connected_) Disconnect(reason, now);
  reconnect_at_.reset();
}

void SimulatedLine::Connect(Now now) {
  reconnect_at_.reset();
  if (link_->refuses()) {
    reconnect_at_ = now.instant + kReconnectAfter;
    return;
  }
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
  attached_->access().OnConnected("simulated", now);
  damage_->OnConnected("simulated", now);
}

void SimulatedLine::Disconnect(std::string_view reason, Now now) {
  connected_ = false;
  closing_.reset();
  if (link_) link_->Reset();
  if (damage_) damage_->OnDisconnected(reason, now);
  attached_->access().OnDisconnected(reason, now);
  if (simulated_) reconnect_at_ = now.instant + kReconnectAfter;
}

bool SimulatedLine::Pump(Now now) {
  if (connected_ && simulated_) {
    const std::string reason(!damage_->wants_close().empty() ? damage_->wants_close() : attached_->access().wants_close());
    if (!reason.empty()) BeginClose(damage_->wants_close().empty() ? LinkDirection::kToNode : LinkDirection::kToGateway, now);
    if (const auto at = CloseAt(); at && *at <= now.instant) Disconnect(reason.empty() ? "closed" : reason, now);
  }
  if (!connected_) return false;
  const bool up = MoveToGateway(now);
  const bool moved = MoveToNode(now) || up;
  if (link_) ApplyLink(now);
  return moved;
}

void SimulatedLine::BeginClose(LinkDirection direction, Now now) {
  if (closing_) return;
  closing_ = Closing{direction, now.instant};
  link_->channel(direction).NoteClose();
  RecordDecisions(link_->TakeDecisions(), now);
}

std::optional<Instant> SimulatedLine::CloseAt() const {
  if (!closing_) return std::nullopt;
  const Duration delay = link_->channel(closing_->direction).CloseDelay();
  return delay == Duration::max() ? std::nullopt : std::optional(closing_->since + delay);
}

bool SimulatedLine::MoveToGateway(Now now) {
  if (!simulated_) return false;
  bool moved = false;
  Channel& channel = link_->channel(LinkDirection::kToGateway);
  while (!channel.full()) {
    const auto output = damage_->NextOutput(now);
    if (!output) break;
    moved = true;
    RecordDecisions(channel.Offer(*output->octets, now.instant), now);
  }
  while (attached_->access().wants_input()) {
    const auto octets = channel.Take(now.instant);
    if (!octets) break;
    moved = true;
    attached_->access().OnReceived(*octets, now);
  }
  return moved;
}

bool SimulatedLine::MoveToNode(Now now) {
  bool moved = false;
  Channel* channel = link_ ? &link_->channel(LinkDirection::kToNode) : nullptr;
  while (channel == nullptr || !channel->full()) {
    const auto output = face_->NextOutput(now);
    if (!output) break;
    attached_->access().OnWritten(now);
    moved = true;
    // A recording has nobody behind it to read what it is sent.
    if (channel != nullptr) RecordDecisions(channel->Offer(*output->octets, now.instant), now);
  }
  if (channel == nullptr) return moved;
  while (const auto octets = channel->Take(now.instant)) {
    moved = true;
    damage_->OnReceived(*octets, now);
  }
  return moved;
}

void SimulatedLine::RecordDecisions(const std::vector<Decision>& decisions, Now now) {
  for (const Decision& decision : decisions) link_events_(ToEvent(decision, plan_.node(), now));
}

std::optional<Instant> SimulatedLine::NextDeadline() const {
  std::optional<Instant> earliest = reconnect_at_;
  Earliest(earliest, CloseAt());
  if (damage_) Earliest(earliest, damage_->NextDeadline());
  Earliest(earliest, attached_->access().NextDeadline());
  if (link_) Earliest(earliest, link_->NextDeadline());
  Earliest(earliest, backbone_->NextDeadline());
  if (replay_ && running_ && attached_->access().wants_input()) Earliest(earliest, replay_->NextDue());
  return earliest;
}

void SimulatedLine::OnDeadlines(Now now) {
  const auto due = [&](std::optional<Instant> deadline) { return deadline && *deadline <= now.instant; };
  if (due(reconnect_at_)) Connect(now);
  // Leases are the conductor's too: it records their ends.
  if (link_ && due(link_->NextDeadline())) link_->OnDeadline(now.instant);
  if (link_) ApplyLink(now);
  backbone_->OnDeadlines(now);
  if (damage_ && due(damage_->NextDeadline())) damage_->OnDeadline(now);
  if (due(attached_->access().NextDeadline())) attached_->access().OnDeadline(now);
  if (replay_ && running_ && due(replay_->NextDue())) {
    replay_->Emit(now, attached_->access(), [this](ByteView chunk, Now at) { return face_->Replace(chunk, at); });
  }
}

}  // namespace entente::harness
