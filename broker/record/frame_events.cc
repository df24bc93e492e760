// SPDX-License-Identifier: Apache-2.0
#include "broker/record/frame_events.h"

#include <utility>

namespace entente::record {

std::optional<ReadEvent> FrameEvents::Next() {
  while (cursor_.event < events_.size()) {
    v1::RecordEvent event = std::move(events_[cursor_.event++]);
    if (cursor_.event == events_.size()) {
      StepOver();
      events_.clear();
    }
    if (filter_.Admits(event)) return ReadEvent{std::move(event), cursor_};
  }
  return std::nullopt;
}

std::vector<v1::RecordEvent> FrameEvents::TakeRest() {
  events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(cursor_.event));
  StepOver();
  return std::exchange(events_, {});
}

void FrameEvents::Take(std::vector<v1::RecordEvent> events) {
  if (cursor_.event >= events.size()) return StepOver();
  events_ = std::move(events);
}

}  // namespace entente::record
