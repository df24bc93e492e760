// SPDX-License-Identifier: Apache-2.0
#pragma once

// The TAG block before a sentence, "\g:1-2-1234,s:rEU0001,c:1577836800*hh\": grouping, source and time said by a receiver or
// aggregator (IEC 61162-450, TAG block). Unknown parameters are passed over.

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace entente::ais {

struct TagBlock {
  std::string_view source;            // s:
  std::optional<UtcTime> time;        // c:
  std::string_view group;             // the group's code, third part of g:; empty: none
  unsigned group_index = 0;           // first part of g:
  unsigned group_count = 0;           // second part of g:
  bool time_in_milliseconds = false;  // c: said so against the standard's seconds
};

// `content` lies between the backslashes. Unexpected: what is wrong with it; the sentence behind it may still be right.
std::expected<TagBlock, std::string> ParseTagBlock(std::string_view content);

// "\s:<source>,c:<seconds>*hh\"; without c: when there is no time.
std::string FormatTagBlock(std::string_view source, std::optional<UtcTime> time);

}  // namespace entente::ais
