// SPDX-License-Identifier: Apache-2.0
#pragma once

// A TCP proxy before a nats-server that a test tells what becomes of each protocol message on its way: it goes on, is lost, has
// another payload, or is answered in the server's place. For tests.

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/loopback/loopback.h"

namespace entente::record {

// "MSG <subject> <sid> [reply] <octets>", "PUB <subject> [reply] <octets>" and those with headers have a payload; all others are a
// line.
struct NatsMessage {
  std::vector<std::string_view> words;  // of its line
  std::string_view payload;             // headers included

  [[nodiscard]] bool to_server() const { return words[0] == "PUB" || words[0] == "HPUB"; }
  [[nodiscard]] bool to_client() const { return words[0] == "MSG" || words[0] == "HMSG"; }
  [[nodiscard]] std::string_view subject() const { return words.size() > 1 ? words[1] : std::string_view(); }
  // Empty: it has none.
  [[nodiscard]] std::string_view reply() const {
    const std::size_t at = to_client() ? 3 : 2;
    const std::size_t behind = words[0].starts_with('H') ? 2 : 1;
    return words.size() > at + behind ? words[at] : std::string_view();
  }
};

class NatsProxy {
 public:
  // std::nullopt: the message goes on. Empty: it is lost. Else, to the client: it has this payload; to the server: it is lost, and
  // this is its answer.
  using Fate = std::function<std::optional<std::string>(const NatsMessage&)>;

  NatsProxy(std::uint16_t to, Fate fate) : fate_(std::move(fate)), server_(loopback::Connect(to)), thread_([this] { Serve(); }) {}
  ~NatsProxy() {
    stopping_ = true;
    thread_.join();
  }
  NatsProxy(const NatsProxy&) = delete;
  NatsProxy& operator=(const NatsProxy&) = delete;

  [[nodiscard]] std::string url() const { return "nats://127.0.0.1:" + std::to_string(listener_.port); }
  // Messages that did not go on as they were.
  [[nodiscard]] int taken() const { return taken_; }

 private:
  void Serve() {
    pollfd caller{listener_.socket.number(), POLLIN, 0};
    while (!stopping_ && poll(&caller, 1, kLookAroundMs) <= 0) {
    }
    if (stopping_) return;
    const process::Descriptor client(accept4(listener_.socket.number(), nullptr, nullptr, SOCK_CLOEXEC));
    std::string from_client;
    std::string from_server;
    while (!stopping_) {
      std::array<pollfd, 2> ends{pollfd{client.number(), POLLIN, 0}, pollfd{server_.number(), POLLIN, 0}};
      poll(ends.data(), ends.size(), kLookAroundMs);
      if (ends[0].revents != 0 && (!Take(client, from_client) || !Give(server_, Whole(from_client)))) return;
      if (!Give(client, std::exchange(answers_, {}))) return;
      if (ends[1].revents != 0 && (!Take(server_, from_server) || !Give(client, Whole(from_server)))) return;
    }
  }

  static bool Take(const process::Descriptor& from, std::string& text) {
    std::array<char, 16 * 1024> block{};
    const ssize_t got = read(from.number(), block.data(), block.size());
    if (got > 0) text.append(block.data(), static_cast<std::size_t>(got));
    return got > 0;
  }
  static bool Give(const process::Descriptor& to, std::string_view text) {
    while (!text.empty()) {
      const ssize_t given = send(to.number(), text.data(), text.size(), MSG_NOSIGNAL);
      if (given <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(given));
    }
    return true;
  }

  // The whole messages that have come and go on.
  std::string Whole(std::string& come) {
    std::string whole;
    for (;;) {
      const std::size_t end = come.find("\r\n");
      if (end == std::string::npos) return whole;
      NatsMessage message;
      message.words = WordsOf(std::string_view(come).substr(0, end));
      std::size_t size = end + 2;
      if (message.to_server() || message.to_client()) size += NumberIn(message.words.back()) + 2;
      if (come.size() < size) return whole;
      if (size > end + 2) message.payload = std::string_view(come).substr(end + 2, size - end - 4);
      if (message.words[0] == "SUB") subscriptions_.emplace(message.words[1], message.words.back());
      const std::optional<std::string> fate = fate_(message);
      if (!fate) {
        whole.append(come, 0, size);
      } else {
        ++taken_;
        if (message.to_client() && !fate->empty()) whole += WithPayload(message, *fate);
        if (message.to_server() && !fate->empty()) Answer(std::string(message.reply()), *fate);
      }
      come.erase(0, size);
    }
  }

  // Without headers.
  static std::string WithPayload(const NatsMessage& message, const std::string& payload) {
    std::string text = "MSG";
    for (std::size_t i = 1; i < (message.reply().empty() ? 3U : 4U); ++i) text += ' ' + std::string(message.words[i]);
    return text + ' ' + std::to_string(payload.size()) + "\r\n" + payload + "\r\n";
  }

  void Answer(const std::string& to, const std::string& text) {
    for (const auto& [subject, id] : subscriptions_) {
      if (subject != to && (!subject.ends_with('*') || !to.starts_with(subject.substr(0, subject.size() - 1)))) continue;
      answers_ += "MSG " + to + " " + id + " " + std::to_string(text.size()) + "\r\n" + text + "\r\n";
    }
  }

  static std::vector<std::string_view> WordsOf(std::string_view line) {
    std::vector<std::string_view> words;
    for (;;) {
      const std::size_t space = line.find(' ');
      words.push_back(line.substr(0, space));
      if (space == std::string_view::npos) return words;
      line.remove_prefix(space + 1);
    }
  }

  static std::size_t NumberIn(std::string_view text) {
    std::size_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }

  static constexpr int kLookAroundMs = 20;

  const Fate fate_;
  std::atomic<int> taken_ = 0;
  std::atomic<bool> stopping_ = false;
  const loopback::Listener listener_ = loopback::Listen();
  const process::Descriptor server_;
  std::map<std::string, std::string> subscriptions_;  // of the client: subject and id
  std::string answers_;
  std::thread thread_;
};

}  // namespace entente::record
