// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/notation.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "adapters/common/xml/xml_text.h"
#include "base/endian.h"

namespace entente::cot {
namespace {

constexpr std::uint64_t kEndOfYear9999Ms = 253'402'300'799'999;
constexpr std::int64_t kNanosecondsPerMillisecond = 1'000'000;

std::uint64_t PowerOfTen(int exponent) {
  std::uint64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

// Two digits at a time into a buffer.
void Put(char*& at, unsigned value, int width) {
  for (int i = width - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  at += width;
}

// Appends the digits at `at` to `number`; the first octet that is none.
const char* ReadDigits(const char* at, const char* end, std::uint64_t& number) {
  for (; at != end; ++at) {
    const unsigned digit = static_cast<unsigned>(*at) - '0';
    if (digit > 9) break;
    number = number * 10 + digit;
  }
  return at;
}

// Eight octets of a notation: '0' stands for any digit, all else for itself.
struct Pattern {
  std::uint64_t octets = 0;
  std::uint64_t room = 0;  // how much an octet's difference from the pattern falls short of its upper bit, at most

  consteval explicit Pattern(const char (&text)[9]) {
    for (int i = 7; i >= 0; --i) {
      octets = octets << 8 | static_cast<std::uint8_t>(text[i]);
      room = room << 8 | (text[i] == '0' ? 0x7F - 9 : 0x7F);
    }
  }
};

// Octet i, from the lowest on, is the number of the digits i and i + 1. std::nullopt: the octets at `at` are not of the pattern.
std::optional<std::uint64_t> ReadPairs(const char* at, Pattern pattern) {
  const std::uint64_t digits = LoadLittleEndian64(at) ^ pattern.octets;
  if ((((digits + pattern.room) | digits) & 0x8080808080808080) != 0) return std::nullopt;
  return digits * 10 + (digits >> 8);
}
unsigned PairAt(std::uint64_t pairs, unsigned i) {
  return pairs >> (8 * i) & 0xFF;
}

// Neighbours are joined to twos, these to fours, and these to one number. std::nullopt: one is no digit.
std::optional<std::uint64_t> ReadEightDigits(const char* at) {
  const auto pairs = ReadPairs(at, Pattern("00000000"));
  if (!pairs) return std::nullopt;
  const std::uint64_t fours = ((*pairs & 0x00FF00FF00FF00FF) * (100 << 16 | 1)) >> 16;
  return ((fours & 0x0000FFFF0000FFFF) * (std::uint64_t{10'000} << 32 | 1)) >> 32;
}

// The same as ReadDigits, for a fraction: many digits are likely there.
const char* ReadFraction(const char* at, const char* end, std::uint64_t& number) {
  if (end - at >= 8) {
    if (const auto eight = ReadEightDigits(at)) {
      number = number * 100'000'000 + *eight;
      at += 8;
    }
  }
  return ReadDigits(at, end, number);
}

// Digits with at most one point, few enough that both the digits and the power of ten are exact doubles: then their quotient is the
// nearest double, too (Clinger 1990). std::nullopt: not that.
std::optional<double> ParsePlainDecimal(std::string_view text) {
  static constexpr double kPowers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  constexpr std::size_t kMostDigits = 15;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.size() > kMostDigits + 1) return std::nullopt;
  const char* const end = text.data() + text.size();
  std::uint64_t digits = 0;
  const char* at = ReadDigits(text.data(), end, digits);
  std::size_t count = text.size(), fraction = 0;
  if (at != end && *at == '.') {
    --count;
    fraction = static_cast<std::size_t>(end - at) - 1;
    at = ReadFraction(at + 1, end, digits);
  }
  if (at != end || count == 0 || count > kMostDigits) return std::nullopt;
  const double value = static_cast<double>(static_cast<std::int64_t>(digits)) / kPowers[fraction];
  return negative ? -value : value;
}

// With more digits, white space, a sign '+', an exponent, or a name for what is not finite.
[[gnu::noinline]] std::optional<Decimal> ParseAnyDecimal(std::string_view text) {
  text = xml::Trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.starts_with('+')) return std::nullopt;
  Decimal decimal;
  const auto is_whole = [&](std::chars_format format) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), decimal.value, format);
    return error == std::errc{} && end == text.data() + text.size();
  };
  if (is_whole(std::chars_format::fixed)) {
    decimal.conforming = std::isfinite(decimal.value);
  } else if (!is_whole(std::chars_format::general)) {
    return std::nullopt;
  }
  return decimal;
}

// The commonest spelling by far, "2026-01-01T00:00:00.000Z" with 0 to 3 digits of fraction, without detours. std::nullopt: not
// that.
std::optional<EventTime> ParseCommonTime(std::string_view text) {
  if (text.size() < 20 || text.back() != 'Z') return std::nullopt;
  const std::size_t fraction_digits = text.size() == 20 ? 0 : text.size() - 21;
  if ((fraction_digits == 0 && text.size() != 20) || fraction_digits > 3 || (fraction_digits > 0 && text[19] != '.')) {
    return std::nullopt;
  }
  const auto days = ReadPairs(text.data(), Pattern("0000-00-"));
  const auto hours = ReadPairs(text.data() + 8, Pattern("00T00:00"));
  const auto seconds = ReadPairs(text.data() + 11, Pattern("00:00:00"));
  if (!days || !hours || !seconds) return std::nullopt;
  const unsigned year = PairAt(*days, 0) * 100 + PairAt(*days, 2), month = PairAt(*days, 5), day = PairAt(*hours, 0);
  const unsigned hour = PairAt(*seconds, 0), minute = PairAt(*seconds, 3), second = PairAt(*seconds, 6);
  std::uint64_t fraction = 0;
  const char* const zone = text.data() + text.size() - 1;
  if (fraction_digits > 0 && ReadDigits(text.data() + 20, zone, fraction) != zone) return std::nullopt;
  if (year < 1900 || year > 2200 || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  static constexpr std::uint64_t kUnitNs[] = {1'000'000'000, 100'000'000, 10'000'000, 1'000'000};
  const std::uint64_t unit_ns = kUnitNs[fraction_digits];
  return EventTime{UtcTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                       std::chrono::seconds(second) + Duration(static_cast<std::int64_t>(fraction * unit_ns)),
                   unit_ns};
}

}  // namespace

std::optional<Decimal> ParseDecimal(std::string_view text) {
  if (const auto plain = ParsePlainDecimal(text)) return Decimal{*plain, true};
  return ParseAnyDecimal(text);
}

bool IsUnknownMetres(double value) {
  return !std::isfinite(value) || value == kUnknownMetres || value == kUnknownMetresTak;
}

void AppendDecimal(std::string& out, double value) {
  // 400 octets hold any finite double without an exponent.
  char digits[400];
  const auto [end, error] =
      std::to_chars(digits, digits + sizeof(digits), std::isfinite(value) ? value : 0.0, std::chars_format::fixed);
  const std::string_view text(digits, error == std::errc{} ? static_cast<std::size_t>(end - digits) : 0);
  out += text;
  if (text.find('.') == std::string_view::npos) out += ".0";
}

std::optional<EventTime> ParseEventTime(std::string_view text, bool& zone_known) {
  text = xml::Trim(text);
  zone_known = true;
  if (const auto common = ParseCommonTime(text)) return common;
  const auto parsed = ParseUtc(text);
  if (!parsed) return std::nullopt;
  zone_known = parsed->zone_known;
  return EventTime{parsed->time, PowerOfTen(9 - std::min(parsed->fraction_digits, 9))};
}

void AppendEventTime(std::string& out, UtcTime time) {
  if (time == UtcTime::max()) {
    out += "9999-12-31T23:59:59.999Z";
    return;
  }
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const auto in_day = time - days;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(in_day);
  const auto second_of_day = static_cast<unsigned>(seconds.count());
  const auto nanoseconds = static_cast<unsigned>((in_day - seconds).count());
  char text[32];
  char* at = text;
  Put(at, static_cast<unsigned>(static_cast<int>(date.year())), 4), *at++ = '-';
  Put(at, static_cast<unsigned>(date.month()), 2), *at++ = '-';
  Put(at, static_cast<unsigned>(date.day()), 2), *at++ = 'T';
  Put(at, second_of_day / 3600, 2), *at++ = ':';
  Put(at, second_of_day / 60 % 60, 2), *at++ = ':';
  Put(at, second_of_day % 60, 2), *at++ = '.';
  if (nanoseconds % 1'000'000 == 0) {
    Put(at, nanoseconds / 1'000'000, 3);
  } else if (nanoseconds % 1'000 == 0) {
    Put(at, nanoseconds / 1'000, 6);
  } else {
    Put(at, nanoseconds, 9);
  }
  *at++ = 'Z';
  out.append(text, at);
}

std::uint64_t ToTakMilliseconds(UtcTime time) {
  if (time == UtcTime::max()) return kEndOfYear9999Ms;
  const std::int64_t ns = ToNanoseconds(time);
  return ns <= 0 ? 0 : static_cast<std::uint64_t>(ns / kNanosecondsPerMillisecond);
}

UtcTime FromTakMilliseconds(std::uint64_t milliseconds) {
  constexpr auto kGreatest = static_cast<std::uint64_t>(UtcTime::max().time_since_epoch().count() / kNanosecondsPerMillisecond);
  if (milliseconds > kGreatest) return UtcTime::max();
  return FromNanoseconds(static_cast<std::int64_t>(milliseconds) * kNanosecondsPerMillisecond);
}

}  // namespace entente::cot
