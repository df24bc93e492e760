// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/io/stream_dialler.h"

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/connect.hpp>
#include <asio/detached.hpp>

#include "adapters/gateway/io/address.h"
#include "adapters/gateway/io/tls_context.h"

namespace entente::gateway {

using asio::ip::tcp;

StreamDialler::StreamDialler(asio::io_context& context, const Clock& clock, TransportConfig config, adapter::LinkEnd& end)
    : context_(context),
      config_(std::move(config)),
      driver_(context, clock, end,
              [this] {
                if (connection_) connection_->OnChange();
              }),
      socket_(context),
      timer_(context),
      closed_(context),
      wait_(config_.reconnect.first) {}

Status StreamDialler::Start() {
  if (config_.kind == adapter::TransportKind::kTls) {
    auto tls = MakeTlsContext(config_.tls.value_or(TlsFiles{}), TransportRole::kDial);
    if (!tls) return std::unexpected(tls.error());
    tls_ = std::move(*tls);
  }
  if (config_.port == 0) return Fail(ErrorCode::kInvalidArgument, "there is no port to connect to", config_.host, "say the port");
  const auto addresses = ResolveHost(context_, config_.host);
  if (!addresses) return std::unexpected(addresses.error());
  for (const asio::ip::address& address : *addresses) endpoints_.emplace_back(address, config_.port);
  endpoint_ = EndpointText(addresses->front(), config_.port);
  driver_.Attach();
  asio::co_spawn(context_, [self = shared_from_this()] { return self->DialLoop(); }, asio::detached);
  return {};
}

void StreamDialler::Stop() {
  if (connection_) connection_->Close(std::string(kStopped));
  Abandon();
}

void StreamDialler::Abandon() {
  driver_.Detach();
  CloseAttempt();
  timer_.cancel();
  closed_.Notify();
  if (connection_) connection_->Close(std::string(kStopped));
  connection_.reset();
}

asio::awaitable<void> StreamDialler::DialLoop() {
  const auto self = shared_from_this();
  // A link end that still wants to be closed after it was disconnected is done for good.
  while (driver_.attached() && driver_.wants_close().empty()) {
    std::shared_ptr<ByteStream> stream = co_await Connect();
    if (!driver_.attached()) co_return;
    if (stream) {
      last_failure_.clear();
      const auto connection =
          std::make_shared<StreamConnection>(context_, std::move(stream), driver_, [self] { self->closed_.Notify(); });
      connection_ = connection;
      connection->Run(endpoint_);
      co_await closed_.Wait();
      if (connection->carried_octets()) wait_ = config_.reconnect.first;
      connection_.reset();
    }
    if (driver_.attached()) co_await Pause();
  }
}

asio::awaitable<std::shared_ptr<ByteStream>> StreamDialler::Connect() {
  socket_ = tcp::socket(context_);
  LimitAttempt();
  const auto [connect_error, reached] = co_await asio::async_connect(socket_, endpoints_, kAwait);
  if (connect_error || !driver_.attached()) {
    timer_.cancel();
    Failed("cannot connect to " + endpoint_ + ": " +
           (connect_error == asio::error::operation_aborted ? "no answer in time" : ReasonOf(connect_error)));
    co_return nullptr;
  }
  auto stream = tls_ ? MakeTlsStream(std::move(socket_), tls_, TransportRole::kDial, config_.tls->peer_name)
                     : MakeTcpStream(std::move(socket_));
  handshaking_ = stream.get();
  const std::error_code error = co_await stream->Handshake();
  handshaking_ = nullptr;
  timer_.cancel();
  if (!error) co_return stream;
  stream->Close();
  Failed("TLS handshake with " + endpoint_ + ": " +
         (error == asio::error::operation_aborted ? "no answer in time" : ReasonOf(error)));
  co_return nullptr;
}

asio::awaitable<void> StreamDialler::Pause() {
  timer_.expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(wait_));
  const double growth = std::max(1.0, config_.reconnect.growth);
  wait_ = std::min(FromSeconds(ToSeconds(wait_) * growth), config_.reconnect.longest);
  co_await timer_.async_wait(kAwait);
}

void StreamDialler::LimitAttempt() {
  timer_.expires_after(kConnectLimit);
  timer_.async_wait([self = shared_from_this()](std::error_code cancelled) {
    if (!cancelled) self->CloseAttempt();
  });
}

void StreamDialler::Failed(const std::string& reason) {
  if (reason == std::exchange(last_failure_, reason)) return;
  driver_.Disconnected(reason);
}

void StreamDialler::CloseAttempt() {
  std::error_code ignored;
  socket_.close(ignored);
  if (handshaking_ != nullptr) handshaking_->Close();
}

}  // namespace entente::gateway
