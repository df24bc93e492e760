// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a run was, read from its record, so that it can be run again: the exercise as it was understood, with its seed, and what
// live control commanded put at its exercise time: faults added and cleared, injects fired, the time at which it was stopped.
// Pauses need no place: exercise time stood still. Pure.

#include <string>
#include <vector>

#include "base/result.h"
#include "entente/v1/control.pb.h"
#include "entente/v1/exercise.pb.h"
#include "entente/v1/record.pb.h"

namespace entente::harness {

class RepeatedPlan {
 public:
  // Events of the record in their order; those that say nothing of the plan are passed over.
  void Take(const v1::RecordEvent& event);
  // An error when the record has no plan that this version reads.
  [[nodiscard]] Status readable() const;

  [[nodiscard]] const v1::Exercise& exercise() const { return exercise_; }
  [[nodiscard]] const std::string& exercise_text() const { return text_; }
  [[nodiscard]] bool simulated() const { return simulated_; }
  // Commands that had a place in the plan.
  [[nodiscard]] std::size_t commands() const { return commands_; }

 private:
  void Begin(const v1::RunStarted& started);
  void Apply(const v1::CommandGiven& given);
  void Clear(const v1::ClearFaultsRequest& request, std::int64_t at_ns);
  void Fire(const v1::FireInjectRequest& request, std::int64_t at_ns);

  v1::Exercise exercise_;
  std::string text_;
  bool begun_ = false;
  bool simulated_ = false;
  std::size_t commands_ = 0;
  std::string trouble_;
};

}  // namespace entente::harness
