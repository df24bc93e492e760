// SPDX-License-Identifier: Apache-2.0
#include "harness/run/simulated_run.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "broker/core/relay.h"
#include "harness/run/conductor.h"
#include "harness/run/line_schedule.h"
#include "harness/run/message_probe.h"
#include "harness/run/simulated_line.h"

namespace entente::harness {
namespace {

// Where an exercise file names no start of exercise time.
constexpr UtcTime kDefaultStart = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
// READY to STARTEX: sessions connect and negotiate.
constexpr Duration kReadyTime = std::chrono::seconds(2);
// Those of one step: its recipients get a message in the same one, and what is old is cold.
constexpr std::size_t kDeliveredMessages = 256;

class SimulatedHost final : private Stage {
 public:
  SimulatedHost(const PreparedRun& plan, const broker::ReleaseGuard& guard, Recorder& recorder)
      : plan_(plan),
        recorder_(recorder),
        clock_(plan.exercise.start_ns() == 0 ? kDefaultStart : FromNanoseconds(plan.exercise.start_ns())),
        relay_({.exercise = plan.exercise.name()}, guard, recorder.SinkFor("broker")),
        shared_(recorder.SinkFor("gateway"), kDeliveredMessages),
        conductor_(plan.exercise, *this, recorder.SinkFor("harness")) {}

  Status Run(const SimulatedHooks& hooks) {
    if (Status opened = Open(); !opened) return opened;
    const bool whole = RunUntil(clock_.Read().instant + kReadyTime, hooks);
    conductor_.StartEx(clock_.Read());
    bool going = whole;
    while (going && !conductor_.ended()) going = Step(std::nullopt, hooks);
    if (auto failure = recorder_.failure()) return std::unexpected(*failure);
    if (!conductor_.ended()) conductor_.EndEx("stopped by operator", true, clock_.Read());
    RunUntil(clock_.Read().instant + Duration(plan_.exercise.drain_ns()), hooks);
    return Close();
  }

 private:
  Status Open() {
    recorder_.Append("harness", RunStartedEvent(plan_, true, clock_.Read()));
    for (std::size_t i = 0; i < plan_.setups.size(); ++i) {
      auto line = SimulatedLine::Make(plan_, i, shared_, clock_, relay_, recorder_);
      if (!line) return std::unexpected(line.error());
      recorder_.Append("harness", NodeStateEvent((*line)->node(), v1::NODE_STATE_DECLARED, "", "", clock_.Read()));
      by_node_.emplace((*line)->node(), lines_.size());
      schedule_.Add();
      lines_.push_back(*std::move(line));
    }
    for (auto& line : lines_) line->Open(clock_.Read());
    schedule_.ActivateAll();
    conductor_.Ready(clock_.Read());
    PumpAll();
    return recorder_.Commit();
  }

  Status Close() {
    for (auto& line : lines_) line->Close(conductor_.aborted() ? "exercise aborted" : "ENDEX", clock_.Read());
    schedule_.ActivateAll();
    PumpBus();
    for (auto& line : lines_) relay_.Detach(line->node(), "ENDEX", clock_.Read());
    recorder_.Append("harness", RunEndedEvent(conductor_.aborted() ? "stopped by operator" : "ENDEX", clock_.Read()));
    return recorder_.Commit();
  }

  bool RunUntil(Instant until, const SimulatedHooks& hooks) {
    while (clock_.Read().instant < until) {
      if (!Step(until, hooks)) return false;
    }
    return true;
  }

