// SPDX-License-Identifier: Apache-2.0
#pragma once

// A feed's text, line by line, without copying.

#include <string_view>

namespace entente::ais {

// The next line of `text`, with its line end, taken off it; all of it when there is no line end.
inline std::string_view TakeLine(std::string_view& text) {
  const std::size_t feed = text.find('\n');
  const std::string_view line = text.substr(0, feed == std::string_view::npos ? feed : feed + 1);
  text.remove_prefix(line.size());
  return line;
}

// The line without CR and LF.
inline std::string_view WithoutLineEnd(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace entente::ais
