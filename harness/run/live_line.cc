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

LiveLine::LiveLine(const LineSurroundings& around, std::size_t index, std::uint64_t incarnation)
    : context_(around.context),
      clock_(around.clock),
      prepared_(around.plan),
      plan_(around.plan.exercise.nodes(static_cast<int>(index))),
      setup_(around.plan.setups[index]),
      harness_events_(around.recorder.SinkFor("harness")),
      link_events_(around.recorder.SinkFor("link " + plan_.node())),
      access_(context_, clock_, around.plan, index, around.shared, incarnation),
      face_(access_.access(), FaceDamageOf(plan_, setup_, around.plan.exercise.seed()), link_events_) {
  access_.SetFace(face_);
  access_.SetAlter([this](ByteView chunk, Now now) { return face_.Replace(chunk, now); });
}

Result<std::unique_ptr<LiveLine>> LiveLine::Make(const LineSurroundings& around, std::size_t index, std::uint64_t incarnation,
                                                 bool with_backbone) {
  std::unique_ptr<LiveLine> line(new LiveLine(around, index, incarnation));
  const v1::NodePlan& node = line->plan_;
  if (!node.external() && !node.has_replay()) {
    if (Status built = line->BuildNode(around.recorder); !built) return std::unexpected(built.error());
  }
  if (Status built = line->BuildLinks(around, with_backbone); !built) return Named(built.error(), node.node());
  return line;
}

Status LiveLine::BuildLinks(const LineSurroundings& around, bool with_backbone) {
  const std::uint64_t seed = prepared_.exercise.seed();
  if (!plan_.has_replay() && setup_.transport != adapter::TransportKind::kUdpMulticast) {
    const auto chain = ChainOf(plan_.link());
    if (!chain) return std::unexpected(chain.error());
    link_ = std::make_unique<LiveLink>(context_, clock_, plan_.node(), LinkCarrierOf(setup_.carrier), seed, *chain, link_events_);
  }
  if (with_backbone) {
    auto chain = ChainOf(plan_.backbone());
    if (!chain) return std::unexpected(chain.error());
    backbone_ = std::make_unique<LiveBackbone>(context_, clock_, node(), seed, *std::move(chain),
                                               around.recorder.SinkFor("link " + BackboneNameOf(node())));
  }
  return {};
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

Status LiveLine::Open(const BrokerWays& brokers) {
  brokers_ = brokers;
  if (backbone_) {
    auto ways = backbone_->Start(brokers);
    if (!ways) return Named(ways.error(), node());
    brokers_ = *std::move(ways);
  }
  return OpenAccess();
}

Status LiveLine::OpenAccess() {
  if (plan_.has_replay()) {
    endpoint_ = plan_.replay().file();
    return StartAccess({});
  }
  switch (setup_.transport) {
    case adapter::TransportKind::kTcp:
    case adapter::TransportKind::kTls:
      return plan_.has_dial() ? OpenDialledStream() : OpenStream();
    case adapter::TransportKind::kUdp:
      return OpenDatagrams();
    case adapter::TransportKind::kUdpMulticast:
      return OpenMulticast();
  }
  return {};
}

Status LiveLine::StartAccess(const AccessEndpoint& endpoint) {
  return access_.Start(endpoint, brokers_);
}

// node ──dials──► link ──► access point
Status LiveLine::OpenStream() {
  v1::Endpoint any;
  any.set_host("127.0.0.1");
  if (Status started = StartAccess({gateway::TransportRole::kListen, any, {}}); !started) return started;
  const auto facing_node = link_->StartStream(plan_.listen(), EndpointOf(access_.endpoint()), true);
  if (!facing_node) return Named(facing_node.error(), node());
  endpoint_ = ToText(*facing_node);
  return StartNode({gateway::TransportRole::kDial, *facing_node, {}});
}

// access point ──dials──► link ──► node
Status LiveLine::OpenDialledStream() {
  if (Status started = StartNode({gateway::TransportRole::kListen, plan_.dial(), {}}); !started) return started;
  const v1::Endpoint target = node_transport_ ? EndpointOf(node_transport_->endpoint()) : plan_.dial();
  const auto facing_gateway = link_->StartStream({}, target, false);
  if (!facing_gateway) return Named(facing_gateway.error(), node());
  endpoint_ = ToText(target);
  return StartAccess({gateway::TransportRole::kDial, *facing_gateway, {}});
}

Status LiveLine::OpenDatagrams() {
  const auto facing = link_->StartDatagrams(plan_.listen());
  if (!facing) return Named(facing.error(), node());
  endpoint_ = ToText(facing->node);
  v1::Endpoint any;
  any.set_host("127.0.0.1");
  if (Status started = StartAccess({gateway::TransportRole::kListen, any, facing->gateway}); !started) return started;
  if (Status started = StartNode({gateway::TransportRole::kListen, any, facing->node}); !started) return started;
  const v1::Endpoint peer = node_transport_ ? EndpointOf(node_transport_->endpoint()) : plan_.dial();
  if (Status told = link_->TellPeers(peer, EndpointOf(access_.endpoint())); !told) return Named(told.error(), node());
  return {};
}

Status LiveLine::OpenMulticast() {
  const AccessEndpoint group{gateway::TransportRole::kListen, plan_.dial(), {}};
  if (Status started = StartAccess(group); !started) return started;
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
  if (backbone_) backbone_->SetRunning(running, now.instant);
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
  } else {
    started = StartOnLink(fault, now);
  }
  if (!started) harness_events_(ProcessFaultEvent("fault " + fault.id() + " of " + node(), started.error().Text(), now));
}

Status LiveLine::StartOnLink(const v1::FaultPlan& fault, Now now) {
  auto on_link = LinkFaultOf(fault);
  if (!on_link) return std::unexpected(on_link.error());
  if (IsOfBackbone(fault)) {
    if (backbone_) backbone_->StartFault(*on_link, now.instant);
  } else if (link_) {
    link_->StartFault(*std::move(on_link), now.instant);
  }
  return {};
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
  if (IsOfBackbone(fault)) return backbone_ ? backbone_->EndFault(fault.id(), now.instant) : std::string{};
  return link_ ? link_->EndFault(fault.id(), now.instant) : std::string{};
}

void LiveLine::WhenProbed(const v1::FaultPlan& fault, Now now, LiveLink::OnLinkProbed told) {
  if (IsOfBackbone(fault) && backbone_) return backbone_->WhenProbed(fault.id(), now.instant, std::move(told));
  if (IsOfOctets(fault) && link_) return link_->WhenProbed(fault.id(), now.instant, std::move(told));
  v1::LinkProbe none;
  none.set_link(node());
  none.set_restored(true);
  none.set_found("it acts on no link");
  told(none);
}

MessageProbe LiveLine::ProbeMessages(const v1::FaultPlan& fault, Now now) {
  return access_.message_faults().Probe(fault, now);
}

void LiveLine::Close(std::string_view reason, Now now) {
  if (node_transport_) node_transport_->Stop();
  if (link_) link_->Stop();
  access_.Stop(reason, now);
  if (backbone_) backbone_->Stop();
}

}  // namespace entente::harness
