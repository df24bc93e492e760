// SPDX-License-Identifier: Apache-2.0
#pragma once

// A real UDP proxy over a Link of datagrams: one socket that the node sends to, one that the gateway sends to. What comes from one
// side goes to the other's peer: fixed by the configuration, else the last that sent here. In an outage datagrams are lost;
// `refuse` has no meaning on UDP.

#include <asio/io_context.hpp>
#include <memory>
#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "harness/links/io/proxy.h"
#include "harness/links/link.h"

namespace entente::harness {

class UdpProxy {
 public:
  struct Config {
    ProxyEndpoint facing_node{"127.0.0.1", 0};     // bound; port 0: any free one
    ProxyEndpoint facing_gateway{"127.0.0.1", 0};  // bound
    std::optional<ProxyEndpoint> node;             // absent: learnt from its first datagram
    std::optional<ProxyEndpoint> gateway;
  };
  struct Bound {
    ProxyEndpoint facing_node;
    ProxyEndpoint facing_gateway;
  };

  // `context`, `clock` and `link` outlive this.
  UdpProxy(asio::io_context& context, const Clock& clock, Link& link, Config config, ProxyEvents events);
  ~UdpProxy();
  UdpProxy(const UdpProxy&) = delete;
  UdpProxy& operator=(const UdpProxy&) = delete;

  Result<Bound> Start();
  // Peers whose sockets were opened after the proxy's own. Absent: as before.
  Status SetPeers(const std::optional<ProxyEndpoint>& node, const std::optional<ProxyEndpoint>& gateway);
  // To be called after a change of the link: a fault started or ended, leases paused or resumed.
  void OnLinkChanged();
  // Sends a datagram of its own through both sockets and a twin of the link, there and back; no peer hears of it. `done` is called
  // once, later, when it came or after `at_most`.
  void Probe(Duration at_most, OnProbed done);
  void Stop();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace entente::harness
