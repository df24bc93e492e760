// SPDX-License-Identifier: Apache-2.0
#pragma once

// The header's timestamp (IEEE 1278.1-2012 §6.2.88): 31 bits of time past the hour, in units of 3600 s / (2^31 - 1), and a lowest
// bit that is 1 when the hour is UTC's (absolute) and 0 when it is the issuer's own (relative). And the clock times of simulation
// management, whose hours count from 1970.

#include <cstdint>

#include "adapters/dis/pdu.h"
#include "base/time.h"

namespace entente::dis {

// Greatest rounding error of a timestamp.
inline constexpr Duration kTimestampError{839};
inline constexpr std::uint64_t kTimestampUnitNs = 1676;

constexpr bool IsAbsolute(std::uint32_t timestamp) {
  return (timestamp & 1) != 0;
}
// [0, 1 h].
Duration PastHour(std::uint32_t timestamp);
std::uint32_t ToTimestamp(UtcTime time, bool absolute);
// The time with this part of the hour that is nearest to `now`.
UtcTime Complete(std::uint32_t timestamp, UtcTime now);
// How far the issuer's clock moved from one timestamp to a later one, taken as the shorter way round the hour.
Duration Between(std::uint32_t earlier, std::uint32_t later);

ClockTime ToClockTime(UtcTime time);
UtcTime FromClockTime(const ClockTime& clock);

}  // namespace entente::dis
