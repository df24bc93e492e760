// SPDX-License-Identifier: Apache-2.0
#pragma once

// A national system whose gateway may be killed at any moment: it says numbered CoT events, and remembers which ones it understood,
// one connection after the other. It never waits.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/process/descriptor.h"

namespace entente::durability {

class KillTablet {
 public:
  // With little room for what it has not read, most of it waits in the gateway.
  enum class Room : std::uint8_t { kPlenty, kLittle };
  explicit KillTablet(Room room) : room_(room) {}

  // Fails the test if nobody answers there.
  void Connect(std::uint16_t port);
  // False: the connection is broken, and nobody may have heard it.
  [[nodiscard]] bool Say(std::string_view event) const;
  // Takes in what there is. False once the connection has ended.
  bool Hear();
  // Octets that it was sent and has not read.
  [[nodiscard]] std::size_t unread() const;

  // To be polled; -1: not connected.
  [[nodiscard]] int descriptor() const { return connection_.number(); }
  // The numbers of the events understood over each connection so far, in order.
  [[nodiscard]] const std::vector<std::vector<std::uint64_t>>& understood() const { return understood_; }

  // A track of an object of its own. `priority`: CoT's, 0 to 9. `padding` octets make it long.
  static std::string Event(std::uint64_t number, char priority, std::size_t padding);
  // The number of such an event in text or in an envelope's octets.
  static std::optional<std::uint64_t> NumberIn(std::string_view octets);

 private:
  const Room room_;
  process::Descriptor connection_;
  std::string partial_;
  std::vector<std::vector<std::uint64_t>> understood_;
};

}  // namespace entente::durability
