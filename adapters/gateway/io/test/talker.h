// SPDX-License-Identifier: Apache-2.0
#pragma once

// A link end that remembers what it heard and says what a test puts in; and the real io_context that a test runs until something is
// so.

#include <gtest/gtest.h>

#include <asio/io_context.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/api/link_end.h"
#include "adapters/gateway/io/transport.h"
#include "base/io/system_clock.h"

namespace entente::gateway::test {

class Talker final : public adapter::LinkEnd {
 public:
  void OnConnected(std::string_view peer, Now) override {
    connected = true;
    peers.emplace_back(peer);
  }
  void OnReceived(ByteView octets, Now) override {
    heard += AsText(octets);
    ++receptions;
    if (!close_when_heard.empty() && heard.find(close_when_heard) != std::string::npos) close_wish = "heard enough";
  }
  void OnDisconnected(std::string_view reason, Now) override {
    connected = false;
    reasons.emplace_back(reason);
    close_wish.clear();
  }
  std::optional<adapter::Output> NextOutput(Now) override {
    if (says.empty()) return std::nullopt;
    adapter::Output output{Share(ToBytes(says.front())), ++said};
    says.pop_front();
    return output;
  }
  void OnWritten(Now) override { written = said; }
  [[nodiscard]] std::optional<Instant> NextDeadline() const override { return deadline; }
  void OnDeadline(Now) override {
    deadline.reset();
    says.emplace_back("deadline\n");
  }
  [[nodiscard]] std::string_view wants_close() const override { return close_wish; }
  [[nodiscard]] bool wants_input() const override { return listens; }
  void SetWakeUp(std::function<void()> wake) override { wake_up = std::move(wake); }

  void Say(std::string text) {
    says.push_back(std::move(text));
    if (wake_up) wake_up();
  }

  bool connected = false;
  bool listens = true;
  std::vector<std::string> peers;
  std::vector<std::string> reasons;
  std::string heard;
  std::size_t receptions = 0;
  std::deque<std::string> says;
  std::uint64_t said = 0;
  std::uint64_t written = 0;  // of those
  std::optional<Instant> deadline;
  std::string close_wish;
  std::string close_when_heard;
  std::function<void()> wake_up;
};

// Real sockets on one io_context, run by the test itself.
struct Sockets {
  asio::io_context context;
  SystemClock clock;

  // Runs until `condition` holds; false after half a minute, so that a test fails instead of hanging.
  bool RunUntil(const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > limit) return false;
      if (context.stopped()) context.restart();
      context.run_one_for(std::chrono::milliseconds(50));
    }
    return true;
  }
  // Runs until there is nothing left to do; false after half a minute.
  bool RunOut() {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    context.restart();
    while (!context.stopped()) {
      if (std::chrono::steady_clock::now() > limit) return false;
      context.run_one_for(std::chrono::milliseconds(50));
    }
    return true;
  }
};

inline std::uint16_t PortOf(const Transport& transport) {
  const std::string endpoint = transport.endpoint();
  return static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
}

}  // namespace entente::gateway::test
