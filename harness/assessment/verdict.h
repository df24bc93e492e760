// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an expectation, a pair of nodes or a whole run came to, and the exit code that a program makes of it.

#include <string>
#include <string_view>
#include <vector>

namespace entente::harness {

// In order of gravity: the roll-up of several is the last of them in this order. A leak is the gravest, since one is proven by what
// a receiver understood, whatever else went wrong; an error of ours comes before a fail, since then a fail cannot be trusted.
enum class Verdict {
  kPass,
  kPassWithDeviation,  // as expected, but something is not as the standard or the exercise says
  kUnsupported,        // declared as unsupported, and the declaration was checked
  kNotRun,             // nothing happened that could be judged
  kInconclusive,       // something happened, and the evidence does not suffice
  kFail,
  kHarnessError,  // our own: the run cannot be judged
  kLeak,
};

// "pass", "pass-with-deviation", ... as in design.md.
std::string_view VerdictName(Verdict verdict);

// Reasons are sentences that name numbers and message ids.
struct Judgement {
  Verdict verdict = Verdict::kNotRun;
  std::vector<std::string> reasons;

  bool operator==(const Judgement&) const = default;
};

// The graver of the two, except that what is declared as unsupported is set aside when anything else was judged: a pass beside it
// becomes pass-with-deviation.
Verdict Worse(Verdict a, Verdict b);

// 0 pass (also with deviations) · 1 fail or leak · 3 inconclusive, unsupported alone, or nothing run · 4 harness error. (2, usage
// or exercise file, is the program's own.)
int ExitCode(Verdict verdict);

}  // namespace entente::harness
