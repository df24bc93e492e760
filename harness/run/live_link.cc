// SPDX-License-Identifier: Apache-2.0
#include "harness/run/live_link.h"

#include <fmt/format.h>

#include <asio/post.hpp>
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

// Of what lies between expectation and measurement: the machine's own time, at its busiest.
constexpr Duration kProbeMargin = std::chrono::seconds(2);
// Longer, and whoever waits for the probe would have gone.
constexpr Duration kLongestExpected = std::chrono::seconds(5);

double Milliseconds(Duration duration) {
  return ToSeconds(duration) * 1e3;
}

std::string FoundText(const MeasuredProbe& measured, std::optional<Duration> expected, bool as_made) {
  const std::string came =
      measured.came ? fmt::format("there and back in {:.3f} ms", Milliseconds(measured.round_trip)) : measured.trouble;
  const std::string own =
      expected ? fmt::format("{:.3f} ms by its chain", Milliseconds(*expected)) : std::string("none by its chain");
  return fmt::format("{} ({}), {}", came, own, as_made ? "as made" : "not as made");
}

// A probe may take longer than the chain says, since the machine has other work; it cannot be faster.
v1::LinkProbed ToProbed(const MeasuredProbe& measured, std::optional<Duration> expected, bool as_made) {
  v1::LinkProbed probed;
  const bool kept = measured.came && expected && measured.round_trip >= *expected;
  probed.set_restored(as_made && (kept || (!expected && !measured.came)));
  probed.set_found(FoundText(measured, expected, as_made));
  probed.set_round_trip_ns(measured.round_trip.count());
  probed.set_expected_ns(expected.value_or(Duration{0}).count());
  return probed;
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
  if (!probing_.contains(id)) SendProbe(std::string(id), now);
  return link_.Probe(now).text;
}

void LiveLink::WhenProbed(std::string_view fault, Instant now, OnLinkProbed told) {
  if (!probing_.contains(fault)) SendProbe(std::string(fault), now);
  probing_.find(fault)->second.push_back(std::move(told));
}

void LiveLink::SendProbe(const std::string& fault, Instant now) {
  probing_[fault];
  const bool as_made = link_.Probe(now).as_made;
  const std::optional<Duration> expected = link_.RoundTrip(now);
  const auto back = [this, fault, as_made, expected](const MeasuredProbe& measured) {
    OnProbed(fault, ToProbed(measured, expected, as_made));
  };
  if (expected > kLongestExpected) {
    asio::post(context_,
               [back] { back({.came = false, .round_trip = {}, .trouble = "its own conditions take too long to measure"}); });
  } else if (tcp_) {
    tcp_->Probe(expected.value_or(Duration{0}) + kProbeMargin, back);
  } else if (udp_) {
    udp_->Probe(expected.value_or(Duration{0}) + kProbeMargin, back);
  }
}

void LiveLink::OnProbed(const std::string& fault, v1::LinkProbed probed) {
  probed.set_link(link_.name());
  probed.set_fault(fault);
  v1::LinkProbe found;
  found.set_link(probed.link());
  found.set_restored(probed.restored());
  found.set_found(probed.found());
  v1::RecordEvent event;
  event.set_utc_ns(ToNanoseconds(clock_.Read().utc));
  *event.mutable_link_probed() = std::move(probed);
  record_(std::move(event));
  const auto told = probing_.extract(fault);
  for (const OnLinkProbed& each : told.mapped()) each(found);
}

void LiveLink::SetRunning(bool running, Instant now) {
  running ? link_.ResumeLeases(now) : link_.PauseLeases(now);
  OnLinkChanged();
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
