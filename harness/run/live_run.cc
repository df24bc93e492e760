// SPDX-License-Identifier: Apache-2.0
#include "harness/run/live_run.h"

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "base/io/system_clock.h"
#include "broker/service/bus_server.h"
#include "harness/run/bus_commits.h"
#include "harness/run/conductor.h"
#include "harness/run/live_line.h"
#include "harness/run/message_probe.h"

namespace entente::harness {
namespace {

using std::chrono::milliseconds;

constexpr auto kTick = milliseconds(5);  // events of a tick are one frame of the record
constexpr auto kProgressEvery = milliseconds(200);
constexpr auto kConnectWithin = std::chrono::seconds(5);  // simulated nodes; then the exercise starts without who is missing
constexpr auto kClosingTime = milliseconds(500);          // for what is under way when sockets close

// How much waits at the broker, handed from its thread to the host's.
class QueueGauge {
 public:
  void Put(std::map<std::string, std::size_t> octets) {
    const std::lock_guard lock(mutex_);
    octets_ = std::move(octets);
  }
  [[nodiscard]] std::map<std::string, std::size_t> Look() const {
    const std::lock_guard lock(mutex_);
    return octets_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::size_t> octets_;
};

class LiveHost final : private Stage {
 public:
  LiveHost(const PreparedRun& plan, const broker::ReleaseGuard& guard, Recorder& recorder, const LiveHooks& hooks,
           BrokerWays brokers)
      : plan_(plan),
        guard_(guard),
        recorder_(recorder),
        hooks_(hooks),
        brokers_(std::move(brokers)),
        tick_(context_),
        shared_(recorder.SinkFor("gateway")),
        commits_(recorder, clock_, CommitPaceOf(plan.exercise)),
        conductor_(plan.exercise, *this, recorder.SinkFor("harness")) {}

  Status Run() {
    const Status opened = Open();
    if (opened) {
      ready_since_ = clock_.Read().instant;
      Tick();
      context_.run();
    }
    Close();
    if (!opened) return opened;
    if (auto failure = recorder_.failure()) return std::unexpected(*failure);
    return {};
  }

 private:
  enum class Phase { kReady, kRunning, kDraining };

  Status Open() {
    recorder_.Append("harness", RunStartedEvent(plan_, false, clock_.Read()));
    if (brokers_.endpoints.empty()) {
      if (Status started = StartBroker(); !started) return started;
    }
    for (std::size_t i = 0; i < plan_.setups.size(); ++i) {
      const std::string& node = plan_.exercise.nodes(static_cast<int>(i)).node();
      if (plan_.elsewhere.contains(node)) {
        recorder_.Append("harness", NodeStateEvent(node, v1::NODE_STATE_DECLARED, "at a gateway elsewhere", "", clock_.Read()));
        continue;
      }
      // Live control may take any link of the run.
      const bool backbone = hooks_.commands != nullptr || HasBackbone(plan_.exercise, plan_.exercise.nodes(static_cast<int>(i)));
      auto line = LiveLine::Make({context_, clock_, plan_, shared_, recorder_}, i, EntropyNumber(), backbone);
      if (!line) return std::unexpected(line.error());
      recorder_.Append("harness", NodeStateEvent((*line)->node(), v1::NODE_STATE_DECLARED, "", "", clock_.Read()));
      lines_.push_back(*std::move(line));
    }
    for (auto& line : lines_) {
      if (Status opened = line->Open(brokers_); !opened) return opened;
      std::ranges::rotate(brokers_.endpoints, brokers_.endpoints.begin() + 1);
    }
    conductor_.Ready(clock_.Read());
    return {};
  }

  Status StartBroker() {
    auto server = broker::BusServer::Start({.after_round = [this](const broker::Relay& relay) { commits_.AfterRound(relay); },
                                            .relay = {.exercise = plan_.exercise.name(), .mode = ModeOf(plan_.exercise)}},
                                           guard_, clock_, recorder_.SinkFor("broker"));
    if (!server) return std::unexpected(server.error());
    server_ = *std::move(server);
    commits_.Start(*server_);
    brokers_.endpoints.push_back(server_->endpoint());
    return {};
  }

