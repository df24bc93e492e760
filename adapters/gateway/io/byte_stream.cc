// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/io/byte_stream.h"

#include <asio/write.hpp>

#include "adapters/gateway/io/signal.h"

namespace entente::gateway {
namespace {

using asio::ip::tcp;

void SendAtOnce(tcp::socket& socket) {
  std::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
}

void CloseSocket(tcp::socket& socket) {
  std::error_code ignored;
  socket.shutdown(tcp::socket::shutdown_both, ignored);
  socket.close(ignored);
}

class TcpStream final : public ByteStream {
 public:
  explicit TcpStream(tcp::socket socket) : socket_(std::move(socket)) { SendAtOnce(socket_); }

  asio::awaitable<std::error_code> Handshake() override { co_return std::error_code{}; }
  asio::awaitable<ReadResult> Read(std::span<std::uint8_t> into) override {
    const auto [error, octets] = co_await socket_.async_read_some(asio::buffer(into.data(), into.size()), kAwait);
    co_return ReadResult{error, octets};
  }
  asio::awaitable<std::error_code> Write(ByteView octets) override {
    const auto [error, written] = co_await asio::async_write(socket_, asio::buffer(octets.data(), octets.size()), kAwait);
    co_return error;
  }
  asio::awaitable<void> Farewell() override { co_return; }
  void Close() override { CloseSocket(socket_); }

 private:
  tcp::socket socket_;
};

class TlsStream final : public ByteStream {
 public:
  TlsStream(tcp::socket socket, std::shared_ptr<asio::ssl::context> tls, TransportRole role)
      : tls_(std::move(tls)), stream_(std::move(socket), *tls_), role_(role) {
    SendAtOnce(stream_.next_layer());
  }

  // A name that cannot be checked fails the handshake.
  void ExpectPeerName(const std::string& name, const NameCheck& check) {
    if (!name.empty()) unchecked_name_ = check(stream_, name);
  }
  asio::awaitable<std::error_code> Handshake() override {
    if (unchecked_name_) co_return unchecked_name_;
    const auto side = role_ == TransportRole::kListen ? asio::ssl::stream_base::server : asio::ssl::stream_base::client;
    const auto [error] = co_await stream_.async_handshake(side, kAwait);
    co_return error;
  }
  asio::awaitable<ReadResult> Read(std::span<std::uint8_t> into) override {
    const auto [error, octets] = co_await stream_.async_read_some(asio::buffer(into.data(), into.size()), kAwait);
    co_return ReadResult{error, octets};
  }
  asio::awaitable<std::error_code> Write(ByteView octets) override {
    const auto [error, written] = co_await asio::async_write(stream_, asio::buffer(octets.data(), octets.size()), kAwait);
    co_return error;
  }
  asio::awaitable<void> Farewell() override {
    std::error_code ignored;
    stream_.next_layer().cancel(ignored);
    co_await stream_.async_shutdown(kAwait);
  }
  void Close() override { CloseSocket(stream_.next_layer()); }

 private:
  std::shared_ptr<asio::ssl::context> tls_;
  TlsSocket stream_;
  TransportRole role_;
  std::error_code unchecked_name_;
};

}  // namespace

std::shared_ptr<ByteStream> MakeTcpStream(tcp::socket socket) {
  return std::make_shared<TcpStream>(std::move(socket));
}

std::shared_ptr<ByteStream> MakeTlsStream(tcp::socket socket, std::shared_ptr<asio::ssl::context> tls, TransportRole role,
                                          const std::string& peer_name, const NameCheck& check) {
  auto stream = std::make_shared<TlsStream>(std::move(socket), std::move(tls), role);
  stream->ExpectPeerName(peer_name, check);
  return stream;
}

std::error_code CheckNameAtHandshake(TlsSocket& stream, const std::string& name) {
  std::error_code error;
  stream.set_verify_callback(asio::ssl::host_name_verification(name), error);
  return error;
}

std::string ReasonOf(std::error_code error) {
  if (error == asio::error::eof) return std::string(adapter::kClosedByPeer);
  if (error == asio::error::connection_reset) return "connection reset by the peer";
  if (error == asio::ssl::error::stream_truncated) return "closed by the peer without a TLS farewell";
  return error.message();
}

}  // namespace entente::gateway
