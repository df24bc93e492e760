// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/tablet.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <charconv>

#include "base/time.h"
#include "tests/loopback/loopback.h"

namespace entente::program {

Tablet::Tablet(std::uint16_t port) : connection_(loopback::Connect(port)) {
  EXPECT_GE(connection_.number(), 0) << "nobody answers at port " << port;
}

void Tablet::Say(std::string_view text) const {
  EXPECT_EQ(write(connection_.number(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

std::string Tablet::HearUntil(std::string_view text) {
  constexpr int kPatienceMs = 30'000;
  pollfd waiting{connection_.number(), POLLIN, 0};
  while (heard_.find(text) == std::string::npos && poll(&waiting, 1, kPatienceMs) > 0) {
    char block[4096];
    const ssize_t got = read(connection_.number(), block, sizeof(block));
    if (got <= 0) break;
    heard_.append(block, static_cast<std::size_t>(got));
  }
  return heard_;
}

bool Tablet::AwaitClose() {
  constexpr int kPatienceMs = 30'000;
  pollfd waiting{connection_.number(), POLLIN, 0};
  char block[4096];
  while (poll(&waiting, 1, kPatienceMs) > 0) {
    if (read(connection_.number(), block, sizeof(block)) <= 0) return true;
  }
  return false;
}

std::uint16_t PortIn(const std::string& line) {
  std::uint16_t port = 0;
  const std::string digits = line.substr(line.rfind(':') + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return port;
}

std::string TrackOf(std::string_view uid, std::string_view callsign) {
  const std::string now = FormatUtc(UtcTime(std::chrono::sys_days(std::chrono::year(2026) / 6 / 1)));
  return fmt::format(
      R"(<event version="2.0" uid="{}" type="a-f-G-U-C" how="m-g" time="{}" start="{}" stale="2036-06-01T00:00:00Z">)"
      R"(<point lat="53.5" lon="9.9" hae="30" ce="5" le="5"/><detail><contact callsign="{}"/></detail></event>)",
      uid, now, now, callsign);
}

}  // namespace entente::program