  void Tick() {
    const Now now = clock_.Read();
    if (hooks_.commands != nullptr) hooks_.commands->CarryOut(desk_, now);
    Advance(now);
    const bool recorded = recorder_.Commit().has_value();
    if (!recorded || !TellProgress(now)) Stop(recorded ? "stopped by operator" : "the record failed", now);
    if (done_) return context_.stop();
    const auto next = conductor_.NextDeadline();
    const Duration wait = next ? std::clamp<Duration>(*next - now.instant, Duration(0), kTick) : Duration(kTick);
    tick_.expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(wait));
    tick_.async_wait([this](const asio::error_code& error) {
      if (!error) Tick();
    });
  }

  void Advance(Now now) {
    switch (phase_) {
      case Phase::kReady:
        if (!MayStart(now)) return;
        phase_ = Phase::kRunning;
        return conductor_.StartEx(now);
      case Phase::kRunning:
        conductor_.OnDeadline(now);
        if (!conductor_.ended()) return;
        phase_ = Phase::kDraining;
        drained_at_ = now.instant + Duration(plan_.exercise.drain_ns());
        return;
      case Phase::kDraining:
        done_ = done_ || now.instant >= drained_at_;
        return;
    }
  }

  // Every node is there, or was waited for long enough.
  bool MayStart(Now now) {
    const Duration waited = now.instant - ready_since_;
    return std::ranges::all_of(lines_, [&](const auto& line) {
      return line->present() ||
             waited >= (line->external() ? Duration(plan_.exercise.await_external_ns()) : Duration(kConnectWithin));
    });
  }

  void Stop(std::string_view reason, Now now) {
    if (conductor_.state() == v1::EXERCISE_STATE_READY) {
      done_ = true;
      return conductor_.EndEx(reason, true, now);
    }
    if (!conductor_.ended()) {
      conductor_.EndEx(reason, true, now);
      phase_ = Phase::kDraining;
      drained_at_ = now.instant + std::min<Duration>(Duration(plan_.exercise.drain_ns()), kClosingTime);
    }
    if (recorder_.failure()) done_ = true;
  }

  bool TellProgress(Now now) {
    if (!hooks_.on_progress || stopping_ || now.instant < next_progress_) return true;
    next_progress_ = now.instant + kProgressEvery;
    LiveProgress progress{conductor_.state(), conductor_.Elapsed(now.instant), conductor_.ActiveFaults(), {}, queues_.Look()};
    AskForQueues();
    if (phase_ == Phase::kReady) {
      for (auto& line : lines_) {
        if (line->external() && !line->present()) progress.awaited.push_back(line->node() + " at " + line->endpoint());
      }
    }
    stopping_ = !hooks_.on_progress(progress);
    return !stopping_;
  }

  // The relay lives on the broker's thread: it answers into queues_, for the next time.
  void AskForQueues() {
    if (!server_) return;
    server_->Post([this](broker::Relay& relay) {
      std::map<std::string, std::size_t> octets;
      for (const v1::NodePlan& node : plan_.exercise.nodes()) octets[node.node()] = relay.QueuedOctets(node.node());
      queues_.Put(std::move(octets));
    });
  }

  void Close() {
    const Now now = clock_.Read();
    if (hooks_.commands != nullptr) hooks_.commands->End(now);
    const std::string reason = conductor_.aborted() ? "exercise aborted" : "ENDEX";
    for (auto& line : lines_) line->Close(reason, now);
    context_.restart();
    context_.run_for(kClosingTime);
    if (server_) server_->Stop(reason);
    commits_.Stop();
    recorder_.Append("harness", RunEndedEvent(conductor_.aborted() ? "stopped before ENDEX" : "ENDEX", clock_.Read()));
    // A failure is what Run returns.
    static_cast<void>(recorder_.Commit());
  }

