// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/tag_block.h"

#include <charconv>

#include "adapters/ais/checksum.h"

namespace entente::ais {
namespace {

template <typename T>
std::optional<T> ParseNumber(std::string_view digits) {
  T value{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::string_view TakeUpTo(std::string_view& rest, char delimiter) {
  const std::size_t at = rest.find(delimiter);
  const std::string_view taken = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
  return taken;
}

// "1-2-1234"; a g: of another shape groups nothing.
void ReadGroup(std::string_view value, TagBlock& tag) {
  const auto index = ParseNumber<unsigned>(TakeUpTo(value, '-'));
  const auto count = ParseNumber<unsigned>(TakeUpTo(value, '-'));
  if (!index || !count || value.empty()) return;
  tag.group = value;
  tag.group_index = *index;
  tag.group_count = *count;
}

// Seconds since 1970; NMEA 4.10 senders also give milliseconds.
bool ReadTime(std::string_view value, TagBlock& tag) {
  constexpr std::int64_t kLatestSeconds = 9'000'000'000;
  const auto number = ParseNumber<std::int64_t>(value);
  if (!number || *number < 0 || *number / 1000 > kLatestSeconds) return false;
  tag.time_in_milliseconds = *number > kLatestSeconds;
  const Duration since_1970 =
      tag.time_in_milliseconds ? Duration(std::chrono::milliseconds(*number)) : Duration(std::chrono::seconds(*number));
  tag.time = UtcTime(since_1970);
  return true;
}

}  // namespace

std::expected<TagBlock, std::string> ParseTagBlock(std::string_view content) {
  const std::size_t star = content.rfind('*');
  if (star == std::string_view::npos) return std::unexpected("the TAG block has no checksum");
  const std::string_view covered = content.substr(0, star);
  const auto said = ParseChecksum(content.substr(star + 1));
  if (!said || *said != Checksum(covered)) {
    return std::unexpected("the TAG block's checksum is " + std::string(content.substr(star + 1)) + ", but its characters give " +
                           ChecksumText(covered));
  }
  TagBlock tag;
  for (std::string_view rest = covered; !rest.empty();) {
    std::string_view value = TakeUpTo(rest, ',');
    const std::string_view code = TakeUpTo(value, ':');
    if (code == "s") tag.source = value;
    if (code == "g") ReadGroup(value, tag);
    if (code == "c" && !ReadTime(value, tag)) return std::unexpected("c: is no UNIX time: " + std::string(value));
  }
  return tag;
}

std::string FormatTagBlock(std::string_view source, std::optional<UtcTime> time) {
  std::string covered = "s:" + std::string(source);
  if (time) covered += ",c:" + std::to_string(std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count());
  return '\\' + covered + '*' + ChecksumText(covered) + '\\';
}

}  // namespace entente::ais
