// SPDX-License-Identifier: Apache-2.0
#pragma once

// For tests with decoders that are not ours: messages of every type with random fields, messages as name and value, and peers' JSON
// as the same.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/ais/message.h"
#include "base/prng.h"

namespace entente::ais {

using FieldValues = std::map<std::string, std::string, std::less<>>;

// Every field by its name in message_fields.h; flags are 0 and 1.
FieldValues ValuesOf(const Message& message);

// A message of the type with any value in each field, sentinels included.
Message RandomMessage(std::uint32_t type, bool part_b, Prng& prng);
// `count` of each type that is taken apart, in turn.
std::vector<Message> RandomMessages(int count, std::uint64_t seed);

// One line of a peer's JSON: numbers and texts of the object; flags as 0 and 1; members of members as "outer.inner".
FieldValues ParseJson(std::string_view line);

// The standard output of a shell command that reads `input` from its standard input.
std::string RunWithInput(const std::string& command, std::string_view input);

std::vector<std::string_view> Lines(std::string_view text);

// The message in sentences, as our encoder writes them.
std::string Sentences(const Message& message);

}  // namespace entente::ais
