// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whose clock an event was stamped by, and how that clock stood against the record's: from ClockEstimated events. What nobody
// estimated is taken as right: in one process there is one clock.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "entente/v1/record.pb.h"

namespace entente::harness {

// Of one point in time.
struct ClockReading {
  std::int64_t at_ns = 0;
  std::int64_t error_ns = 0;  // the truth is within ± this
  std::uint32_t clock = 0;    // which; 0: the record's own
};

// What lies between two readings can be wrong by so much: nothing, when one clock gave both.
std::int64_t UncertaintyBetween(const ClockReading& a, const ClockReading& b);

class ClockBook {
 public:
  // Writers beyond this are not corrected.
  static constexpr std::size_t kClocks = 4096;

  void On(const std::string& writer, const v1::ClockEstimated& event);
  void On(const v1::NodeAttached& event);
  // The time of a writer's event by the record's clock.
  [[nodiscard]] ClockReading Read(std::int64_t utc_ns, std::string_view writer) const;

 private:
  struct Clock {
    std::uint32_t number = 0;
    std::int64_t offset_ns = 0;
    std::int64_t error_ns = 0;
    std::string node;  // whose broker's clock it was compared with; empty: the record's
  };

  std::map<std::string, Clock, std::less<>> clocks_;  // per writer
  std::map<std::string, std::string> brokers_;        // per attached node
};

}  // namespace entente::harness
