// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/quantity.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <vector>

namespace entente::harness {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr std::array kDurationUnits{Unit{"ns", 1e-9}, Unit{"us", 1e-6}, Unit{"ms", 1e-3},
                                    Unit{"s", 1},     Unit{"min", 60},  Unit{"h", 3600}};
constexpr std::array kSpeedUnits{Unit{"m/s", 1}, Unit{"km/h", 1 / 3.6}, Unit{"kn", 1852.0 / 3600}};
constexpr std::array kBitRateUnits{Unit{"bit/s", 1}, Unit{"kbit/s", 1e3}, Unit{"Mbit/s", 1e6}, Unit{"Gbit/s", 1e9}};
constexpr std::array kLengthUnits{Unit{"m", 1}, Unit{"km", 1e3}, Unit{"ft", 0.3048}, Unit{"NM", 1852}};
constexpr double kLongestSeconds = 100 * 86400.0;

bool IsSpace(char c) {
  return c == ' ' || c == '\t';
}
bool IsNumberCharacter(char c) {
  return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+';
}

// Words between spaces; a number and a unit that touch ("30s") are two words.
std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t at = 0;
  while (at < text.size()) {
    if (IsSpace(text[at])) {
      ++at;
      continue;
    }
    const bool number = IsNumberCharacter(text[at]);
    std::size_t end = at;
    while (end < text.size() && !IsSpace(text[end]) && (!number || IsNumberCharacter(text[end]))) ++end;
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

std::optional<double> InUnit(std::string_view number, std::string_view unit, std::span<const Unit> units) {
  const auto value = ParseNumber(number);
  if (!value) return std::nullopt;
  for (const Unit& known : units) {
    if (known.name == unit) return *value * known.factor;
  }
  return std::nullopt;
}

std::optional<double> ParseOne(std::string_view text, std::span<const Unit> units) {
  const auto words = Words(text);
  return words.size() == 2 ? InUnit(words[0], words[1], units) : std::nullopt;
}

// "53.55" with "N" or "S" of `positive` and `negative`.
std::optional<double> Coordinate(std::string_view number, std::string_view side, std::string_view positive,
                                 std::string_view negative) {
  const auto value = ParseNumber(number);
  if (!value || *value < 0 || (side != positive && side != negative)) return std::nullopt;
  return side == positive ? *value : -*value;
}

std::optional<v1::RoutePoint> MakeRoutePoint(double latitude_deg, double longitude_deg, double altitude_m) {
  if (!(std::abs(latitude_deg) <= 90) || !(std::abs(longitude_deg) <= 180) || !std::isfinite(altitude_m)) return std::nullopt;
  v1::RoutePoint point;
  point.mutable_position()->set_latitude_deg(latitude_deg);
  point.mutable_position()->set_longitude_deg(longitude_deg);
  point.set_altitude_m(altitude_m);
  return point;
}

}  // namespace

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<double> ParseNumber(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<Duration> ParseDuration(std::string_view text) {
  const auto words = Words(text);
  if (words.empty() || words.size() % 2 != 0) return std::nullopt;
  double seconds = 0;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    const auto part = InUnit(words[i], words[i + 1], kDurationUnits);
    if (!part || *part < 0) return std::nullopt;
    seconds += *part;
  }
  return seconds < kLongestSeconds ? std::optional(FromSeconds(seconds)) : std::nullopt;
}

std::optional<double> ParseShare(std::string_view text) {
  constexpr std::array percent{Unit{"%", 0.01}};
  const auto value = text.ends_with('%') ? ParseOne(text, percent) : ParseNumber(text);
  return value && *value >= 0 && *value <= 1 ? value : std::nullopt;
}

std::optional<double> ParseSpeed(std::string_view text) {
  const auto value = ParseOne(text, kSpeedUnits);
  return value && *value >= 0 ? value : std::nullopt;
}

std::optional<std::uint64_t> ParseBitRate(std::string_view text) {
  const auto value = ParseOne(text, kBitRateUnits);
  if (!value || *value < 1 || *value > 1e15) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(*value));
}

