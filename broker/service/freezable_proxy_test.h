// SPDX-License-Identifier: Apache-2.0
#pragma once

// A TCP proxy of one connection on loopback that can be told to pass nothing on, while both sides stay connected: what a dead peer
// looks like. For tests.

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>

#include "tests/loopback/loopback.h"

namespace entente::broker::testing {

class FreezableProxy {
 public:
  explicit FreezableProxy(std::uint16_t to) : thread_([this, to] { Serve(to); }) {}
  ~FreezableProxy() {
    stopping_ = true;
    thread_.join();
  }
  FreezableProxy(const FreezableProxy&) = delete;
  FreezableProxy& operator=(const FreezableProxy&) = delete;

  [[nodiscard]] std::string endpoint() const { return "127.0.0.1:" + std::to_string(listener_.port); }
  void Freeze() { frozen_ = true; }

 private:
  // Until something comes, or it is time to look around.
  static bool HasInput(pollfd* ends, nfds_t count) { return poll(ends, count, 20) > 0; }

  void Serve(std::uint16_t to) {
    pollfd waiting{listener_.socket.number(), POLLIN, 0};
    while (!stopping_ && !HasInput(&waiting, 1)) {
    }
    if (stopping_) return;
    const process::Descriptor client(accept4(listener_.socket.number(), nullptr, nullptr, SOCK_CLOEXEC));
    const process::Descriptor server = loopback::Connect(to);
    EXPECT_GE(server.number(), 0) << "nobody answers at port " << to;
    while (!stopping_ && Pass(client.number(), server.number())) {
    }
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

  std::atomic<bool> stopping_ = false;
  std::atomic<bool> frozen_ = false;
  const loopback::Listener listener_ = loopback::Listen();
  std::thread thread_;
};

}  // namespace entente::broker::testing
