// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "base/io/signals.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/tls_options.h"
#include "harness/run/gateway_run.h"

namespace entente::cli {
namespace {

struct GatewayCommandOptions {
  std::string exercise;
  harness::GatewayRunOptions run{.brokers = {"127.0.0.1:7400"}, .nodes = {}, .tls = {}, .broker_identity = {}};
  TlsOptions tls;
};

int RunGatewayCommand(GatewayCommandOptions& options) {
  WatchStopSignals();
  auto tls = options.tls.Files();
  if (!tls) {
    fmt::print(stderr, "entente: {}\n", tls.error().Text());
    return kExitUsage;
  }
  options.run.tls = *std::move(tls);
  const auto plan = harness::PrepareRunFile(options.exercise, {});
  if (!plan) {
    fmt::print(stderr, "entente: {}\n", plan.error().Text());
    return kExitUsage;
  }
  harness::GatewayHooks hooks;
  hooks.on_open = [](const std::string& node, const std::string& endpoint) {
    fmt::print("{} at {}\n", node, endpoint);
    std::fflush(stdout);
  };
  hooks.on_tick = [] { return !StopRequested(); };
  if (const Status ran = harness::RunGateway(*plan, options.run, hooks); !ran) {
    fmt::print(stderr, "entente: {}\n", ran.error().Text());
    return ran.error().code == ErrorCode::kNotFound ? kExitUsage : kExitHarness;
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
  return [options] { return RunGatewayCommand(*options); };
}

}  // namespace entente::cli