std::optional<double> ParseLength(std::string_view text) {
  return ParseOne(text, kLengthUnits);
}

std::optional<v1::RoutePoint> ParseRouteNumbers(const std::vector<std::string>& numbers) {
  if (numbers.size() != 2 && numbers.size() != 3) return std::nullopt;
  const auto latitude = ParseNumber(numbers[0]);
  const auto longitude = ParseNumber(numbers[1]);
  const auto altitude = numbers.size() == 3 ? ParseNumber(numbers[2]) : std::optional(0.0);
  if (!latitude || !longitude || !altitude) return std::nullopt;
  return MakeRoutePoint(*latitude, *longitude, *altitude);
}

std::optional<v1::RoutePoint> ParseRoutePoint(std::string_view text) {
  const auto words = Words(text);
  if (words.size() != 4 && words.size() != 6) return std::nullopt;
  const auto latitude = Coordinate(words[0], words[1], "N", "S");
  const auto longitude = Coordinate(words[2], words[3], "E", "W");
  const auto altitude = words.size() == 6 ? InUnit(words[4], words[5], kLengthUnits) : std::optional(0.0);
  if (!latitude || !longitude || !altitude) return std::nullopt;
  return MakeRoutePoint(*latitude, *longitude, *altitude);
}

std::optional<v1::Endpoint> ParseEndpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  std::string_view host = colon == std::string_view::npos ? std::string_view("127.0.0.1") : text.substr(0, colon);
  const auto port = ParseInteger(colon == std::string_view::npos ? text : text.substr(colon + 1));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || !port || *port < 0 || *port > 65535) return std::nullopt;
  v1::Endpoint endpoint;
  endpoint.set_host(std::string(host));
  endpoint.set_port(static_cast<std::uint32_t>(*port));
  return endpoint;
}

std::optional<v1::DisEntityType> ParseDisEntityType(std::string_view text) {
  std::array<std::uint32_t, 7> numbers{};
  std::size_t count = 0;
  while (count < numbers.size()) {
    const std::size_t dot = text.find('.');
    const auto number = ParseInteger(text.substr(0, dot));
    const std::int64_t bound = count == 2 ? 65535 : 255;
    if (!number || *number < 0 || *number > bound) return std::nullopt;
    numbers[count++] = static_cast<std::uint32_t>(*number);
    if (dot == std::string_view::npos) break;
    if (count == numbers.size()) return std::nullopt;
    text.remove_prefix(dot + 1);
  }
  if (count < 2) return std::nullopt;
  v1::DisEntityType type;
  type.set_kind(numbers[0]);
  type.set_domain(numbers[1]);
  type.set_country(numbers[2]);
  type.set_category(numbers[3]);
  type.set_subcategory(numbers[4]);
  type.set_specific(numbers[5]);
  type.set_extra(numbers[6]);
  return type;
}

std::string DurationText(Duration duration) {
  const double seconds = ToSeconds(duration);
  if (seconds >= 1 || duration == Duration{0}) return fmt::format("{:g} s", seconds);
  if (seconds >= 1e-3) return fmt::format("{:g} ms", seconds * 1e3);
  return fmt::format("{:g} us", seconds * 1e6);
}

std::string BitRateText(std::uint64_t bits_per_second) {
  const auto rate = static_cast<double>(bits_per_second);
  if (rate >= 1e9) return fmt::format("{:g} Gbit/s", rate / 1e9);
  if (rate >= 1e6) return fmt::format("{:g} Mbit/s", rate / 1e6);
  if (rate >= 1e3) return fmt::format("{:g} kbit/s", rate / 1e3);
  return fmt::format("{:g} bit/s", rate);
}

}  // namespace entente::harness
