// SPDX-License-Identifier: Apache-2.0
#pragma once

// A reader's place within the log: the events of the frame under its cursor, and the cursor's way through them.

#include <optional>
#include <vector>

#include "broker/record/record.h"

namespace entente::record {

class FrameEvents {
 public:
  FrameEvents(Cursor from, EventFilter filter) : filter_(std::move(filter)), cursor_(from) {}

  // The frame's next event that the filter admits; std::nullopt once the frame is used up.
  std::optional<ReadEvent> Next();
  // What is left of the frame, the filter aside; the cursor is then behind it.
  std::vector<v1::RecordEvent> TakeRest();
  // The frame under the cursor; one that ends before the cursor is stepped over.
  void Take(std::vector<v1::RecordEvent> events);
  // The frame under the cursor holds nothing to read.
  void StepOver() { cursor_ = {cursor_.frame + 1, 0}; }

  [[nodiscard]] bool empty() const { return events_.empty(); }
  [[nodiscard]] Cursor cursor() const { return cursor_; }

 private:
  const EventFilter filter_;
  Cursor cursor_;
  std::vector<v1::RecordEvent> events_;
};

}  // namespace entente::record
