// SPDX-License-Identifier: Apache-2.0
#include "harness/run/broker_run.h"

#include <fmt/format.h>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <utility>

#include "base/io/log.h"
#include "base/io/system_clock.h"
#include "broker/policy/release.h"
#include "broker/service/bus_server.h"
#include "harness/exercise/quantity.h"
#include "harness/run/bus_commits.h"
#include "harness/run/node_events.h"
#include "harness/run/restored_relay.h"

namespace entente::harness {
namespace {

constexpr auto kHookEvery = std::chrono::milliseconds(200);

// Until the hook says stop.
void Serve(const BrokerHooks& hooks) {
  asio::io_context context(1);
  asio::steady_timer timer(context);
  std::function<void()> tick = [&] {
    if (hooks.on_tick && !hooks.on_tick()) return;
    timer.expires_after(kHookEvery);
    timer.async_wait([&](const asio::error_code& error) {
      if (!error) tick();
    });
  };
  tick();
  context.run();
}

void TellTrouble(const Status& committed) {
  if (committed) {
    spdlog::warn("the record takes events again: messages are accepted");
  } else {
    spdlog::error("the record takes nothing, messages are refused until it does: {}", committed.error().Text());
  }
}

}  // namespace

Result<broker::BusServerConfig> ServerConfigOf(const PreparedRun& plan, const BrokerRunOptions& options) {
  const auto at = ParseEndpoint(options.listen);
  if (!at)
    return Fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is not an endpoint", options.listen), {},
                "write it like 127.0.0.1:7400");
  broker::BusServerConfig config;
  config.relay.exercise = plan.exercise.name();
  config.relay.broker = options.name;
  config.relay.mode = ModeOf(plan.exercise);
  config.address = at->host();
  config.port = static_cast<std::uint16_t>(at->port());
  config.tls = options.tls;
  config.policy = plan.exercise.policy();
  config.stream_limits = options.stream_limits;
  config.insecure_any_interface = options.insecure_any_interface;
  return config;
}

Status RunBroker(const PreparedRun& plan, const BrokerRunOptions& options, Recorder& recorder, const BrokerHooks& hooks) {
  const SystemClock clock;
  const broker::PolicyGuard guard(plan.exercise.policy());
  auto config = ServerConfigOf(plan, options);
  if (!config) return std::unexpected(config.error());
  if (!IsBegun(recorder.record())) recorder.Append("broker", RunStartedEvent(plan, false, clock.Read()));
  NodeEvents node_events(recorder, clock, options.name);
  BusCommits commits(recorder, clock, CommitPaceOf(plan.exercise), TellTrouble);
  config->restore = [&](broker::Relay& relay) { return RestoreRelay(recorder.record(), plan.exercise, relay, clock.Read()); };
  config->after_round = [&](const broker::Relay& relay) { commits.AfterRound(relay); };
  auto server = broker::BusServer::Start(*std::move(config), guard, clock, recorder.SinkFor("broker"),
                                         [&](std::string_view node, const std::string& octets) {
                                           node_events.Append(node, octets);
                                           commits.Wake();
                                         });
  if (!server) return std::unexpected(server.error());
  commits.Start(**server);
  if (hooks.on_listening) hooks.on_listening((*server)->endpoint());
  Serve(hooks);
  (*server)->Stop("the broker was stopped");
  commits.Stop();
  recorder.Append("broker", RunEndedEvent("the broker was stopped", clock.Read()));
  return recorder.Commit();
}

}  // namespace entente::harness
