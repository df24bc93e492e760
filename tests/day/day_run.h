// SPDX-License-Identifier: Apache-2.0
#pragma once

// A coalition day, run under the virtual clock with its whole record on disk, and what it cost.

#include <cstdint>
#include <string>

#include "base/result.h"
#include "harness/assessment/assessment.h"
#include "tests/day/coalition_day.h"

namespace entente::day {

struct DayCost {
  double wall_s = 0;  // STARTEX to the assessment
  double cpu_s = 0;   // of this process
  std::uint64_t messages = 0;
  std::uint64_t deliveries = 0;  // messages understood by a recipient
  std::uint64_t events = 0;
  std::uint64_t record_octets = 0;
  std::uint64_t peak_resident_octets = 0;
};

struct DayOutcome {
  harness::Assessment assessment;
  DayCost cost;
};

// Leaves nothing behind.
Result<DayOutcome> RunDay(const CoalitionDay& day);
// The same in a process of its own, so that memory is that of this run alone.
Result<DayCost> MeasureDay(const CoalitionDay& day);

}  // namespace entente::day
