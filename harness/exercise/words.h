// SPDX-License-Identifier: Apache-2.0
#pragma once

// The words of closed sets as the exercise file spells them, taken from the protobuf enumerations: FAMILY_WEAPON_EVENT is
// "weapon-event", PRECEDENCE_FLASH is "FLASH" (precedences are customarily written in capitals).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/exercise.pb.h"

namespace entente::harness {

// Without the unspecified value.
std::vector<std::string> WordsOf(const google::protobuf::EnumDescriptor& words);
std::string WordOf(const google::protobuf::EnumDescriptor& words, int value);
std::optional<int> ParseWord(const google::protobuf::EnumDescriptor& words, std::string_view text);

// The candidate nearest to the text by edit distance, letter case aside, if it is near enough to be a slip of the pen; else empty.
std::string_view Nearest(std::string_view text, const std::vector<std::string>& candidates);

}  // namespace entente::harness
