// SPDX-License-Identifier: Apache-2.0
#pragma once

// The master scenario events list in order of exercise time: injects, and faults with their ends. Sans-clock: the host asks with
// the exercise time that ExerciseClock gives. Every fault has its end in the list, at ENDEX at the latest. Single-threaded.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "entente/v1/exercise.pb.h"

namespace entente::harness {

enum class TimelineKind { kInject, kFaultStart, kFaultEnd };

// One of the two pointers is set; it points into the exercise, or to what was added.
struct TimelineItem {
  Duration at{0};
  TimelineKind kind = TimelineKind::kInject;
  const v1::Inject* inject = nullptr;
  const v1::FaultPlan* fault = nullptr;
};

class Timeline {
 public:
  // `exercise` outlives this and does not change.
  explicit Timeline(const v1::Exercise& exercise);

  // All items: at the same time, ends of faults come first, then starts, then injects, each in the order of the file.
  [[nodiscard]] const std::vector<TimelineItem>& items() const { return items_; }
  // Exercise time of the next item; std::nullopt when all were taken.
  [[nodiscard]] std::optional<Duration> NextDue() const;
  // Items up to and including this exercise time, each once.
  std::vector<TimelineItem> TakeDue(Duration exercise_time);

  // Not before anything that was taken. The plan outlives this.
  void Add(const v1::FaultPlan& fault);
  void Add(const v1::Inject& inject);
  [[nodiscard]] bool Awaits(const v1::Inject& inject) const;
  // Neither begins any more. False when it has been taken already, or is not there.
  bool Cancel(const v1::FaultPlan& fault);
  bool Cancel(const v1::Inject& inject);

 private:
  // Behind its equals.
  void Insert(const TimelineItem& item);

  Duration end_;
  std::vector<TimelineItem> items_;
  std::size_t next_ = 0;
};

// "outage", "conditions", "damage".
std::string_view FaultKindName(const v1::FaultPlan& fault);
// For the record and for people: "refuse", "latency 250 ms, loss 5 %", "dis.length-beyond-datagram, 30 % of units".
std::string FaultParameters(const v1::FaultPlan& fault);

}  // namespace entente::harness
