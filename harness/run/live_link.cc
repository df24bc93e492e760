// SPDX-License-Identifier: Apache-2.0
#include "harness/run/live_link.h"

#include <utility>

namespace entente::harness {
namespace {

ProxyEndpoint ToProxy(const v1::Endpoint& endpoint) {
  return {endpoint.host().empty() ? "127.0.0.1" : endpoint.host(), static_cast<std::uint16_t>(endpoint.port())};
}

v1::Endpoint FromProxy(const ProxyEndpoint& endpoint) {
  v1::Endpoint proto;
  proto.set_host(endpoint.host);
  proto.set_port(endpoint.port);
  return proto;
}

std::optional<ProxyEndpoint> KnownPeer(const v1::Endpoint& endpoint) {
  return endpoint.port() == 0 ? std::nullopt : std::optional(ToProxy(endpoint));
}

}  // namespace

LiveLink::LiveLink(asio::io_context& context, const Clock& clock, std::string name, LinkCarrier carrier, std::uint64_t seed,
                   const Chain& chain, EventSink record)
    : context_(context),
      clock_(clock),
      record_(std::move(record)),
      link_(std::move(name), carrier, seed, chain, clock.Read().instant) {}

Result<v1::Endpoint> LiveLink::StartStream(const v1::Endpoint& listen, const v1::Endpoint& target, bool node_dials) {
  tcp_ =
      std::make_unique<TcpProxy>(context_, clock_, link_, TcpProxy::Config{ToProxy(listen), ToProxy(target), node_dials}, Events());
  const auto bound = tcp_->Start();
  if (!bound) return std::unexpected(bound.error());
  return FromProxy(*bound);
}

Result<LiveLink::Facing> LiveLink::StartDatagrams(const v1::Endpoint& facing_node) {
  udp_ = std::make_unique<UdpProxy>(context_, clock_, link_,
                                    UdpProxy::Config{.facing_node = ToProxy(facing_node), .node = {}, .gateway = {}}, Events());
  const auto bound = udp_->Start();
  if (!bound) return std::unexpected(bound.error());
  return Facing{FromProxy(bound->facing_node), FromProxy(bound->facing_gateway)};
}

Status LiveLink::TellPeers(const v1::Endpoint& node, const v1::Endpoint& gateway) {
  return udp_->SetPeers(KnownPeer(node), KnownPeer(gateway));
}

void LiveLink::StartFault(LinkFault fault, Instant now) {
  link_.StartFault(std::move(fault), now);
  OnLinkChanged();
}

std::string LiveLink::EndFault(std::string_view id, Instant now) {
  link_.EndFault(id, now);
  OnLinkChanged();
  return link_.Probe(now).text;
}

void LiveLink::SetRunning(bool running, Instant now) {
  running ? link_.ResumeLeases(now) : link_.PauseLeases(now);
  OnLinkChanged();
}

v1::LinkProbe LiveLink::Probe(Instant now) const {
  const LinkProbe found = link_.Probe(now);
  v1::LinkProbe probe;
  probe.set_link(link_.name());
  probe.set_restored(found.as_made);
  probe.set_found(found.text);
  return probe;
}

void LiveLink::Stop() {
  if (tcp_) tcp_->Stop();
  if (udp_) udp_->Stop();
}

ProxyEvents LiveLink::Events() {
  return {.decision = [this](const Decision& decision) { record_(ToEvent(decision, link_.name(), clock_.Read())); },
          .lease_ended = {},  // the conductor records ends of faults
          .connection = {}};  // both ends say what they see
}

void LiveLink::OnLinkChanged() {
  if (tcp_) tcp_->OnLinkChanged();
  if (udp_) udp_->OnLinkChanged();
}

}  // namespace entente::harness
