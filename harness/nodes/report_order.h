// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whose report comes next, of many units: a heap, so that a node of a thousand units does not ask each of them at every step.

#include <cstddef>
#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "base/time.h"

namespace entente::harness {

class ReportOrder {
 public:
  // The unit's next report is due when the units have moved this long.
  void Add(std::size_t unit, Duration due) { heap_.emplace(due, unit); }
  [[nodiscard]] std::optional<Duration> next() const { return heap_.empty() ? std::nullopt : std::optional(heap_.top().first); }
  // One that is due at `at`, the earliest first and, of those, the first unit; it is to be added again.
  std::optional<std::size_t> TakeDue(Duration at) {
    if (heap_.empty() || heap_.top().first > at) return std::nullopt;
    const std::size_t unit = heap_.top().second;
    heap_.pop();
    return unit;
  }

 private:
  using Due = std::pair<Duration, std::size_t>;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> heap_;
};

}  // namespace entente::harness
