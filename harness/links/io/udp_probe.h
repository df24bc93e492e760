// SPDX-License-Identifier: Apache-2.0
#pragma once

// One datagram through a UDP proxy and back: from a socket of the probe's own to the proxy's socket that faces the node, over a
// twin of the link, out of the socket that faces the gateway to another one of the probe's, which sends it back the same way. The
// proxy knows it by these sockets and tells no peer. On the proxy's io_context.

#include <array>
#include <asio/ip/udp.hpp>
#include <asio/steady_timer.hpp>
#include <memory>

#include "base/time.h"
#include "harness/links/io/proxy.h"
#include "harness/links/link.h"

namespace entente::harness {

class UdpProbe : public std::enable_shared_from_this<UdpProbe> {
 public:
  // Sends out of the proxy's socket at the end of this direction.
  using Send = std::function<void(LinkDirection direction, const Bytes& octets, const asio::ip::udp::endpoint& to)>;

  // `clock` outlives it.
  UdpProbe(asio::io_context& context, const Clock& clock, std::unique_ptr<Link> twin, Send send);

  // Gives up after `at_most`. `done` is called once, later.
  void Start(const asio::ip::udp::endpoint& facing_node, const asio::ip::udp::endpoint& facing_gateway, Duration at_most,
             OnProbed done);
  // What the proxy heard from this sender in this direction is the probe's; false: it is not.
  bool Take(LinkDirection direction, const asio::ip::udp::endpoint& sender, ByteView octets);
  void Stop() { End({.came = false, .round_trip = {}, .trouble = "stopped"}); }

 private:
  void SendDue();
  void SendBack(const asio::ip::udp::endpoint& facing_gateway);
  void Await();
  void End(MeasuredProbe measured);

  const Clock& clock_;
  std::unique_ptr<Link> twin_;
  Send send_;
  OnProbed done_;
  asio::ip::udp::socket near_;
  asio::ip::udp::socket far_;
  asio::ip::udp::endpoint near_at_;
  asio::ip::udp::endpoint far_at_;
  asio::steady_timer due_;
  asio::steady_timer patience_;
  std::array<std::uint8_t, 16> answered_{};
  std::array<std::uint8_t, 16> echoed_{};
  Instant began_{};
};

}  // namespace entente::harness