  // To the next thing that is due, at most to `until`. false: stopped, or the record failed.
  bool Step(std::optional<Instant> until, const SimulatedHooks& hooks) {
    // What was done between steps, as at STARTEX, may have moved a deadline.
    for (const std::size_t line : schedule_.active()) schedule_.Rest(line, lines_[line]->NextDeadline());
    std::optional<Instant> next = conductor_.NextDeadline();
    const auto due = schedule_.NextDue();
    if (due && (!next || *due < *next)) next = due;
    if (until && (!next || *until < *next)) next = until;
    if (!next) return false;
    // A deadline that lies in the past is due now; the next one is at least a nanosecond ahead, so that time always moves.
    clock_.AdvanceTo(std::max(*next, clock_.Read().instant + Duration(1)));
    const Now now = clock_.Read();
    conductor_.OnDeadline(now);
    schedule_.ActivateDue(now.instant);
    for (const std::size_t line : schedule_.active()) lines_[line]->OnDeadlines(now);
    PumpAll();
    if (!recorder_.Commit()) return false;
    return TellProgress(hooks, now);
  }

  bool TellProgress(const SimulatedHooks& hooks, Now now) {
    if (!hooks.on_progress || now.instant < next_progress_) return true;
    next_progress_ = now.instant + std::chrono::seconds(1);
    return hooks.on_progress(conductor_.Elapsed(now.instant));
  }

  void PumpAll() {
    bool moved = true;
    while (moved) {
      moved = false;
      for (const std::size_t line : schedule_.active()) moved = lines_[line]->Pump(clock_.Read()) || moved;
      moved = PumpBus() || moved;
    }
    for (const std::size_t line : schedule_.active()) schedule_.Rest(line, lines_[line]->NextDeadline());
    schedule_.EndStep();
  }

  bool PumpBus() {
    bool moved = false;
    for (const std::size_t line : schedule_.active()) moved = lines_[line]->backbone().MoveToBroker(clock_.Read()) || moved;
    for (const std::string_view node : relay_.TakeReady()) schedule_.Activate(by_node_.find(node)->second);
    for (const std::size_t line : schedule_.active()) moved = lines_[line]->backbone().MoveToGateway(clock_.Read()) || moved;
    return moved;
  }

  // A line of the node to act upon; nullptr: the exercise has none.
  SimulatedLine* Touch(std::string_view node) {
    const auto found = by_node_.find(node);
    if (found == by_node_.end()) return nullptr;
    schedule_.Activate(found->second);
    return lines_[found->second].get();
  }

  void SetRunning(bool running, Now now) override {
    schedule_.ActivateAll();
    for (auto& line : lines_) line->SetRunning(running, now);
  }
  void Fire(const v1::Inject& inject, Now now) override {
    if (SimulatedLine* line = Touch(inject.node())) line->Fire(inject, now);
  }
  void StartFault(const v1::FaultPlan& fault, Now now) override {
    if (ActsOnMessages(fault)) {
      schedule_.ActivateAll();
      for (auto& line : lines_) line->StartFault(fault, now);
      return;
    }
    if (SimulatedLine* line = Touch(fault.node())) line->StartFault(fault, now);
  }
  std::string EndFault(const v1::FaultPlan& fault, Now now) override {
    if (ActsOnMessages(fault)) {
      schedule_.ActivateAll();
      for (auto& line : lines_) line->EndFault(fault, now);
      return ProbeMessages(lines_, fault, now).found();
    }
    SimulatedLine* line = Touch(fault.node());
    return line == nullptr ? std::string{} : line->EndFault(fault, now);
  }

  const PreparedRun& plan_;
  Recorder& recorder_;
  VirtualClock clock_;
  broker::Relay relay_;
  gateway::GatewayShared shared_;
  std::vector<std::unique_ptr<SimulatedLine>> lines_;
  std::map<std::string, std::size_t, std::less<>> by_node_;
  LineSchedule schedule_;
  Conductor conductor_;
  Instant next_progress_{};
};

}  // namespace

Status RunSimulated(const PreparedRun& plan, const broker::ReleaseGuard& guard, Recorder& recorder, const SimulatedHooks& hooks) {
  return SimulatedHost(plan, guard, recorder).Run(hooks);
}

}  // namespace entente::harness
