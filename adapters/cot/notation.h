// SPDX-License-Identifier: Apache-2.0
#pragma once

// How CoT spells numbers and times: xs:decimal (no exponent), xs:dateTime in UTC, and its two sentinels for "not known".

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace entente::cot {

// Emitted for hae, ce and le that are not known. 999999 is the TAK protocol text's; both are read as unknown, as is NaN.
inline constexpr double kUnknownMetres = 9999999.0;
inline constexpr double kUnknownMetresTak = 999999.0;

struct Decimal {
  double value = 0;         // NaN for "NaN"
  bool conforming = false;  // an xs:decimal: no exponent, not NaN or infinity
};
std::optional<Decimal> ParseDecimal(std::string_view text);
bool IsUnknownMetres(double value);

// The shortest xs:decimal that reads back as the same double, always with a fraction: "0.0", "-77.386".
void AppendDecimal(std::string& out, double value);

// A time as an event says it.
struct EventTime {
  UtcTime time;
  std::uint64_t precision_ns = 1'000'000;

  bool operator==(const EventTime&) const = default;
};
// std::nullopt when it is no xs:dateTime. `zone_known` is false for a time without a zone, read as UTC.
std::optional<EventTime> ParseEventTime(std::string_view text, bool& zone_known);
// Three fraction digits, or as many as the value needs. The greatest time, our "never", is written as the end of year 9999.
void AppendEventTime(std::string& out, UtcTime time);

// Milliseconds since 1970 of TAK protocol v1, and back; "never" as above.
std::uint64_t ToTakMilliseconds(UtcTime time);
UtcTime FromTakMilliseconds(std::uint64_t milliseconds);

}  // namespace entente::cot
