// SPDX-License-Identifier: Apache-2.0
#pragma once

// A TCP proxy before a nats-server that loses chosen messages of a stream on the way to the client, each once: what happens when
// the routes between servers change. For tests.

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/loopback/loopback.h"

namespace entente::record {

class LossyProxy {
 public:
  // `lose`: sequences in the stream.
  LossyProxy(std::uint16_t to, std::vector<std::uint64_t> lose)
      : lose_(std::move(lose)), server_(loopback::Connect(to)), thread_([this] { Serve(); }) {}
  ~LossyProxy() {
    stopping_ = true;
    thread_.join();
  }
  LossyProxy(const LossyProxy&) = delete;
  LossyProxy& operator=(const LossyProxy&) = delete;

  [[nodiscard]] std::string url() const { return "nats://127.0.0.1:" + std::to_string(listener_.port); }
  [[nodiscard]] int lost() const { return lost_; }

 private:
  void Serve() {
    pollfd caller{listener_.socket.number(), POLLIN, 0};
    while (!stopping_ && poll(&caller, 1, kLookAroundMs) <= 0) {
    }
    if (stopping_) return;
    const process::Descriptor client(accept4(listener_.socket.number(), nullptr, nullptr, SOCK_CLOEXEC));
    while (!stopping_) {
      std::array<pollfd, 2> ends{pollfd{client.number(), POLLIN, 0}, pollfd{server_.number(), POLLIN, 0}};
      poll(ends.data(), ends.size(), kLookAroundMs);
      std::string said;
      if (ends[0].revents != 0 && (!Take(client, said) || !Give(server_, said))) return;
      if (ends[1].revents != 0 && (!Take(server_, from_server_) || !Give(client, Whole()))) return;
    }
  }

  static bool Take(const process::Descriptor& from, std::string& text) {
    std::array<char, 16 * 1024> block{};
    const ssize_t got = read(from.number(), block.data(), block.size());
    if (got > 0) text.append(block.data(), static_cast<std::size_t>(got));
    return got > 0;
  }
  static bool Give(const process::Descriptor& to, std::string_view text) {
    return text.empty() || send(to.number(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }

  // The whole protocol messages that have come, without those to be lost: "MSG <subject> <sid> [reply] <octets>", HMSG alike, have
  // octets behind their line; all others are a line.
  std::string Whole() {
    std::string whole;
    for (;;) {
      const std::size_t end = from_server_.find("\r\n");
      if (end == std::string::npos) return whole;
      const std::string_view line = std::string_view(from_server_).substr(0, end);
      std::size_t size = end + 2;
      if (line.starts_with("MSG ") || line.starts_with("HMSG ")) size += NumberAt(line, line.rfind(' ') + 1) + 2;
      if (from_server_.size() < size) return whole;
      if (IsLost(line)) {
        ++lost_;
      } else {
        whole.append(from_server_, 0, size);
      }
      from_server_.erase(0, size);
    }
  }

  // By its reply subject, "$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>…".
  bool IsLost(std::string_view line) {
    std::size_t at = line.find(" $JS.ACK.");
    if (at == std::string_view::npos) return false;
    for (int token = 0; token < 5; ++token) at = line.find('.', at + 1);
    const auto found = std::ranges::find(lose_, NumberAt(line, at + 1));
    if (found == lose_.end()) return false;
    lose_.erase(found);
    return true;
  }

  static std::uint64_t NumberAt(std::string_view text, std::size_t at) {
    std::uint64_t number = 0;
    std::from_chars(text.data() + at, text.data() + text.size(), number);
    return number;
  }

  static constexpr int kLookAroundMs = 20;

  std::vector<std::uint64_t> lose_;
  std::atomic<int> lost_ = 0;
  std::atomic<bool> stopping_ = false;
  const loopback::Listener listener_ = loopback::Listen();
  const process::Descriptor server_;
  std::string from_server_;
  std::thread thread_;
};

}  // namespace entente::record
