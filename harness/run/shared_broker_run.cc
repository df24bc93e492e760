// SPDX-License-Identifier: Apache-2.0
#include "harness/run/shared_broker_run.h"

#include <fmt/format.h>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <utility>

#include "base/io/log.h"
#include "base/io/system_clock.h"
#include "broker/policy/release.h"
#include "broker/service/bus_server.h"
#include "harness/exercise/quantity.h"
#include "harness/run/log_follower.h"
#include "harness/run/node_events.h"

namespace entente::harness {
namespace {

// What a round of the relay did not commit, because the record took nothing, is tried again so often.
constexpr auto kCommitEvery = std::chrono::milliseconds(20);
constexpr int kHookEvery = 10;  // commits

class SharedBroker {
 public:
  SharedBroker(const PreparedRun& plan, const BrokerRunOptions& options, record::JetStreamLog& log, const BrokerHooks& hooks)
      : plan_(plan),
        options_(options),
        log_(log),
        hooks_(hooks),
        guard_(plan.exercise.policy()),
        recorder_(log, Folding::kLater),
        node_events_(recorder_, clock_, "nodes of " + options.name),
        follower_(log, plan.exercise, clock_, options.name),
        timer_(context_) {}

  Status Run() {
    if (Status started = Start(); !started) return started;
    Tick();
    context_.run();
    server_->Stop("the broker was stopped");
    follower_.Stop();
    const Status committed = recorder_.Commit();
    const Status flushed = log_.Flush();
    if (auto failure = follower_.failure()) return std::unexpected(*failure);
    return committed ? flushed : committed;
  }

 private:
  Status Start() {
    auto config = ServerConfigOf(plan_, options_);
    if (!config) return std::unexpected(config.error());
    config->relay.mode = broker::DeliveryMode::kDurable;
    config->restore = [this](broker::Relay& relay) { return follower_.Restore(relay); };
    config->after_round = [this](broker::Relay& relay) { Commit(relay); };
    auto server =
        broker::BusServer::Start(*std::move(config), guard_, clock_, recorder_.SinkFor(options_.name),
                                 [this](std::string_view node, const std::string& octets) { node_events_.Append(node, octets); });
    if (!server) return std::unexpected(server.error());
    server_ = *std::move(server);
    if (!follower_.restored_any()) recorder_.Append("harness", RunStartedEvent(plan_, false, clock_.Read()));
    follower_.Start(*server_);
    if (hooks_.on_listening) hooks_.on_listening(server_->endpoint());
    return {};
  }

  // On the relay's thread. A record that is full refuses; one that cannot be reached lets wait.
  void Commit(broker::Relay& relay) {
    const Status committed = recorder_.Commit();
    const bool full = !committed && committed.error().code == ErrorCode::kExhausted;
    relay.RefuseMessages(full);
    if (std::exchange(trouble_, !committed) == !committed) return;
    if (committed) {
      spdlog::info("the record takes events again");
    } else {
      spdlog::warn("the record takes no events: {}", committed.error().Text());
    }
  }

  void Tick() {
    server_->Post([this](broker::Relay& relay) { Commit(relay); });
    if (follower_.failure()) return;
    if (++ticks_ % kHookEvery == 0 && hooks_.on_tick && !hooks_.on_tick()) return;
    timer_.expires_after(kCommitEvery);
    timer_.async_wait([this](const asio::error_code& error) {
      if (!error) Tick();
    });
  }

  const PreparedRun& plan_;
  const BrokerRunOptions& options_;
  record::JetStreamLog& log_;
  const BrokerHooks& hooks_;
  const SystemClock clock_;
  const broker::PolicyGuard guard_;
  Recorder recorder_;
  NodeEvents node_events_;  // on the relay's thread
  LogFollower follower_;
  std::unique_ptr<broker::BusServer> server_;
  asio::io_context context_{1};
  asio::steady_timer timer_;
  int ticks_ = 0;
  bool trouble_ = false;  // on the relay's thread
};

}  // namespace

Status RunSharedBroker(const PreparedRun& plan, const BrokerRunOptions& options, record::JetStreamLog& log,
                       const BrokerHooks& hooks) {
  return SharedBroker(plan, options, log, hooks).Run();
}

}  // namespace entente::harness