  RunDesk MakeDesk() {
    return {.exercise = plan_.exercise,
            .conductor = conductor_,
            .record = recorder_.SinkFor("harness"),
            .figures = [this] { return recorder_.WithFold([](const Fold& fold) { return fold.figures(); }); },
            .absent_nodes = [this] { return AbsentNodes(); },
            .probe = [this](const v1::FaultPlan& fault, Now now,
                            std::function<void(const v1::LinkProbe&)> told) { Probe(fault, now, std::move(told)); },
            .stop = [this](std::string_view reason) { Stop(reason, clock_.Read()); },
            .elsewhere = plan_.elsewhere};
  }

  void Probe(const v1::FaultPlan& fault, Now now, std::function<void(const v1::LinkProbe&)> told) {
    LiveLine* line = LineOf(fault.node());
    if (!ActsOnMessages(fault) && line != nullptr) return line->WhenProbed(fault, now, std::move(told));
    told(FoundOfMessages(fault, now));
  }

  // Gateways elsewhere find for themselves that the fault is over.
  v1::LinkProbe FoundOfMessages(const v1::FaultPlan& fault, Now now) {
    v1::LinkProbe found = ProbeMessages(lines_, fault, now);
    if (!plan_.elsewhere.empty()) found.set_found(found.found() + "; what gateways elsewhere find follows in the record");
    return found;
  }

  std::vector<std::string> AbsentNodes() {
    std::vector<std::string> absent;
    for (auto& line : lines_) {
      if (!line->present()) absent.push_back(line->node());
    }
    return absent;
  }

  LiveLine* LineOf(std::string_view node) {
    const auto found = std::ranges::find(lines_, node, [](const auto& line) -> std::string_view { return line->node(); });
    return found == lines_.end() ? nullptr : found->get();
  }

  void SetRunning(bool running, Now now) override {
    for (auto& line : lines_) line->SetRunning(running, now);
  }
  void Fire(const v1::Inject& inject, Now now) override {
    if (LiveLine* line = LineOf(inject.node())) line->Fire(inject, now);
  }
  void StartFault(const v1::FaultPlan& fault, Now now) override {
    if (ActsOnMessages(fault)) {
      for (auto& line : lines_) line->StartFault(fault, now);
      return;
    }
    if (LiveLine* line = LineOf(fault.node())) line->StartFault(fault, now);
  }
  std::string EndFault(const v1::FaultPlan& fault, Now now) override {
    if (ActsOnMessages(fault)) {
      for (auto& line : lines_) line->EndFault(fault, now);
      return FoundOfMessages(fault, now).found();
    }
    LiveLine* line = LineOf(fault.node());
    return line == nullptr ? std::string{} : line->EndFault(fault, now);
  }

  const PreparedRun& plan_;
  const broker::ReleaseGuard& guard_;
  Recorder& recorder_;
  const LiveHooks& hooks_;
  BrokerWays brokers_;  // the next line's first
  SystemClock clock_;
  asio::io_context context_{1};
  asio::steady_timer tick_;
  gateway::GatewayShared shared_;
  QueueGauge queues_;  // outlives the server, whose thread fills it
  BusCommits commits_;
  std::unique_ptr<broker::BusServer> server_;
  std::vector<std::unique_ptr<LiveLine>> lines_;
  Conductor conductor_;
  RunDesk desk_ = MakeDesk();
  Phase phase_ = Phase::kReady;
  Instant ready_since_{};
  Instant drained_at_{};
  Instant next_progress_{};
  bool stopping_ = false;
  bool done_ = false;
};

}  // namespace

Status RunLive(const PreparedRun& plan, const broker::ReleaseGuard& guard, Recorder& recorder, const LiveHooks& hooks,
               BrokerWays brokers) {
  return LiveHost(plan, guard, recorder, hooks, std::move(brokers)).Run();
}

}  // namespace entente::harness
