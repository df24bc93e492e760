// SPDX-License-Identifier: Apache-2.0
#pragma once

// Values as people write them, with their unit: "250 ms", "5 %", "12 kn", "64 kbit/s", "1.5 km", "53.55 N 9.99 E". The unit is part
// of the value; a bare number is read only where it has none (0.05 as a share). std::nullopt when the text is not of the form.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "entente/v1/exercise.pb.h"

namespace entente::harness {

// ns, us, ms, s, min, h; "1 min 30 s" adds up. Not negative, below 100 days.
std::optional<Duration> ParseDuration(std::string_view text);
// "5 %" or "0.05": 0 to 1.
std::optional<double> ParseShare(std::string_view text);
// m/s, km/h, kn; metres per second.
std::optional<double> ParseSpeed(std::string_view text);
// bit/s, kbit/s, Mbit/s, Gbit/s; above zero.
std::optional<std::uint64_t> ParseBitRate(std::string_view text);
// m, km, ft, NM; metres. May be negative.
std::optional<double> ParseLength(std::string_view text);
// "53.55 N 9.99 E", or "53.55 N 9.99 E 300 m" with the altitude above the ellipsoid.
std::optional<v1::RoutePoint> ParseRoutePoint(std::string_view text);
// Latitude and longitude in degrees, and the altitude in metres if there is a third.
std::optional<v1::RoutePoint> ParseRouteNumbers(const std::vector<std::string>& numbers);
// "127.0.0.1:8087", "[::1]:8087", "localhost:0", or a port alone, on 127.0.0.1.
std::optional<v1::Endpoint> ParseEndpoint(std::string_view text);
// SISO-REF-010 notation: kind.domain.country.category.subcategory.specific.extra, from two numbers on.
std::optional<v1::DisEntityType> ParseDisEntityType(std::string_view text);
// Decimal, all of the text.
std::optional<std::int64_t> ParseInteger(std::string_view text);
std::optional<double> ParseNumber(std::string_view text);

// The shortest of the forms above: "250 ms", "1.5 s".
std::string DurationText(Duration duration);
// "64 kbit/s".
std::string BitRateText(std::uint64_t bits_per_second);

}  // namespace entente::harness
