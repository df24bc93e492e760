// SPDX-License-Identifier: Apache-2.0
#pragma once

// Time as the cores see it: a value passed in, never read. `Instant` is monotonic and drives protocol timers and link delays;
// `UtcTime` is what messages and the record carry. A Clock is read by the shells only (base/io/system_clock.h), or is virtual.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace entente {

using Duration = std::chrono::nanoseconds;

struct MonotonicTimeline {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicTimeline>;
  static constexpr bool is_steady = true;
};
using Instant = MonotonicTimeline::time_point;
using UtcTime = std::chrono::sys_time<Duration>;

struct Now {
  Instant instant;
  UtcTime utc;

  bool operator==(const Now&) const = default;
};

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Now Read() const = 0;
};

// Moves only when told. Starts at monotonic zero and the given UTC time.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(UtcTime start) : now_{Instant{}, start} {}
  [[nodiscard]] Now Read() const override { return now_; }
  void Advance(Duration by) {
    now_.instant += by;
    now_.utc += by;
  }
  // To `instant`, if it lies ahead; a virtual clock never runs backwards.
  void AdvanceTo(Instant instant) {
    if (instant > now_.instant) Advance(instant - now_.instant);
  }

 private:
  Now now_;
};

inline std::int64_t ToNanoseconds(UtcTime time) {
  return time.time_since_epoch().count();
}
inline UtcTime FromNanoseconds(std::int64_t ns) {
  return UtcTime(Duration(ns));
}
inline double ToSeconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}
// Rounded to the nearest nanosecond; the caller keeps |seconds| below 292 years.
inline Duration FromSeconds(double seconds) {
  return std::chrono::round<Duration>(std::chrono::duration<double>(seconds));
}

// xs:dateTime in UTC: "2026-01-01T00:00:00.250Z", with `fraction_digits` of 0 to 9 (truncated, not rounded).
std::string FormatUtc(UtcTime time, int fraction_digits = 3);

// xs:dateTime or ISO 8601 extended form with any fraction up to 9 digits (further digits are ignored), and "Z", a numeric offset,
// or no zone (then read as UTC, and `zone_known` is false). Leap second 60 is accepted and folded onto the next second.
struct ParsedUtc {
  UtcTime time;
  int fraction_digits = 0;
  bool zone_known = true;
};
std::optional<ParsedUtc> ParseUtc(std::string_view text);

}  // namespace entente
