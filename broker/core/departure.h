// SPDX-License-Identifier: Apache-2.0
#pragma once

// What NodeDetached.reason says when a node left for good, so that nothing waits for it any more; every other reason is that of a
// stream, after which the node may come back.

#include <string>
#include <string_view>

namespace entente::broker {

inline constexpr std::string_view kLeft = "left";

inline std::string LeftFor(std::string_view why) {
  return why.empty() ? std::string(kLeft) : std::string(kLeft) + ": " + std::string(why);
}

inline bool HasLeft(std::string_view reason) {
  return reason == kLeft || reason.starts_with("left: ");
}

}  // namespace entente::broker
