// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs a whole exercise in simulated time for a test, and keeps what came of it: the assessment, the digest, every event.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "broker/policy/release.h"
#include "harness/assessment/assessment.h"
#include "harness/run/prepared_run.h"

namespace entente::whole {

struct Judged {
  harness::Assessment assessment;
  std::string digest;
  std::vector<v1::RecordEvent> events;
};

// Fails the test, and gives an empty result, when the text is not an exercise or the run breaks. `guard` null: the exercise's
// policy.
Judged RunWhole(std::string_view yaml, const harness::RunOptions& options = {}, const broker::ReleaseGuard* guard = nullptr);
Judged RunWholeFile(const std::string& file, const harness::RunOptions& options = {}, const broker::ReleaseGuard* guard = nullptr);

// Two nations, a CoT node each, with units that report every second for 20 s; `tail` follows the nations in the text (expectations,
// faults, injects), `deu` is added to the keys of DEU's node, `fra` to those of FRA's.
std::string SmallExercise(std::string_view tail, std::string_view deu = "", std::string_view fra = "");

// The verdict of the expectation with this id.
harness::Verdict VerdictOf(const harness::Assessment& assessment, std::string_view expectation);
// All reasons in one text, for messages of a failing test.
std::string Reasons(const harness::Assessment& assessment);

}  // namespace entente::whole
