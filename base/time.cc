// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <charconv>

namespace entente {
namespace {

void AppendPadded(std::string& out, std::int64_t value, int width) {
  const std::string digits = std::to_string(value);
  for (auto missing = width - static_cast<int>(digits.size()); missing > 0; --missing) out += '0';
  out += digits;
}

// Reads exactly `width` digits at `pos` and moves on; -1 when they are not there.
int Digits(std::string_view text, std::size_t& pos, std::size_t width) {
  if (pos + width > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const char c = text[pos + i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  pos += width;
  return value;
}

bool Expect(std::string_view text, std::size_t& pos, char wanted) {
  if (pos >= text.size() || text[pos] != wanted) return false;
  ++pos;
  return true;
}

struct Fraction {
  std::int64_t ns = 0;
  int digits = 0;
};

Fraction ReadFraction(std::string_view text, std::size_t& pos) {
  Fraction fraction;
  std::int64_t scale = 100'000'000;
  while (pos < text.size() && text[pos] >= '0' && text[pos] <= '9') {
    fraction.ns += (text[pos] - '0') * scale;
    scale /= 10;
    if (fraction.digits < 9) ++fraction.digits;
    ++pos;
  }
  return fraction;
}

// "Z", "+hh:mm", "-hh:mm" or nothing, up to the end of the text.
struct Zone {
  std::chrono::minutes offset{0};
  bool known = true;
};
std::optional<Zone> ReadZone(std::string_view text, std::size_t& pos) {
  if (pos == text.size()) return Zone{.known = false};
  const char c = text[pos++];
  Zone zone;
  if (c == '+' || c == '-') {
    const int hours = Digits(text, pos, 2);
    if (hours < 0 || hours > 14 || !Expect(text, pos, ':')) return std::nullopt;
    const int minutes = Digits(text, pos, 2);
    if (minutes < 0 || minutes > 59) return std::nullopt;
    zone.offset = std::chrono::minutes((c == '-' ? -1 : 1) * (hours * 60 + minutes));
  } else if (c != 'Z' && c != 'z') {
    return std::nullopt;
  }
  if (pos != text.size()) return std::nullopt;
  return zone;
}

}  // namespace

std::string FormatUtc(UtcTime time, int fraction_digits) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(time - days);
  std::string out;
  out.reserve(32);
  AppendPadded(out, static_cast<int>(date.year()), 4);
  out += '-';
  AppendPadded(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  AppendPadded(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  AppendPadded(out, clock.hours().count(), 2);
  out += ':';
  AppendPadded(out, clock.minutes().count(), 2);
  out += ':';
  AppendPadded(out, clock.seconds().count(), 2);
  if (fraction_digits > 0) {
    std::string nanoseconds;
    AppendPadded(nanoseconds, clock.subseconds().count(), 9);
    out += '.';
    out.append(nanoseconds, 0, static_cast<std::size_t>(fraction_digits < 9 ? fraction_digits : 9));
  }
  out += 'Z';
  return out;
}

std::optional<ParsedUtc> ParseUtc(std::string_view text) {
  std::size_t pos = 0;
  const int year = Digits(text, pos, 4);
  if (year < 0 || !Expect(text, pos, '-')) return std::nullopt;
  const int month = Digits(text, pos, 2);
  if (month < 0 || !Expect(text, pos, '-')) return std::nullopt;
  const int day = Digits(text, pos, 2);
  if (day < 0 || !Expect(text, pos, 'T')) return std::nullopt;
  const int hour = Digits(text, pos, 2);
  if (hour < 0 || hour > 24 || !Expect(text, pos, ':')) return std::nullopt;
  const int minute = Digits(text, pos, 2);
  if (minute < 0 || minute > 59 || !Expect(text, pos, ':')) return std::nullopt;
  const int second = Digits(text, pos, 2);
  if (second < 0 || second > 60 || (hour == 24 && (minute != 0 || second != 0))) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  // Outside these years the nanosecond count of a 64-bit UtcTime overflows; year 9999 is a common "never" and is capped.
  constexpr int kFirstYear = 1678;
  constexpr int kLastYear = 2261;
  if (!date.ok() || year < kFirstYear) return std::nullopt;

  ParsedUtc parsed;
  Fraction fraction;
  if (pos < text.size() && text[pos] == '.') {
    ++pos;
    fraction = ReadFraction(text, pos);
    if (fraction.digits == 0) return std::nullopt;
  }
  const auto zone = ReadZone(text, pos);
  if (!zone) return std::nullopt;
  parsed.fraction_digits = fraction.digits;
  parsed.zone_known = zone->known;
  if (year > kLastYear) {
    parsed.time = UtcTime::max();
    return parsed;
  }
  parsed.time = UtcTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                std::chrono::seconds(second) + Duration(fraction.ns) - zone->offset;
  return parsed;
}

}  // namespace entente
