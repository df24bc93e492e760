// SPDX-License-Identifier: Apache-2.0
// Any text as an exercise file: it is read, or refused with at least one problem, each with its place; and what is read can be
// sent.

#include "base/invariant.h"
#include "harness/exercise/exercise_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace entente;
  const auto exercise = harness::ReadExercise({reinterpret_cast<const char*>(data), size}, "fuzz", adapter::Adapters());
  if (exercise) {
    ENTENTE_INVARIANT(exercise->version() == 1);
    return 0;
  }
  ENTENTE_INVARIANT(!exercise.error().empty());
  ENTENTE_INVARIANT(exercise.error().size() <= harness::kProblemsListed + 1);
  for (const Error& error : exercise.error()) ENTENTE_INVARIANT(error.where.starts_with("fuzz"));
  return 0;
}
