// SPDX-License-Identifier: Apache-2.0
#include "tests/durability/kill_tablet.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <charconv>

#include "tests/loopback/loopback.h"

namespace entente::durability {
namespace {

constexpr std::string_view kMark = "numbered ";
constexpr std::string_view kEnd = "</event>";
constexpr int kLittleRoom = 4096;
constexpr int kSmallSegment = 536;

}  // namespace

void KillTablet::Connect(std::uint16_t port) {
  connection_ = room_ == Room::kPlenty ? loopback::Connect(port)
                                       : loopback::Connect(port, {.receive_octets = kLittleRoom, .segment_octets = kSmallSegment});
  EXPECT_GE(connection_.number(), 0) << "nobody answers at port " << port;
  fcntl(connection_.number(), F_SETFL, O_NONBLOCK);
  partial_.clear();
  understood_.emplace_back();
}

bool KillTablet::Say(std::string_view event) const {
  return send(connection_.number(), event.data(), event.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(event.size());
}

bool KillTablet::Hear() {
  connection_.TakeIn(partial_);
  std::size_t begin = 0;
  for (std::size_t end = partial_.find(kEnd); end != std::string::npos; end = partial_.find(kEnd, begin)) {
    if (const auto number = NumberIn(std::string_view(partial_).substr(begin, end - begin))) understood_.back().push_back(*number);
    begin = end + kEnd.size();
  }
  partial_.erase(0, begin);
  return connection_.number() >= 0;
}

std::size_t KillTablet::unread() const {
  int octets = 0;
  ioctl(connection_.number(), FIONREAD, &octets);
  return static_cast<std::size_t>(octets);
}

std::string KillTablet::Event(std::uint64_t number, char priority, std::size_t padding) {
  constexpr std::string_view kTime = "2026-06-01T00:00:00Z";
  return fmt::format(
      R"(<event version="2.0" uid="KILL-{}" type="a-f-G-U-C" how="m-g" time="{}" start="{}" stale="2096-06-01T00:00:00Z" )"
      R"(qos="{}-i-d"><point lat="53.5" lon="9.9" hae="30" ce="5" le="5"/><detail><contact callsign="{}{}."/>)"
      R"(<remarks>{}</remarks></detail>{})",
      number, kTime, kTime, priority, kMark, number, std::string(padding, 'x'), kEnd);
}

std::optional<std::uint64_t> KillTablet::NumberIn(std::string_view octets) {
  const std::size_t mark = octets.find(kMark);
  if (mark == std::string_view::npos) return std::nullopt;
  std::uint64_t number = 0;
  const char* digits = octets.data() + mark + kMark.size();
  const auto [end, error] = std::from_chars(digits, octets.data() + octets.size(), number);
  if (error != std::errc() || end == octets.data() + octets.size() || *end != '.') return std::nullopt;
  return number;
}

}  // namespace entente::durability
