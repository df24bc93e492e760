// SPDX-License-Identifier: Apache-2.0
#pragma once

// Commands to a live run from other threads: carried out by the run's own, in order, between its steps. At most kWaiting wait at
// once.

#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "entente/v1/control.pb.h"
#include "entente/v1/exercise.pb.h"
#include "harness/assessment/figures.h"
#include "harness/run/conductor.h"
#include "proto/event_sink.h"

namespace entente::harness {

// The run as a command finds it: on the run's thread, for the length of the call.
struct RunDesk {
  const v1::Exercise& exercise;
  Conductor& conductor;
  EventSink record;  // signed by the harness
  std::function<Figures()> figures;
  std::function<std::vector<std::string>()> absent_nodes;
  // What is found where the fault acted, told at once or when it was measured; in any case before the run is over.
  std::function<void(const v1::FaultPlan& fault, Now now, std::function<void(const v1::LinkProbe&)> told)> probe;
  std::function<void(std::string_view reason)> stop;
  std::set<std::string> elsewhere{};  // PreparedRun::elsewhere
};

class RunCommands {
 public:
  static constexpr std::size_t kWaiting = 64;
  // nullptr: the run is over, and nothing can be commanded any more.
  using Command = std::function<void(RunDesk* desk, Now now)>;

  // Any thread. kExhausted: too many wait. kUnavailable: the run is over. Otherwise the command is called, once.
  Status Post(Command command);
  // The run's thread.
  void CarryOut(RunDesk& desk, Now now);
  // The run's thread, at its end: what waits is told so, and what comes is refused.
  void End(Now now);

 private:
  std::vector<Command> Take();

  std::mutex mutex_;
  std::vector<Command> waiting_;
  bool over_ = false;
};

}  // namespace entente::harness
