// SPDX-License-Identifier: Apache-2.0
#pragma once

// A real TCP proxy over a Link of streams: awaits the side that dials, connects to the other. One connection at a time, since an
// access link has one node: a newer connection takes the place of the old one (a half-open one would block it for minutes). It
// stops reading a side whose channel holds its limit. A close passes through after the octets under way; a reset, at once;
// either later or not at all, if the link says so, and the link itself may end the connection. In an
// outage that refuses, the listening socket is closed and the present connection reset; afterwards it listens on the same port
// again.

#include <asio/io_context.hpp>
#include <memory>

#include "base/result.h"
#include "base/time.h"
#include "harness/links/io/proxy.h"
#include "harness/links/link.h"

namespace entente::harness {

class TcpProxy {
 public:
  struct Config {
    ProxyEndpoint listen{"127.0.0.1", 0};  // port 0: any free one
    ProxyEndpoint target;                  // connected to once somebody has connected here
    bool node_dials = true;                // else the gateway dials, and `target` is the node
  };

  // `context`, `clock` and `link` outlive this.
  TcpProxy(asio::io_context& context, const Clock& clock, Link& link, Config config, ProxyEvents events);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  // The endpoint it listens on.
  Result<ProxyEndpoint> Start();
  // To be called after a change of the link: a fault started or ended, leases paused or resumed.
  void OnLinkChanged();
  // Sends an octet of its own through the listening socket and a twin of the link, there and back, beside whatever connection there
  // is. `done` is called once, later, when it came or after `at_most`.
  void Probe(Duration at_most, OnProbed done);
  // Closes everything; octets under way are forgotten. Idempotent.
  void Stop();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace entente::harness
