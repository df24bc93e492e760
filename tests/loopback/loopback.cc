// SPDX-License-Identifier: Apache-2.0
#include "tests/loopback/loopback.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace entente::loopback {
namespace {

sockaddr_in Address(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Linux gives out 32,768 and above by itself (net.ipv4.ip_local_port_range).
constexpr int kFirstPort = 16'384;
constexpr int kPorts = 16'384;

// A name that one process at a time can have, by itself gone with it. Each network namespace has its own, as it has its ports.
std::optional<process::Descriptor> Hold(int port) {
  process::Descriptor held(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const std::string text = "entente test port " + std::to_string(port);
  text.copy(name.sun_path + 1, sizeof(name.sun_path) - 1);  // behind a zero: in no folder
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + text.size());
  if (bind(held.number(), reinterpret_cast<sockaddr*>(&name), length) != 0) return std::nullopt;
  return held;
}

bool NobodyIsAt(int port) {
  const process::Descriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = Address(static_cast<std::uint16_t>(port));
  return bind(probe.number(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

}  // namespace

Listener Listen() {
  Listener listener{.socket = process::Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))};
  sockaddr_in address = Address(0);
  socklen_t length = sizeof(address);
  EXPECT_EQ(bind(listener.socket.number(), reinterpret_cast<sockaddr*>(&address), length), 0);
  EXPECT_EQ(getsockname(listener.socket.number(), reinterpret_cast<sockaddr*>(&address), &length), 0);
  EXPECT_EQ(listen(listener.socket.number(), 1), 0);
  listener.port = ntohs(address.sin_port);
  return listener;
}

std::uint16_t FreePort() {
  static std::mutex mutex;
  static std::vector<process::Descriptor> held;
  const std::lock_guard lock(mutex);
  for (int i = 0; i < kPorts; ++i) {
    const int port = kFirstPort + (getpid() * 16 + i) % kPorts;  // not where the others begin to look
    auto name = Hold(port);
    if (!name || !NobodyIsAt(port)) continue;
    held.push_back(*std::move(name));
    return static_cast<std::uint16_t>(port);
  }
  ADD_FAILURE() << "every port from " << kFirstPort << " on is taken";
  return 0;
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
