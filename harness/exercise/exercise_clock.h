// SPDX-License-Identifier: Apache-2.0
#pragma once

// The states of an exercise and its time: planned → ready → running ↔ paused → ended | aborted. Exercise time starts at STARTEX,
// stands still in PAUSEX and stops at the end. Sans-clock: the host passes `now`. Single-threaded.

#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "entente/v1/record.pb.h"

namespace entente::harness {

class ExerciseClock {
 public:
  // Each fails, and changes nothing, when the present state does not allow it.
  Status Ready();
  Status Start(Instant now);   // STARTEX
  Status Pause(Instant now);   // PAUSEX
  Status Resume(Instant now);  // RESUMEX
  Status End(Instant now);     // ENDEX
  Status Abort(Instant now);

  [[nodiscard]] v1::ExerciseState state() const { return state_; }
  [[nodiscard]] bool running() const { return state_ == v1::EXERCISE_STATE_RUNNING; }
  // Zero before STARTEX.
  [[nodiscard]] Duration Elapsed(Instant now) const;
  // When exercise time will be `at`, if the exercise goes on running; std::nullopt when it does not run.
  [[nodiscard]] std::optional<Instant> InstantOf(Duration at) const;

 private:
  Status Move(v1::ExerciseState to, std::initializer_list<v1::ExerciseState> from);

  v1::ExerciseState state_ = v1::EXERCISE_STATE_PLANNED;
  Duration elapsed_{0};  // up to running_since_
  Instant running_since_{};
};

}  // namespace entente::harness
