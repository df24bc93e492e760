// SPDX-License-Identifier: Apache-2.0

// Prints the JSON Schema of this build: build/release/harness/exercise/exercise_schema > exercises/exercise.schema.json

#include <cstdio>

#include "harness/exercise/schema.h"

int main() {
  const std::string schema = entente::harness::ExerciseSchema();
  return std::fwrite(schema.data(), 1, schema.size(), stdout) == schema.size() ? 0 : 1;
}
