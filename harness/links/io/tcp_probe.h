// SPDX-License-Identifier: Apache-2.0
#pragma once

// One octet through a TCP proxy and back. The probe connects to the socket on which the proxy listens, from a socket that the proxy
// knows it by; the proxy carries this connection as any other, over a twin of its link, to a socket of the probe's own, which sends
// the octet back. On the proxy's io_context.

#include <array>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <memory>

#include "base/time.h"
#include "harness/links/io/proxy.h"

namespace entente::harness {

class TcpProbe : public std::enable_shared_from_this<TcpProbe> {
 public:
  // `clock` outlives it.
  TcpProbe(asio::io_context& context, const Clock& clock);

  // Gives up after `at_most`. `done` is called once, later.
  void Start(const asio::ip::tcp::endpoint& proxy, Duration at_most, OnProbed done);
  [[nodiscard]] bool IsFrom(const asio::ip::tcp::endpoint& dialer) const { return dialer == from_; }
  // Where the proxy is to connect it to.
  [[nodiscard]] const asio::ip::tcp::endpoint& target() const { return target_; }
  // The proxy stops before it is over.
  void Stop() { End({.came = false, .round_trip = {}, .trouble = "stopped"}); }

 private:
  void SendBack();
  void Ask();
  void End(MeasuredProbe measured);
  // Ends with this trouble, if it is one.
  bool Failed(std::string_view what, std::error_code error);

  const Clock& clock_;
  OnProbed done_;
  asio::ip::tcp::acceptor acceptor_;
  asio::ip::tcp::socket near_;
  asio::ip::tcp::socket far_;
  asio::steady_timer timer_;
  asio::ip::tcp::endpoint from_;
  asio::ip::tcp::endpoint target_;
  std::array<std::uint8_t, 1> asked_{0};
  std::array<std::uint8_t, 1> answered_{};
  std::array<std::uint8_t, 1> echoed_{};
  Instant began_{};
};

}  // namespace entente::harness
