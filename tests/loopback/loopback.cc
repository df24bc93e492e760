// SPDX-License-Identifier: Apache-2.0
#include "tests/loopback/loopback.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace entente::loopback {
namespace {

sockaddr_in Address(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

Listener Bind() {
  Listener bound{.socket = process::Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))};
  sockaddr_in address = Address(0);
  socklen_t length = sizeof(address);
  EXPECT_EQ(bind(bound.socket.number(), reinterpret_cast<sockaddr*>(&address), length), 0);
  EXPECT_EQ(getsockname(bound.socket.number(), reinterpret_cast<sockaddr*>(&address), &length), 0);
  bound.port = ntohs(address.sin_port);
  return bound;
}

}  // namespace

Listener Listen() {
  Listener listener = Bind();
  EXPECT_EQ(listen(listener.socket.number(), 1), 0);
  return listener;
}

std::uint16_t FreePort() {
  return Bind().port;
}

process::Descriptor Connect(std::uint16_t port, const SmallBuffers& buffers) {
  process::Descriptor connection(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto set = [&](int level, int option, int octets) {
    if (octets == 0) return;
    EXPECT_EQ(setsockopt(connection.number(), level, option, &octets, sizeof(octets)), 0);
  };
  set(SOL_SOCKET, SO_RCVBUF, buffers.receive_octets);
  set(IPPROTO_TCP, TCP_MAXSEG, buffers.segment_octets);
  const sockaddr_in address = Address(port);
  if (connect(connection.number(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) connection.Close();
  return connection;
}

}  // namespace entente::loopback
