// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/exercise_clock.h"

#include <fmt/format.h>

#include <algorithm>

#include "proto/value_name.h"

namespace entente::harness {

Status ExerciseClock::Move(v1::ExerciseState to, std::initializer_list<v1::ExerciseState> from) {
  if (std::ranges::find(from, state_) == from.end()) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("the exercise is {}, so it cannot become {}", ValueName(state_), ValueName(to)));
  }
  state_ = to;
  return {};
}

Status ExerciseClock::Ready() {
  return Move(v1::EXERCISE_STATE_READY, {v1::EXERCISE_STATE_PLANNED});
}

Status ExerciseClock::Start(Instant now) {
  const Status moved = Move(v1::EXERCISE_STATE_RUNNING, {v1::EXERCISE_STATE_READY});
  if (moved) running_since_ = now;
  return moved;
}

Status ExerciseClock::Pause(Instant now) {
  const Duration elapsed = Elapsed(now);
  const Status moved = Move(v1::EXERCISE_STATE_PAUSED, {v1::EXERCISE_STATE_RUNNING});
  if (moved) elapsed_ = elapsed;
  return moved;
}

Status ExerciseClock::Resume(Instant now) {
  const Status moved = Move(v1::EXERCISE_STATE_RUNNING, {v1::EXERCISE_STATE_PAUSED});
  if (moved) running_since_ = now;
  return moved;
}

Status ExerciseClock::End(Instant now) {
  const Duration elapsed = Elapsed(now);
  const Status moved = Move(v1::EXERCISE_STATE_ENDED, {v1::EXERCISE_STATE_RUNNING, v1::EXERCISE_STATE_PAUSED});
  if (moved) elapsed_ = elapsed;
  return moved;
}

Status ExerciseClock::Abort(Instant now) {
  const Duration elapsed = Elapsed(now);
  const Status moved = Move(v1::EXERCISE_STATE_ABORTED, {v1::EXERCISE_STATE_PLANNED, v1::EXERCISE_STATE_READY,
                                                         v1::EXERCISE_STATE_RUNNING, v1::EXERCISE_STATE_PAUSED});
  if (moved) elapsed_ = elapsed;
  return moved;
}

Duration ExerciseClock::Elapsed(Instant now) const {
  return running() ? elapsed_ + std::max(now - running_since_, Duration{0}) : elapsed_;
}

std::optional<Instant> ExerciseClock::InstantOf(Duration at) const {
  if (!running()) return std::nullopt;
  return running_since_ + (at - elapsed_);
}

}  // namespace entente::harness
