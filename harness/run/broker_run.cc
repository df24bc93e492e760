// SPDX-License-Identifier: Apache-2.0
#include "harness/run/broker_run.h"

#include <fmt/format.h>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <utility>

#include "base/io/system_clock.h"
#include "broker/policy/release.h"
#include "broker/service/bus_server.h"
#include "harness/exercise/quantity.h"

namespace entente::harness {
namespace {

constexpr auto kCommitEvery = std::chrono::milliseconds(5);
constexpr int kHookEvery = 40;  // commits

// Commits until the hook says stop or the record fails.
void Serve(Recorder& recorder, const BrokerHooks& hooks) {
  asio::io_context context(1);
  asio::steady_timer timer(context);
  int commits = 0;
  std::function<void()> tick = [&] {
    if (!recorder.Commit()) return;
    if (++commits % kHookEvery == 0 && hooks.on_tick && !hooks.on_tick()) return;
    timer.expires_after(kCommitEvery);
    timer.async_wait([&](const asio::error_code& error) {
      if (!error) tick();
    });
  };
  tick();
  context.run();
}

}  // namespace

Status RunBroker(const PreparedRun& plan, const BrokerRunOptions& options, Recorder& recorder, const BrokerHooks& hooks) {
  const SystemClock clock;
  const broker::PolicyGuard guard(plan.exercise.policy());
  const auto at = ParseEndpoint(options.listen);
  if (!at)
    return Fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is not an endpoint", options.listen), {},
                "write it like 127.0.0.1:7400");
  recorder.Append("broker", RunStartedEvent(plan, false, clock.Read()));
  auto server = broker::BusServer::Start(
      {.relay = {.exercise = plan.exercise.name()},
       .address = at->host(),
       .port = static_cast<std::uint16_t>(at->port()),
       .tls = options.tls,
       .policy = plan.exercise.policy(),
       .stream_limits = options.stream_limits,
       .insecure_any_interface = options.insecure_any_interface},
      guard, clock, recorder.SinkFor("broker"), [&](std::string_view node, const std::string& octets) {
        v1::RecordEvent event;
        if (!event.ParseFromString(octets)) {
          event = ProcessFaultEvent("record", fmt::format("an event of {} that is none", node), clock.Read());
        }
        const std::string writer = event.writer().empty() ? std::string(node) : event.writer();
        recorder.Append(writer, std::move(event));
      });
  if (!server) return std::unexpected(server.error());
  if (hooks.on_listening) hooks.on_listening((*server)->endpoint());
  Serve(recorder, hooks);
  (*server)->Stop("the broker was stopped");
  recorder.Append("broker", RunEndedEvent("the broker was stopped", clock.Read()));
  const Status last = recorder.Commit();
  if (auto failure = recorder.failure()) return std::unexpected(*failure);
  return last;
}

}  // namespace entente::harness
