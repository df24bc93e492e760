// SPDX-License-Identifier: Apache-2.0
#pragma once

// How far a peer's clock is from ours, from probes with four timestamps (as in NTP, RFC 5905 §8). Of the last probes the one with
// the shortest round trip counts: what it waited in queues is least. The bound needs no assumption: the peer's answer was made
// somewhere within the round trip. Sans-I/O.

#include <deque>
#include <optional>

#include "base/time.h"

namespace entente::broker {

struct ClockEstimate {
  Duration offset{};  // what to add to our time to get the peer's
  Duration error{};   // the truth lies within the offset ± this

  bool operator==(const ClockEstimate&) const = default;
};

class ClockEstimator {
 public:
  static constexpr std::size_t kProbes = 8;                           // that are remembered
  static constexpr Duration kFirst = std::chrono::milliseconds(100);  // between the first kProbes
  static constexpr Duration kLater = std::chrono::seconds(10);

  // Another peer, or another way to it.
  void Forget() { *this = ClockEstimator(); }
  // True when it is time for a probe; the caller sends one.
  bool IsDue(Instant now);
  // t1: sent by us, t2: received by the peer, t3: answered by the peer, t4: received by us. An estimate when it is news: the first,
  // a better one, or one that the last does not agree with. Clocks 73 years apart are none.
  std::optional<ClockEstimate> Add(UtcTime t1, UtcTime t2, UtcTime t3, UtcTime t4);

 private:
  std::deque<ClockEstimate> probes_;
  std::optional<ClockEstimate> told_;
  std::optional<Instant> next_;
  std::size_t sent_ = 0;
};

}  // namespace entente::broker
