// SPDX-License-Identifier: Apache-2.0
#pragma once

// Conducts one exercise on its stage: states, injects, faults and ENDEX by exercise time, each said in the record. The same for
// live and simulated runs; sans-clock and single-threaded.

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/exercise.pb.h"
#include "harness/exercise/exercise_clock.h"
#include "harness/exercise/timeline.h"
#include "proto/event_sink.h"

namespace entente::harness {

// What a conductor acts on: the nodes and links of a host.
class Stage {
 public:
  virtual ~Stage() = default;
  virtual void SetRunning(bool running, Now now) = 0;
  virtual void Fire(const v1::Inject& inject, Now now) = 0;
  virtual void StartFault(const v1::FaultPlan& fault, Now now) = 0;
  // What a probe showed of the link afterwards; empty: no link was concerned.
  virtual std::string EndFault(const v1::FaultPlan& fault, Now now) = 0;
};

// A fault of the run as it stands.
struct FaultStanding {
  enum class Phase { kPlanned, kActive, kOver };

  const v1::FaultPlan* plan = nullptr;
  Phase phase = Phase::kPlanned;
  bool added = false;  // while the exercise ran
};

class Conductor {
 public:
  // All three outlive the conductor.
  Conductor(const v1::Exercise& exercise, Stage& stage, EventSink record);

  void Ready(Now now);
  void StartEx(Now now);
  void PauseEx(Now now);
  void ResumeEx(Now now);
  // Ends every fault that is still active, then the exercise. `aborted`: stopped before its time.
  void EndEx(std::string_view reason, bool aborted, Now now);

  // What EXCON adds while the exercise goes on, checked by the caller: it begins at its time, or at once when that is over; before
  // STARTEX and in PAUSEX that is when the exercise goes on.
  const v1::FaultPlan& AddFault(v1::FaultPlan fault, Now now);
  const v1::Inject& AddInject(v1::Inject inject, Now now);
  // Of the exercise file: now instead of at its time. False when it was fired already, or there is none.
  bool FireNow(std::string_view inject, Now now);
  // Of the exercise file, and not fired yet.
  [[nodiscard]] bool AwaitsInject(std::string_view id) const;
  // Of the exercise file, or added.
  [[nodiscard]] bool KnowsInject(std::string_view id) const;
  [[nodiscard]] std::size_t added_injects() const { return added_injects_.size(); }
  // An active one ends now, a planned one never begins. False when it is neither.
  bool ClearFault(std::string_view id, Now now);
  // Of the exercise file, then those added.
  [[nodiscard]] std::vector<FaultStanding> Faults() const;

  // Due items and, at its planned end, ENDEX.
  [[nodiscard]] std::optional<Instant> NextDeadline() const;
  void OnDeadline(Now now);

  [[nodiscard]] bool ended() const;
  [[nodiscard]] bool aborted() const { return clock_.state() == v1::EXERCISE_STATE_ABORTED; }
  [[nodiscard]] Duration Elapsed(Instant now) const { return clock_.Elapsed(now); }
  [[nodiscard]] v1::ExerciseState state() const { return clock_.state(); }
  [[nodiscard]] std::set<std::string> ActiveFaults() const;

 private:
  void RecordState(std::string_view reason, Now now);
  void Carry(const TimelineItem& item, Now now);
  void FireInject(const v1::Inject& inject, Now now);
  void BeginFault(const v1::FaultPlan& fault, Now now);
  void FinishFault(const v1::FaultPlan& fault, std::string_view reason, Now now);

  const v1::Exercise& exercise_;
  Stage& stage_;
  EventSink record_;
  ExerciseClock clock_;
  Timeline timeline_;
  std::deque<v1::FaultPlan> added_faults_;  // where they are, they stay
  std::deque<v1::Inject> added_injects_;
  std::set<const v1::FaultPlan*> active_faults_;
  std::set<const v1::FaultPlan*> past_faults_;  // begun and ended, or cancelled
};

}  // namespace entente::harness
