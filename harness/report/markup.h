// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text of any origin, made safe to stand in a page or a terminal. What is not valid UTF-8, and control characters, become U+FFFD
// (in a terminal '?'), so that nothing that came off a wire can end an element or move a cursor.

#include <cstdint>
#include <string>
#include <string_view>

namespace entente::harness {

// For XML 1.0 and HTML, in elements and in quoted attributes.
std::string EscapeMarkup(std::string_view text);
std::string EscapeTerminal(std::string_view text);

// "2026-06-01T10:00:00Z"
std::string TimeText(std::int64_t utc_ns);
// "+02:05" or "+1:02:05": after STARTEX.
std::string AfterStartText(std::int64_t utc_ns, std::int64_t started_ns);
// "12,345"
std::string Grouped(std::uint64_t number);

}  // namespace entente::harness
