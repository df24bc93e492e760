// SPDX-License-Identifier: Apache-2.0
#pragma once

// One line on standard error that shows how a run goes: rewritten in place on a terminal, a new line now and then elsewhere.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "harness/assessment/figures.h"

namespace entente::cli {

class ProgressLine {
 public:
  explicit ProgressLine(bool shown);

  // A line that stays.
  void Say(std::string_view text);
  void Show(v1::ExerciseState state, Duration elapsed, Duration duration, const harness::Figures& figures,
            const std::set<std::string>& active_faults, const std::vector<std::string>& awaited);
  void Clear();

 private:
  bool shown_;
  bool terminal_;
  std::int64_t last_shown_s_ = -1;
};

}  // namespace entente::cli
