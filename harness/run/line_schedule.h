// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which lines of a simulated run something happens to: those whose time has come, and those that something was given to in the
// present step. A step costs what these few cost, not what all lines do.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/time.h"

namespace entente::harness {

class LineSchedule {
 public:
  void Add() {
    due_.push_back(Instant::max());
    is_active_.push_back(false);
  }
  // Something may have happened to the line in this step.
  void Activate(std::size_t line) {
    if (is_active_[line]) return;
    is_active_[line] = true;
    active_.insert(std::ranges::upper_bound(active_, line), line);
  }
  void ActivateAll() {
    for (std::size_t line = 0; line < due_.size(); ++line) Activate(line);
  }
  void ActivateDue(Instant now) {
    for (std::size_t line = 0; line < due_.size(); ++line) {
      if (due_[line] <= now) Activate(line);
    }
  }
  // In the order of the plan.
  [[nodiscard]] const std::vector<std::size_t>& active() const { return active_; }

  // When the line's time comes next; it is at rest until then.
  void Rest(std::size_t line, std::optional<Instant> due) { due_[line] = due.value_or(Instant::max()); }
  void EndStep() {
    for (const std::size_t line : active_) is_active_[line] = false;
    active_.clear();
  }
  [[nodiscard]] std::optional<Instant> NextDue() const {
    const auto next = std::ranges::min_element(due_);
    return next == due_.end() || *next == Instant::max() ? std::nullopt : std::optional(*next);
  }

 private:
  std::vector<Instant> due_;
  std::vector<bool> is_active_;
  std::vector<std::size_t> active_;
};

}  // namespace entente::harness
