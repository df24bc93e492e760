// SPDX-License-Identifier: Apache-2.0
#pragma once

// The exercise file of a long day: 20 nations with one node each, in turn over CoT, DIS and AIS, whose units report every ten
// seconds. Each nation hears three others, so that each message is received by three nations; every link delays, varies and loses,
// and every link is out once.

#include <cstddef>
#include <string>

#include "base/time.h"

namespace entente::day {

inline constexpr std::size_t kNations = 20;
inline constexpr std::size_t kListeners = 3;  // of each nation
inline constexpr Duration kReportEvery = std::chrono::seconds(10);

struct CoalitionDay {
  std::size_t units = 1000;  // of all nations together, dealt out in turn
  Duration duration = std::chrono::hours(24);

  // YAML.
  [[nodiscard]] std::string Text() const;
  // That its units compose, within one of each unit's first and last.
  [[nodiscard]] std::size_t messages() const { return units * static_cast<std::size_t>(duration / kReportEvery); }
};

}  // namespace entente::day
