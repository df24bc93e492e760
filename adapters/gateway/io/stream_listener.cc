// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/io/stream_listener.h"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include "adapters/gateway/io/address.h"
#include "adapters/gateway/io/tls_context.h"
#include "base/io/log.h"

namespace entente::gateway {

using asio::ip::tcp;

StreamListener::StreamListener(asio::io_context& context, const Clock& clock, TransportConfig config, adapter::LinkEnd& end)
    : context_(context), config_(std::move(config)), acceptor_(context), driver_(context, clock, end, [this] {
        if (connection_) connection_->OnChange();
      }) {}

Status StreamListener::Start() {
  if (config_.kind == adapter::TransportKind::kTls) {
    auto tls = MakeTlsContext(config_.tls.value_or(TlsFiles{}), TransportRole::kListen);
    if (!tls) return std::unexpected(tls.error());
    tls_ = std::move(*tls);
  }
  if (const auto opened = Open(); !opened) return opened;
  driver_.Attach();
  asio::co_spawn(context_, [self = shared_from_this()] { return self->AcceptLoop(); }, asio::detached);
  return {};
}

Status StreamListener::Open() {
  const auto addresses = ResolveHost(context_, config_.host);
  if (!addresses) return std::unexpected(addresses.error());
  const tcp::endpoint wanted(addresses->front(), config_.port);
  std::error_code error;
  acceptor_.open(wanted.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(wanted, error);
  if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
  if (error) return CannotListen(error, config_.host, config_.port);
  const tcp::endpoint bound = acceptor_.local_endpoint(error);
  endpoint_ = EndpointText(bound.address(), bound.port());
  return {};
}

void StreamListener::Stop() {
  if (connection_) connection_->Close(std::string(kStopped));
  Abandon();
}

void StreamListener::Abandon() {
  driver_.Detach();
  std::error_code ignored;
  acceptor_.close(ignored);
  if (connection_) connection_->Close(std::string(kStopped));
  connection_.reset();
}

asio::awaitable<void> StreamListener::AcceptLoop() {
  const auto self = shared_from_this();
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(kAwait);
    if (!acceptor_.is_open()) co_return;
    if (error) {  // out of descriptors, or the peer gave up: not a reason to stop awaiting
      asio::steady_timer pause(context_, std::chrono::milliseconds(100));
      co_await pause.async_wait(kAwait);
    } else if (handshakes_ < kHandshakes) {
      asio::co_spawn(
          context_, [self, peer = std::make_shared<tcp::socket>(std::move(socket))] { return self->Welcome(std::move(*peer)); },
          asio::detached);
    }
  }
}

asio::awaitable<void> StreamListener::Welcome(tcp::socket socket) {
  const auto self = shared_from_this();
  std::error_code error;
  const tcp::endpoint remote = socket.remote_endpoint(error);
  if (error) co_return;  // gone already
  const std::string peer = EndpointText(remote.address(), remote.port());
  auto stream = tls_ ? MakeTlsStream(std::move(socket), tls_, TransportRole::kListen, {}) : MakeTcpStream(std::move(socket));
  const std::error_code failed = co_await Handshake(stream);
  if (!driver_.attached() || !driver_.wants_close().empty()) {
    stream->Close();
    co_return;
  }
  if (failed) {
    stream->Close();
    Refused(peer, failed == asio::error::operation_aborted ? "no TLS handshake in time" : "TLS handshake: " + ReasonOf(failed));
    co_return;
  }
  if (connection_) connection_->Close("replaced by a connection from " + peer);
  connection_ = std::make_shared<StreamConnection>(context_, std::move(stream), driver_, [] {});
  connection_->Run(peer);
}

asio::awaitable<std::error_code> StreamListener::Handshake(std::shared_ptr<ByteStream> stream) {
  ++handshakes_;
  asio::steady_timer limit(context_, kHandshakeLimit);
  limit.async_wait([stream](std::error_code cancelled) {
    if (!cancelled) stream->Close();
  });
  const std::error_code error = co_await stream->Handshake();
  limit.cancel();
  --handshakes_;
  co_return error;
}

void StreamListener::Refused(const std::string& peer, const std::string& reason) {
  const std::string text = "refused " + peer + ": " + reason;
  spdlog::warn("{}: {}", endpoint_, text);
  if (!driver_.connected()) driver_.Disconnected(text);
}

}  // namespace entente::gateway
