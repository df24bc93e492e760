// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/timestamp.h"

#include <cmath>

namespace entente::dis {
namespace {

constexpr std::int64_t kHourNs = 3'600'000'000'000;
constexpr std::int64_t kUnitsPerHour = 0x7FFFFFFF;

// [-half an hour, half an hour).
std::int64_t ShorterWay(std::int64_t ns) {
  const std::int64_t wrapped = ((ns + kHourNs / 2) % kHourNs + kHourNs) % kHourNs;
  return wrapped - kHourNs / 2;
}

}  // namespace

Duration PastHour(std::uint32_t timestamp) {
  // 2^31 units times 3.6e12 overflows 64 bits; a long double keeps 64 bits of it, far below a nanosecond.
  const auto units = static_cast<long double>(timestamp >> 1);
  return Duration(std::llround(units * kHourNs / kUnitsPerHour));
}

std::uint32_t ToTimestamp(UtcTime time, bool absolute) {
  const std::int64_t past = (ToNanoseconds(time) % kHourNs + kHourNs) % kHourNs;
  const auto units = static_cast<std::uint32_t>(std::llround(static_cast<long double>(past) * kUnitsPerHour / kHourNs));
  return (units << 1) | (absolute ? 1U : 0U);
}

UtcTime Complete(std::uint32_t timestamp, UtcTime now) {
  const std::int64_t now_ns = ToNanoseconds(now);
  return FromNanoseconds(now_ns + ShorterWay(PastHour(timestamp).count() - now_ns % kHourNs));
}

Duration Between(std::uint32_t earlier, std::uint32_t later) {
  return Duration(ShorterWay((PastHour(later) - PastHour(earlier)).count()));
}

ClockTime ToClockTime(UtcTime time) {
  const auto hour = std::chrono::floor<std::chrono::hours>(time);
  return {static_cast<std::int32_t>(hour.time_since_epoch().count()), ToTimestamp(time, true)};
}

UtcTime FromClockTime(const ClockTime& clock) {
  // Only 292 years to either side of 1970 fit nanoseconds.
  constexpr std::int64_t kHourLimit = 2'500'000;
  const std::int64_t hour = clock.hour < -kHourLimit ? -kHourLimit : clock.hour > kHourLimit ? kHourLimit : clock.hour;
  return FromNanoseconds(hour * kHourNs) + PastHour(clock.past_hour);
}

}  // namespace entente::dis
