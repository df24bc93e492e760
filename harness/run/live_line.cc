// SPDX-License-Identifier: Apache-2.0
#include "harness/run/live_line.h"

#include <fmt/format.h>

#include <utility>

namespace entente::harness {
namespace {

std::string ToText(const v1::Endpoint& endpoint) {
  return fmt::format("{}:{}", endpoint.host(), endpoint.port());
}

std::unexpected<Error> Named(Error error, std::string_view node) {
  error.where = fmt::format("node {}{}{}", node, error.where.empty() ? "" : ", ", error.where);
  return std::unexpected(std::move(error));
}

}  // namespace

LiveLine::LiveLine(asio::io_context& context, const Clock& clock, const PreparedRun& plan, std::size_t index,
                   gateway::GatewayShared& shared, std::uint64_t incarnation, Recorder& recorder)
    : context_(context),
      clock_(clock),
      prepared_(plan),
      plan_(plan.exercise.nodes(static_cast<int>(index))),
      setup_(plan.setups[index]),
      harness_events_(recorder.SinkFor("harness")),
      link_events_(recorder.SinkFor("link " + plan_.node())),
      access_(context, clock, plan, index, shared, incarnation),
      face_(access_.access(), FaceDamageOf(plan_, setup_, plan.exercise.seed()), link_events_) {
  access_.SetFace(face_);
  access_.SetAlter([this](ByteView chunk, Now now) { return face_.Replace(chunk, now); });
}

Result<std::unique_ptr<LiveLine>> LiveLine::Make(asio::io_context& context, const Clock& clock, const PreparedRun& plan,
                                                 std::size_t index, gateway::GatewayShared& shared, std::uint64_t incarnation,
                                                 Recorder& recorder) {
  std::unique_ptr<LiveLine> line(new LiveLine(context, clock, plan, index, shared, incarnation, recorder));
  const v1::NodePlan& node = line->plan_;
  if (!node.external() && !node.has_replay()) {
    if (Status built = line->BuildNode(recorder); !built) return std::unexpected(built.error());
  }
  if (!node.has_replay() && line->setup_.transport != adapter::TransportKind::kUdpMulticast) {
    const auto chain = ChainOf(node.link());
    if (!chain) return Named(chain.error(), node.node());
    line->link_ = std::make_unique<LiveLink>(context, clock, node, line->setup_, plan.exercise.seed(), *chain, line->link_events_);
  }
  return line;
}

Status LiveLine::BuildNode(Recorder& recorder) {
  const v1::Exercise& exercise = prepared_.exercise;
  const v1::Label* label = DefaultLabelOf(exercise.policy(), plan_.node());
  auto made = SimulatedNode::Make({.plan = plan_,
                                   .adapter = setup_.adapter,
                                   .default_label = label == nullptr ? v1::Label{} : *label,
                                   .seed = exercise.seed(),
                                   .exercise = exercise.name()},
                                  InRightTime(recorder.SinkFor("node " + plan_.node()), clock_of_node_));
  if (!made) return std::unexpected(made.error());
  simulated_ = *std::move(made);
  clock_of_node_ = std::make_unique<NodeClock>(*simulated_, [this](Instant now) { return ClockError(now); });
  damage_ = std::make_unique<DamageStage>(
      *clock_of_node_, DamageStageConfig{.node = plan_.node(), .adapter = setup_.adapter, .seed = exercise.seed()}, link_events_);
  return {};
}

Status LiveLine::Open(std::span<const std::string> brokers, std::shared_ptr<grpc::ChannelCredentials> credentials) {
  credentials_ = std::move(credentials);
  if (plan_.has_replay()) {
    endpoint_ = plan_.replay().file();
    return StartAccess({}, brokers);
  }
  switch (setup_.transport) {
    case adapter::TransportKind::kTcp:
    case adapter::TransportKind::kTls:
      return plan_.has_dial() ? OpenDialledStream(brokers) : OpenStream(brokers);
    case adapter::TransportKind::kUdp:
      return OpenDatagrams(brokers);
    case adapter::TransportKind::kUdpMulticast:
      return OpenMulticast(brokers);
  }
  return {};
}

Status LiveLine::StartAccess(const AccessEndpoint& endpoint, std::span<const std::string> brokers) {
  return access_.Start(endpoint, brokers, credentials_);
}

// node ──dials──► link ──► access point
Status LiveLine::OpenStream(std::span<const std::string> brokers) {
  v1::Endpoint any;
  any.set_host("127.0.0.1");
  if (Status started = StartAccess({gateway::TransportRole::kListen, any, {}}, brokers); !started) return started;
  const auto facing_node = link_->StartStream(plan_.listen(), EndpointOf(access_.endpoint()), true);
  if (!facing_node) return Named(facing_node.error(), node());
  endpoint_ = ToText(*facing_node);
  return StartNode({gateway::TransportRole::kDial, *facing_node, {}});
}

// access point ──dials──► link ──► node
Status LiveLine::OpenDialledStream(std::span<const std::string> brokers) {
  if (Status started = StartNode({gateway::TransportRole::kListen, plan_.dial(), {}}); !started) return started;
  const v1::Endpoint target = node_transport_ ? EndpointOf(node_transport_->endpoint()) : plan_.dial();
  const auto facing_gateway = link_->StartStream({}, target, false);
  if (!facing_gateway) return Named(facing_gateway.error(), node());
  endpoint_ = ToText(target);
  return StartAccess({gateway::TransportRole::kDial, *facing_gateway, {}}, brokers);
}

Status LiveLine::OpenDatagrams(std::span<const std::string> brokers) {
  const auto facing = link_->StartDatagrams(plan_.listen());
  if (!facing) return Named(facing.error(), node());
  endpoint_ = ToText(facing->node);
  v1::Endpoint any;
  any.set_host("127.0.0.1");
  if (Status started = StartAccess({gateway::TransportRole::kListen, any, facing->gateway}, brokers); !started) return started;
  if (Status started = StartNode({gateway::TransportRole::kListen, any, facing->node}); !started) return started;
  const v1::Endpoint peer = node_transport_ ? EndpointOf(node_transport_->endpoint()) : plan_.dial();
  if (Status told = link_->TellPeers(peer, EndpointOf(access_.endpoint())); !told) return Named(told.error(), node());
  return {};
}

Status LiveLine::OpenMulticast(std::span<const std::string> brokers) {
  const AccessEndpoint group{gateway::TransportRole::kListen, plan_.dial(), {}};
  if (Status started = StartAccess(group, brokers); !started) return started;
  endpoint_ = access_.endpoint();
  v1::Endpoint at = plan_.dial();
  at.set_port(EndpointOf(endpoint_).port());
  return StartNode({gateway::TransportRole::kListen, at, {}});
}

Status LiveLine::StartNode(const AccessEndpoint& endpoint) {
  if (!damage_) {
    harness_events_(NodeStateEvent(node(), v1::NODE_STATE_AWAITED, "a real system", endpoint_, clock_.Read()));
    return {};
  }
  node_transport_ = gateway::MakeTransport(context_, clock_, TransportConfigOf(prepared_, plan_, setup_, endpoint), *damage_);
  if (Status started = node_transport_->Start(); !started) return Named(started.error(), node());
  return {};
}

void LiveLine::SetRunning(bool running, Now now) {
  if (simulated_) simulated_->SetRunning(running, clock_of_node_->At(now));
  if (link_) link_->SetRunning(running, now.instant);
  if (plan_.has_replay() && running && !replay_started_) {
    replay_started_ = true;
    if (Status started = access_.StartReplay(); !started) {
      harness_events_(ProcessFaultEvent("replay " + node(), started.error().Text(), now));
    }
  }
}

void LiveLine::Fire(const v1::Inject& inject, Now now) {
  if (simulated_) simulated_->Fire(inject, clock_of_node_->At(now));
}

void LiveLine::StartFault(const v1::FaultPlan& fault, Now now) {
  Status started;
  if (fault.has_damage()) {
    started = face_.StartFault(fault);
    if (started && damage_) started = damage_->StartFault(fault);
  } else if (fault.has_partition() || fault.has_messages()) {
    started = access_.message_faults().StartFault(fault, now);
  } else if (link_) {
    auto on_link = LinkFaultOf(fault);
    if (on_link) {
      link_->StartFault(*std::move(on_link), now.instant);
    } else {
      started = std::unexpected(on_link.error());
    }
  }
  if (!started) harness_events_(ProcessFaultEvent("fault " + fault.id() + " of " + node(), started.error().Text(), now));
}

std::string LiveLine::EndFault(const v1::FaultPlan& fault, Now now) {
  if (fault.has_damage()) {
    if (damage_) damage_->EndFault(fault.id());
    face_.EndFault(fault.id());
    return {};
  }
  if (fault.has_partition() || fault.has_messages()) {
    access_.message_faults().EndFault(fault.id());
    return {};
  }
  return link_ ? link_->EndFault(fault.id(), now.instant) : std::string{};
}

Status LiveLine::MayFault(const v1::FaultPlan& fault) const {
  if (fault.has_damage()) {
    if (damage_) return {};
    return Fail(ErrorCode::kUnsupported, "it is not simulated, so what it sends cannot be damaged", "node " + node(),
                "damage what a simulated node sends");
  }
  if (link_ || fault.has_messages() || fault.has_partition()) return {};
  return Fail(ErrorCode::kUnsupported, "it has no access link that a fault could act on: a recording, or multicast",
              "node " + node(), "choose a node that is connected by TCP or UDP");
}

v1::LinkProbe LiveLine::Probe(Instant now) const {
  v1::LinkProbe probe;
  if (link_) probe = link_->Probe(now);
  probe.set_link(node());
  return probe;
}

void LiveLine::Close(std::string_view reason, Now now) {
  if (node_transport_) node_transport_->Stop();
  if (link_) link_->Stop();
  access_.Stop(reason, now);
}

}  // namespace entente::harness
