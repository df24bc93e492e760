// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON Schema (2020-12) of the exercise file, for editors: generated from the table of keys that the loader validates with, and
// from the node options of every adapter of this build. exercises/exercise.schema.json is this text.

#include <span>
#include <string>

#include "adapters/api/registry.h"

namespace entente::harness {

std::string ExerciseSchema(std::span<const adapter::AdapterInfo* const> adapters = adapter::Adapters());

}  // namespace entente::harness
