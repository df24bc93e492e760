// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "base/io/signals.h"
#include "base/io/system_clock.h"
#include "broker/certificates/credentials.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/tls_options.h"
#include "harness/control/fault_follower.h"
#include "harness/exercise/quantity.h"
#include "harness/run/gateway_run.h"

namespace entente::cli {
namespace {

struct GatewayCommandOptions {
  std::string exercise;
  harness::GatewayRunOptions run{.brokers = {"127.0.0.1:7400"}, .nodes = {}, .tls = {}, .broker_identity = {}};
  TlsOptions tls;
  std::string control;
};

int Complain(const Error& error, int exit_code) {
  fmt::print(stderr, "entente: {}\n", error.Text());
  return exit_code;
}

// Of the run that conducts the exercise; nullptr: none is followed.
Result<std::unique_ptr<harness::FaultFollower>> FollowRun(const GatewayCommandOptions& options, const v1::Exercise& exercise,
                                                          harness::StandingFaults& faults) {
  if (options.control.empty()) return nullptr;
  if (!harness::ParseEndpoint(options.control)) {
    return Fail(ErrorCode::kInvalidArgument, "is no address and port", "--control " + options.control,
                "write it like 127.0.0.1:7410");
  }
  static const SystemClock clock;  // outlives every handshake
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  if (options.run.tls) {
    auto made = broker::MakeChannelCredentials(*options.run.tls, {}, clock);
    if (!made) return std::unexpected(made.error());
    credentials = *std::move(made);
  }
  return std::make_unique<harness::FaultFollower>(options.control, std::move(credentials), exercise.name(), faults, clock);
}

int RunGatewayCommand(GatewayCommandOptions& options) {
  WatchStopSignals();
  auto tls = options.tls.Files();
  if (!tls) return Complain(tls.error(), kExitUsage);
  options.run.tls = *std::move(tls);
  const auto plan = harness::PrepareRunFile(options.exercise, {});
  if (!plan) return Complain(plan.error(), kExitUsage);
  harness::StandingFaults faults;
  const auto follower = FollowRun(options, plan->exercise, faults);
  if (!follower) return Complain(follower.error(), kExitUsage);
  if (*follower) options.run.faults = &faults;
  harness::GatewayHooks hooks;
  hooks.on_open = [](const std::string& node, const std::string& endpoint) {
    fmt::print("{} at {}\n", node, endpoint);
    std::fflush(stdout);
  };
  hooks.on_attached = [](const std::string& node) {
    fmt::print("{} attached\n", node);
    std::fflush(stdout);
  };
  hooks.on_tick = [] { return !StopRequested(); };
  if (const Status ran = harness::RunGateway(*plan, options.run, hooks); !ran) {
    return Complain(ran.error(), ran.error().code == ErrorCode::kNotFound ? kExitUsage : kExitHarness);
  }
  return kExitPass;
}

}  // namespace

Command AddGateway(CLI::App& program) {
  auto options = std::make_shared<GatewayCommandOptions>();
  CLI::App* command = program.add_subcommand("gateway", "A gateway of its own: the access points of an exercise's nodes");
  command->add_option("EXERCISE", options->exercise, "Exercise file (YAML)")->required();
  command
      ->add_option("--broker", options->run.brokers, "Address and port of the broker; given again: of others that share its record")
      ->capture_default_str();
  command->add_option("--node", options->run.nodes, "Host this node only; may be given again");
  options->tls.AddTo(*command);
  command->add_option(
      "--broker-identity", options->run.broker_identity,
      "Name that the broker's certificate must have, such as EXCON/broker; any that the authority signed if absent");
  command->add_option("--control", options->control,
                      "Address and port of the live control of the run that conducts the exercise (`entente run --control`): its "
                      "faults of messages and partitions act here, too; absent: none do");
  return [options] { return RunGatewayCommand(*options); };
}

}  // namespace entente::cli
