// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/recording.h"

#include <charconv>

#include "adapters/ais/codec.h"

namespace entente::ais {
namespace {

// The last field behind the checksum, when it is a UNIX time of this century.
std::optional<UtcTime> TrailingTime(std::string_view line) {
  const std::size_t comma = line.rfind(',');
  const std::size_t star = line.find('*');
  if (comma == std::string_view::npos || star == std::string_view::npos || comma < star) return std::nullopt;
  const std::string_view digits = line.substr(comma + 1);
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  constexpr std::int64_t kYear2000 = 946'684'800;
  constexpr std::int64_t kYear2100 = 4'102'444'800;
  if (error != std::errc{} || end != digits.data() + digits.size() || seconds < kYear2000 || seconds > kYear2100)
    return std::nullopt;
  return UtcTime(std::chrono::seconds(seconds));
}

std::optional<UtcTime> TimeOf(std::string_view line) {
  const auto sentence = ParseSentence(line);
  if (sentence && sentence->tag.time) return sentence->tag.time;
  return TrailingTime(line);
}

}  // namespace

std::vector<adapter::AdapterInfo::RecordedChunk> SplitRecording(ByteView file) {
  std::vector<adapter::AdapterInfo::RecordedChunk> chunks;
  for (std::string_view rest = AsText(file); !rest.empty();) {
    const std::string_view line = TakeLine(rest);
    const std::string_view content = WithoutLineEnd(line);
    if (content.empty() || content.front() == '#') continue;
    chunks.push_back({ToBytes(line), TimeOf(content)});
  }
  return chunks;
}

}  // namespace entente::ais
