// SPDX-License-Identifier: Apache-2.0
#pragma once

// Connects to the peer's TCP port, with or without TLS, and again whenever the connection ends or cannot be made.

#include <asio/ip/tcp.hpp>
#include <memory>
#include <vector>

#include "adapters/gateway/io/link_driver.h"
#include "adapters/gateway/io/stream_connection.h"
#include "adapters/gateway/io/transport_core.h"

namespace entente::gateway {

class StreamDialler final : public TransportCore, public std::enable_shared_from_this<StreamDialler> {
 public:
  static constexpr std::chrono::seconds kConnectLimit{10};  // with the TLS handshake

  StreamDialler(asio::io_context& context, const Clock& clock, TransportConfig config, adapter::LinkEnd& end);

  Status Start() override;
  void Stop() override;
  void Abandon() override;
  [[nodiscard]] std::string endpoint() const override { return endpoint_; }

 private:
  asio::awaitable<void> DialLoop();
  // nullptr: it could not be made, and the link end was told.
  asio::awaitable<std::shared_ptr<ByteStream>> Connect();
  asio::awaitable<void> Pause();
  void LimitAttempt();
  void Failed(const std::string& reason);
  void CloseAttempt();

  asio::io_context& context_;
  TransportConfig config_;
  std::shared_ptr<asio::ssl::context> tls_;
  std::vector<asio::ip::tcp::endpoint> endpoints_;
  std::string endpoint_;
  LinkDriver driver_;
  asio::ip::tcp::socket socket_;  // while it connects
  ByteStream* handshaking_ = nullptr;
  asio::steady_timer timer_;  // limit of an attempt, or the pause between two
  Signal closed_;
  std::shared_ptr<StreamConnection> connection_;
  Duration wait_;
  std::string last_failure_;
};

}  // namespace entente::gateway
