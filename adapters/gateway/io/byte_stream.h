// SPDX-License-Identifier: Apache-2.0
#pragma once

// A connected stream socket, with or without TLS, as a connection sees it. No call throws.

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl.hpp>
#include <functional>
#include <memory>
#include <string>
#include <system_error>

#include "adapters/gateway/io/transport.h"
#include "base/bytes.h"

namespace entente::gateway {

struct ReadResult {
  std::error_code error;
  std::size_t octets = 0;
};

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Before anything else.
  virtual asio::awaitable<std::error_code> Handshake() = 0;
  virtual asio::awaitable<ReadResult> Read(std::span<std::uint8_t> into) = 0;
  virtual asio::awaitable<std::error_code> Write(ByteView octets) = 0;
  // Tells the peer that nothing more comes, as far as that needs an answer; Close() ends the wait.
  virtual asio::awaitable<void> Farewell() = 0;
  virtual void Close() = 0;
};

std::shared_ptr<ByteStream> MakeTcpStream(asio::ip::tcp::socket socket);
using TlsSocket = asio::ssl::stream<asio::ip::tcp::socket>;
// Has the handshake check that the peer's certificate bears the name. What it returns fails the handshake, too.
using NameCheck = std::function<std::error_code(TlsSocket& stream, const std::string& name)>;
std::error_code CheckNameAtHandshake(TlsSocket& stream, const std::string& name);

// `tls` is kept. An empty name: any peer that the context takes.
std::shared_ptr<ByteStream> MakeTlsStream(asio::ip::tcp::socket socket, std::shared_ptr<asio::ssl::context> tls, TransportRole role,
                                          const std::string& peer_name, const NameCheck& check = CheckNameAtHandshake);

// For people: adapter::kClosedByPeer when the peer ended it in an orderly way.
std::string ReasonOf(std::error_code error);

}  // namespace entente::gateway
