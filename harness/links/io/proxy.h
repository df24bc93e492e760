// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the TCP and the UDP proxy have in common: endpoints, and what they tell their owner. A proxy stands between a node and the
// gateway and moves octets over a Link in real time: due times on one timer, never a sleep. Everything here, the Link included, is
// used on the io_context's thread alone; a caller elsewhere posts to it.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "harness/links/decision.h"

namespace entente::harness {

struct ProxyEndpoint {
  std::string host;
  std::uint16_t port = 0;

  bool operator==(const ProxyEndpoint&) const = default;
};

// Any may be empty. Called on the io_context's thread.
struct ProxyEvents {
  std::function<void(const Decision&)> decision;
  std::function<void(std::string_view fault)> lease_ended;
  // "connected 127.0.0.1:41022", "127.0.0.1:8087 cannot be reached: Connection refused": for people.
  std::function<void(std::string_view text)> connection;
};

// What became of octets of a probe's own that were sent through a proxy's sockets.
struct MeasuredProbe {
  bool came = false;
  Duration round_trip{0};  // opening of a connection included
  std::string trouble{};   // for people: why nothing came
};
using OnProbed = std::function<void(const MeasuredProbe&)>;

}  // namespace entente::harness
