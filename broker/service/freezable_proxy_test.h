// SPDX-License-Identifier: Apache-2.0
#pragma once

// A TCP proxy of one connection on loopback that can be told to pass nothing on, while both sides stay connected: what a dead peer
// looks like. For tests.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>

namespace entente::broker::testing {

class FreezableProxy {
 public:
  explicit FreezableProxy(std::uint16_t to) : listener_(Listen()), thread_([this, to] { Serve(to); }) {}
  ~FreezableProxy() {
    stopping_ = true;
    thread_.join();
    close(listener_);
  }
  FreezableProxy(const FreezableProxy&) = delete;
  FreezableProxy& operator=(const FreezableProxy&) = delete;

  [[nodiscard]] std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }
  void Freeze() { frozen_ = true; }

 private:
  static sockaddr_in Loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  int Listen() {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = Loopback(0);
    socklen_t length = sizeof(address);
    EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(listen(fd, 1), 0);
    EXPECT_EQ(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length), 0);
    port_ = ntohs(address.sin_port);
    return fd;
  }
  // Until something comes, or it is time to look around.
  static bool HasInput(pollfd* ends, nfds_t count) { return poll(ends, count, 20) > 0; }

  void Serve(std::uint16_t to) {
    pollfd waiting{listener_, POLLIN, 0};
    while (!stopping_ && !HasInput(&waiting, 1)) {
    }
    if (stopping_) return;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Loopback(to);
    EXPECT_EQ(connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    while (!stopping_ && Pass(client, server)) {
    }
    close(client);
    close(server);
  }
  bool Pass(int client, int server) const {
    if (frozen_) return poll(nullptr, 0, 20) == 0;
    std::array<pollfd, 2> ends{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    if (!HasInput(ends.data(), ends.size())) return true;
    return (ends[0].revents == 0 || Copy(client, server)) && (ends[1].revents == 0 || Copy(server, client));
  }
  static bool Copy(int from, int to) {
    std::array<char, 16 * 1024> block{};
    const ssize_t got = read(from, block.data(), block.size());
    return got > 0 && send(to, block.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) == got;
  }

  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> frozen_ = false;
  int listener_;
  std::thread thread_;
};

}  // namespace entente::broker::testing
