// SPDX-License-Identifier: Apache-2.0
#pragma once

// A link in a live run: a real TCP or UDP proxy between its ends, with the link's conditions and faults on it. On a node's access
// link these are the node and its access point; multicast has none, since a proxy cannot stand between members of a group. On its
// backbone link (live_backbone.h) they are the gateway's stream and a broker: `node` is then the gateway's side.

#include <asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "entente/v1/control.pb.h"
#include "harness/links/io/tcp_proxy.h"
#include "harness/links/io/udp_proxy.h"
#include "harness/links/link.h"
#include "harness/run/prepared_run.h"
#include "proto/event_sink.h"

namespace entente::harness {

class LiveLink {
 public:
  // References outlive it.
  LiveLink(asio::io_context& context, const Clock& clock, std::string name, LinkCarrier carrier, std::uint64_t seed,
           const Chain& chain, EventSink record);

  // Streams. `listen` awaits the side that dials, `target` is where the other side awaits. Gives the endpoint that it listens on.
  Result<v1::Endpoint> StartStream(const v1::Endpoint& listen, const v1::Endpoint& target, bool node_dials);
  // Datagrams. Both ends of the proxy, before either peer is known; TellPeers follows.
  struct Facing {
    v1::Endpoint node;
    v1::Endpoint gateway;
  };
  Result<Facing> StartDatagrams(const v1::Endpoint& facing_node);
  // An endpoint without a port: learnt from its first datagram.
  Status TellPeers(const v1::Endpoint& node, const v1::Endpoint& gateway);

  void StartFault(LinkFault fault, Instant now);
  // What a unit meets afterwards that is sent through copies of the chains. A probe goes through the sockets at once, and what it
  // measured is recorded when it is back.
  std::string EndFault(std::string_view id, Instant now);
  // Told what the probe after the end of this fault measured, with another one if none is under way.
  using OnLinkProbed = std::function<void(const v1::LinkProbe& found)>;
  void WhenProbed(std::string_view fault, Instant now, OnLinkProbed told);
  [[nodiscard]] const std::string& name() const { return link_.name(); }
  // How far the node's clock is ahead.
  [[nodiscard]] Duration ClockError(Instant now) const { return link_.ClockError(now); }
  void SetRunning(bool running, Instant now);
  void Stop();

 private:
  void SendProbe(const std::string& fault, Instant now);
  void OnProbed(const std::string& fault, v1::LinkProbed probed);
  ProxyEvents Events();
  void OnLinkChanged();

  asio::io_context& context_;
  const Clock& clock_;
  EventSink record_;
  Link link_;
  std::map<std::string, std::vector<OnLinkProbed>, std::less<>> probing_;  // by the fault that ended
  std::unique_ptr<TcpProxy> tcp_;
  std::unique_ptr<UdpProxy> udp_;
};

}  // namespace entente::harness
