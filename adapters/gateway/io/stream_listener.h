// SPDX-License-Identifier: Apache-2.0
#pragma once

// Awaits the peer on a TCP port, with or without TLS. One connection at a time: a new one replaces the old one, with TLS only once
// its handshake is done, so that nobody without a certificate can push the peer out.

#include <asio/ip/tcp.hpp>
#include <memory>

#include "adapters/gateway/io/link_driver.h"
#include "adapters/gateway/io/stream_connection.h"
#include "adapters/gateway/io/transport_core.h"

namespace entente::gateway {

class StreamListener final : public TransportCore, public std::enable_shared_from_this<StreamListener> {
 public:
  // Handshakes under way. More: a new connection is closed at once.
  static constexpr std::size_t kHandshakes = 16;
  static constexpr std::chrono::seconds kHandshakeLimit{10};

  StreamListener(asio::io_context& context, const Clock& clock, TransportConfig config, adapter::LinkEnd& end);

  Status Start() override;
  void Stop() override;
  void Abandon() override;
  [[nodiscard]] std::string endpoint() const override { return endpoint_; }

 private:
  Status Open();
  asio::awaitable<void> AcceptLoop();
  asio::awaitable<void> Welcome(asio::ip::tcp::socket socket);
  asio::awaitable<std::error_code> Handshake(std::shared_ptr<ByteStream> stream);
  void Refused(const std::string& peer, const std::string& reason);

  asio::io_context& context_;
  TransportConfig config_;
  std::shared_ptr<asio::ssl::context> tls_;
  asio::ip::tcp::acceptor acceptor_;
  LinkDriver driver_;
  std::shared_ptr<StreamConnection> connection_;
  std::size_t handshakes_ = 0;
  std::string endpoint_;
};

}  // namespace entente::gateway
