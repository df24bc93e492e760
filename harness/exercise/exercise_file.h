// SPDX-License-Identifier: Apache-2.0
#pragma once

// The exercise file (YAML, version 1) read into the one message that every core takes. Pure: text in, exercise or problems out; the
// caller reads the file and resolves the relative paths in it (replay files, certificates). Nothing in the text is silently
// ignored: an unknown key, unit or name is a problem with file:line:column, what was found, what is wanted and, for a slip of the
// pen, what was probably meant. schema.h gives the same keys as JSON Schema.

#include <expected>
#include <span>
#include <string_view>
#include <vector>

#include "adapters/api/registry.h"
#include "base/result.h"
#include "entente/v1/exercise.pb.h"

namespace entente::harness {

// Larger files are refused before they are scanned. The scanner takes up to 250 octets for each of a hostile text: "[[[[…".
inline constexpr std::size_t kExerciseFileOctets = 1024UL * 1024;
// Problems listed at once; the rest is counted.
inline constexpr std::size_t kProblemsListed = 20;

// Every problem in the order of the file. `file_name` is only for messages.
std::expected<v1::Exercise, std::vector<Error>> ReadExercise(std::string_view yaml, std::string_view file_name,
                                                             std::span<const adapter::AdapterInfo* const> adapters);

// With the adapters of this build, and all problems in one Error, one line each.
Result<v1::Exercise> LoadExercise(std::string_view yaml, std::string_view file_name);

}  // namespace entente::harness
