// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "base/io/signals.h"
#include "base/io/system_clock.h"
#include "broker/record/segment_log.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/tls_options.h"
#include "harness/run/bus_commits.h"
#include "harness/run/shared_broker_run.h"
#include "harness/run/shared_record.h"

namespace entente::cli {
namespace {

struct BrokerCommandOptions {
  std::string exercise;
  std::string listen = "127.0.0.1:7400";
  std::string record = "record";
  std::string name;
  bool insecure_any_interface = false;
  TlsOptions tls;
  std::uint64_t messages_per_s = 0;
  std::uint64_t octets_per_s = 0;
};

int Complain(const Error& error, int exit_code) {
  fmt::print(stderr, "entente: {}\n", error.Text());
  return exit_code;
}

v1::StreamLimits LimitsOf(const BrokerCommandOptions& options) {
  v1::StreamLimits limits;
  limits.set_messages_per_s(options.messages_per_s);
  limits.set_octets_per_s(options.octets_per_s);
  return limits;
}

// TLS files are the operator's to name: an error of theirs is told before anything is opened.
Result<harness::BrokerRunOptions> RunOptionsOf(const BrokerCommandOptions& options) {
  auto tls = options.tls.Files();
  if (!tls) return std::unexpected(tls.error());
  harness::BrokerRunOptions run{.listen = options.listen,
                                .insecure_any_interface = options.insecure_any_interface,
                                .tls = *std::move(tls),
                                .stream_limits = LimitsOf(options)};
  if (!options.name.empty()) run.name = options.name;
  return run;
}

harness::BrokerHooks Hooks() {
  harness::BrokerHooks hooks;
  hooks.on_listening = [](const std::string& endpoint) {
    fmt::print("Broker listening at {}\n", endpoint);
    std::fflush(stdout);
  };
  hooks.on_tick = [] { return !StopRequested(); };
  return hooks;
}

// Its record is its own, in a folder.
int RunAlone(const harness::PreparedRun& plan, const BrokerCommandOptions& options, const harness::BrokerRunOptions& run) {
  const SystemClock clock;
  auto record = record::SegmentLog::Open(harness::LogOptionsOf(plan.exercise, options.record), clock);
  if (!record) return Complain(record.error(), kExitHarness);
  for (const auto& notice : (*record)->notices()) fmt::print(stderr, "entente: {}\n", notice.Text());
  harness::Recorder recorder(**record, harness::Folding::kLater);
  const Status ran = harness::RunBroker(plan, run, recorder, Hooks());
  const Status closed = (*record)->Close();
  if (!ran) return Complain(ran.error(), kExitHarness);
  if (!closed) return Complain(closed.error(), kExitHarness);
  fmt::print("Record {} closed, digest {}\n", options.record, ToHex((*record)->record_digest()));
  return kExitPass;
}

// Its record is on JetStream, shared with other brokers.
int RunOneOfSeveral(const harness::PreparedRun& plan, const BrokerCommandOptions& options, const harness::BrokerRunOptions& run) {
  if (options.name.empty()) {
    return Complain({ErrorCode::kInvalidArgument, "several brokers share this exercise's record, and this one has no name",
                     options.exercise, "give each one of its own with --name, such as broker-1"},
                    kExitUsage);
  }
  auto record = harness::OpenSharedRecord(plan.exercise, options.name);
  if (!record) return Complain(record.error(), kExitHarness);
  const Status ran = harness::RunSharedBroker(plan, run, **record, Hooks());
  if (!ran) return Complain(ran.error(), kExitHarness);
  return kExitPass;
}

int RunBrokerCommand(const BrokerCommandOptions& options) {
  WatchStopSignals();
  const auto plan = harness::PrepareRunFile(options.exercise, {});
  if (!plan) return Complain(plan.error(), kExitUsage);
  const auto run = RunOptionsOf(options);
  if (!run) return Complain(run.error(), kExitUsage);
  return plan->exercise.bus().has_jetstream() ? RunOneOfSeveral(*plan, options, *run) : RunAlone(*plan, options, *run);
}

}  // namespace

Command AddBroker(CLI::App& program) {
  auto options = std::make_shared<BrokerCommandOptions>();
  CLI::App* command = program.add_subcommand("broker", "A broker of its own, for gateways elsewhere");
  command->add_option("EXERCISE", options->exercise, "Exercise file (YAML): its policy decides who may see what")->required();
  command->add_option("--listen", options->listen, "Address and port; port 0: any free one")->capture_default_str();
  command->add_option("--record", options->record, "Folder of the record")->capture_default_str();
  command->add_flag(
      "--insecure-any-interface", options->insecure_any_interface,
      "Listen beyond loopback without TLS, although nothing proves who connects: anybody who reaches the port can read and write");
  command->add_option("--name", options->name,
                      "Of this broker, where several share a record on JetStream; the same when it comes back");
  options->tls.AddTo(*command);
  command->add_option("--limit-messages", options->messages_per_s, "Messages that a node may publish per second; 0: any number");
  command->add_option("--limit-octets", options->octets_per_s, "Octets that a node may publish per second; 0: any number");
  return [options] { return RunBrokerCommand(*options); };
}

}  // namespace entente::cli
