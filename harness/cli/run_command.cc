// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/io/files.h"
#include "base/io/signals.h"
#include "base/io/system_clock.h"
#include "broker/certificates/credentials.h"
#include "broker/record/segment_log.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/judging.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/run_result.h"
#include "harness/cli/tls_options.h"
#include "harness/control/control_server.h"
#include "harness/exercise/quantity.h"
#include "harness/metrics/exposer.h"
#include "harness/run/bus_commits.h"
#include "harness/run/live_run.h"
#include "harness/run/message_probe.h"
#include "harness/run/projection_thread.h"
#include "harness/run/run_folder.h"
#include "harness/run/shared_record.h"
#include "harness/run/simulated_run.h"

namespace entente::cli {
namespace {

using namespace entente::harness;  // the command is a thin skin of it

struct RunCommandOptions {
  std::string exercise;
  bool simulated = false;
  bool json = false;
  bool quiet = false;
  std::optional<std::uint64_t> seed;
  std::optional<double> duration_s;
  std::optional<std::uint16_t> metrics_port;
  std::string runs = "runs";
  std::vector<std::string> brokers;
  std::string broker_identity;
  std::string control;
  std::vector<std::string> elsewhere;
  TlsOptions tls;
  std::optional<broker::TlsFiles> tls_files;
};

int Complain(const Error& error, int exit_code) {
  fmt::print(stderr, "entente: {}\n", error.Text());
  return exit_code;
}

RunOptions ToRunOptions(const RunCommandOptions& options) {
  return {options.seed, options.duration_s ? std::optional(FromSeconds(*options.duration_s)) : std::nullopt, options.metrics_port,
          options.elsewhere};
}

// Of /proc/self/statm: the second number, in pages.
std::uint64_t ResidentOctets() {
  const auto statm = ReadFile("/proc/self/statm");
  if (!statm) return 0;
  unsigned long long size = 0;
  unsigned long long resident = 0;
  if (std::sscanf(ToText(*statm).c_str(), "%llu %llu", &size, &resident) != 2) return 0;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::uint64_t OctetsBelow(const std::filesystem::path& folder) {
  std::uint64_t octets = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    octets += entry.is_regular_file() ? entry.file_size(error) : 0;
  return octets;
}

ProcessGauges GaugesOf(const LiveProgress& progress, const RunFolder& folder) {
  ProcessGauges gauges{.queued_octets = {}, .resident_octets = ResidentOctets(), .record_octets = OctetsBelow(folder.record())};
  for (const auto& [node, octets] : progress.queued_octets) gauges.queued_octets[node] = octets;
  return gauges;
}

// The figures of a record that others write, too: read as it grows.
class SharedFigures {
 public:
  explicit SharedFigures(std::unique_ptr<record::RecordReader> reader) : reader_(std::move(reader)) {}

  // As far as the record can be read; why it cannot, the verdict says.
  Figures Look() {
    for (auto next = reader_->Next(); next && *next; next = reader_->Next()) fold_.Apply((*next)->event);
    return fold_.figures();
  }

 private:
  const std::unique_ptr<record::RecordReader> reader_;
  Fold fold_;
};

// Where live control listens; nullptr: nowhere.
Result<std::unique_ptr<ControlServer>> StartControl(const PreparedRun& plan, const RunCommandOptions& options,
                                                    record::Record& record, Recorder& recorder, RunCommands& commands,
                                                    ProgressLine& line) {
  if (options.control.empty()) return nullptr;
  const auto at = ParseEndpoint(options.control);
  if (!at) {
    return Fail(ErrorCode::kInvalidArgument, "is no address and port", "--control " + options.control,
                "write it like 127.0.0.1:7410");
  }
  static const SystemClock clock;  // outlives every handshake
  auto server = ControlServer::Start({.address = at->host().empty() ? "127.0.0.1" : at->host(),
                                      .port = static_cast<std::uint16_t>(at->port()),
                                      .tls = options.tls_files,
                                      .policy = plan.exercise.policy()},
                                     commands, record, clock, recorder.SinkFor("harness"));
  if (!server) return server;
  line.Say(fmt::format(
      "Control: {} ({})", (*server)->endpoint(),
      options.tls_files ? "identities with the role EXCON command" : "without TLS: whoever reaches it on this machine is EXCON"));
  return server;
}

Result<BrokerWays> BrokersOf(const RunCommandOptions& options) {
  BrokerWays brokers{.endpoints = options.brokers};
  if (options.brokers.empty() || !options.tls_files) return brokers;
  static const SystemClock clock;  // outlives every handshake
  if (const auto own = broker::CheckOwnFiles(*options.tls_files, broker::PeerSide::kClient, clock.Read().utc); !own) {
    return std::unexpected(own.error());
  }
  auto credentials = broker::MakeChannelCredentials(*options.tls_files, options.broker_identity, clock);
  if (!credentials) return std::unexpected(credentials.error());
  brokers.credentials = *std::move(credentials);
  return brokers;
}

// Live: with metrics, a projection that grows with the record, and a progress line.
Status GoLive(const PreparedRun& plan, const RunCommandOptions& options, record::Record& record, const RunFolder& folder,
              Recorder& recorder, const std::function<Figures()>& look) {
  auto exposer = Exposer::Start({.port = static_cast<std::uint16_t>(plan.exercise.metrics_port())});
  if (!exposer) return std::unexpected(exposer.error());
  auto projection = ProjectionThread::Start(record, folder.projection());
  if (!projection) return std::unexpected(projection.error());
  ProgressLine line(!options.quiet && !options.json);
  line.Say(fmt::format("Metrics: http://127.0.0.1:{}/metrics", (*exposer)->port()));
  const broker::PolicyGuard guard(plan.exercise.policy());
  auto brokers = BrokersOf(options);
  if (!brokers) return std::unexpected(brokers.error());
  RunCommands commands;
  auto control = StartControl(plan, options, record, recorder, commands, line);
  if (!control) return std::unexpected(control.error());
  LiveHooks hooks;
  hooks.commands = &commands;
  hooks.on_progress = [&](const LiveProgress& progress) {
    Figures figures = look();
    line.Show(progress.state, progress.elapsed, Duration(plan.exercise.duration_ns()), figures, progress.active_faults,
              progress.awaited);
    (*exposer)->Publish(std::move(figures));
    (*exposer)->SetGauges(GaugesOf(progress, folder));
    return !StopRequested();
  };
  const Status ran = RunLive(plan, guard, recorder, hooks, *std::move(brokers));
  line.Clear();
  if (*control) {
    // So that who watches sees the end; a failure is what Close says, too.
    static_cast<void>(record.Flush());
    (*control)->Stop();
  }
  const Status closed = record.Close();
  const Status projected = (*projection)->Finish();
  if (!ran) return ran;
  return closed ? projected : closed;
}

Status GoSimulated(const PreparedRun& plan, const RunCommandOptions& options, record::Record& record, const RunFolder& folder,
                   Recorder& recorder) {
  ProgressLine line(!options.quiet && !options.json);
  const broker::PolicyGuard guard(plan.exercise.policy());
  SimulatedHooks hooks;
  hooks.on_progress = [&](Duration elapsed) {
    line.Show(v1::EXERCISE_STATE_RUNNING, elapsed, Duration(plan.exercise.duration_ns()),
              recorder.WithFold([](const Fold& fold) { return fold.figures(); }), {}, {});
    return !StopRequested();
  };
  const Status ran = RunSimulated(plan, guard, recorder, hooks);
  line.Clear();
  if (Status closed = record.Close(); ran && !closed) return closed;
  if (!ran) return ran;
  auto projection = ProjectionThread::Start(record, folder.projection());
  if (!projection) return std::unexpected(projection.error());
  return (*projection)->Finish();
}

// Of a record that several processes wrote: judged from the copy that the run leaves behind.
Result<Assessment> JudgeShared(const PreparedRun& plan, const RunFolder& folder) {
  const SystemClock clock;
  if (const auto pulled = PullSharedRecord(plan.exercise, folder.record(), clock); !pulled) return std::unexpected(pulled.error());
  return JudgeRecord(folder.record());
}

int Finish(const Status& ran, const Result<Assessment>& assessment, const RunFolder& folder, const RunCommandOptions& options) {
  if (!assessment) return Complain(assessment.error(), kExitHarness);
  if (Status written = WriteReports(folder, *assessment); !written) return Complain(written.error(), kExitHarness);
  if (!ran) return Complain(ran.error(), kExitHarness);
  PrintRunResult(*assessment, folder.path, options.json);
  return assessment->exit_code;
}

// With brokers elsewhere, which share the record on JetStream.
int RunShared(const PreparedRun& plan, const RunFolder& folder, const RunCommandOptions& options) {
  auto record = OpenSharedRecord(plan.exercise, "harness");
  if (!record) return Complain(record.error(), kExitHarness);
  if (Status fresh = CheckNotOver(**record); !fresh) return Complain(fresh.error(), kExitUsage);
  auto reader = (*record)->Tail({}, {});
  if (!reader) return Complain(reader.error(), kExitHarness);
  SharedFigures figures(*std::move(reader));
  Recorder recorder(**record, Folding::kLater);
  const Status ran = GoLive(plan, options, **record, folder, recorder, [&] { return figures.Look(); });
  return Finish(ran, JudgeShared(plan, folder), folder, options);
}

int RunOwn(const PreparedRun& plan, const RunFolder& folder, const RunCommandOptions& options) {
  const SystemClock clock;
  record::SegmentLogOptions log = LogOptionsOf(plan.exercise, folder.record());
  log.simulated = options.simulated;
  auto record = record::SegmentLog::Open(std::move(log), clock);
  if (!record) return Complain(record.error(), kExitHarness);
  Recorder recorder(**record, Folding::kLive, Keeping::kTrouble);
  const auto figures = [&] { return recorder.WithFold([](const Fold& fold) { return fold.figures(); }); };
  const Status ran = options.simulated ? GoSimulated(plan, options, **record, folder, recorder)
                                       : GoLive(plan, options, **record, folder, recorder, figures);
  const Assessment assessment =
      recorder.WithFold([&](const Fold& fold) { return Assess(fold, ToHex((*record)->record_digest())); });
  return Finish(ran, assessment, folder, options);
}

// A gateway elsewhere needs a broker that it can reach, and hears of faults from live control.
Status CheckElsewhere(const PreparedRun& plan, const RunCommandOptions& options) {
  if (options.elsewhere.empty()) return {};
  if (options.brokers.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "no gateway elsewhere can reach the broker inside this run", "--elsewhere",
                "give the exercise file a record on JetStream (bus.jetstream), start `entente broker`, and name it with --broker");
  }
  if (options.control.empty() && std::ranges::any_of(plan.exercise.faults(), ActsOnMessages)) {
    return Fail(ErrorCode::kInvalidArgument, "the exercise has faults of messages, and gateways elsewhere would not hear of them",
                "--elsewhere", "give the run --control, and each gateway the same");
  }
  return {};
}

int Run(RunCommandOptions& options) {
  WatchStopSignals();
  auto tls = options.tls.Files();
  if (!tls) return Complain(tls.error(), kExitUsage);
  options.tls_files = *std::move(tls);
  if (options.simulated && !options.control.empty()) {
    return Complain({ErrorCode::kInvalidArgument, "a simulated run is over before anybody could control it",
                     "--control " + options.control, "leave out --simulated, or plan the faults in the exercise file"},
                    kExitUsage);
  }
  const auto plan = PrepareRunFile(options.exercise, ToRunOptions(options));
  if (!plan) return Complain(plan.error(), kExitUsage);
  if (Status sensible = CheckElsewhere(*plan, options); !sensible) return Complain(sensible.error(), kExitUsage);
  const bool shared = plan->exercise.bus().has_jetstream() && !options.simulated;
  if (shared == options.brokers.empty()) {
    return Complain({ErrorCode::kInvalidArgument,
                     shared ? "the exercise is one of several brokers, and none is named" : "the exercise has a broker of its own",
                     options.exercise,
                     shared ? "start `entente broker` as often as you like and name each with --broker, or take --simulated"
                            : "leave out --broker, or give the exercise file a record on JetStream (bus.jetstream)"},
                    kExitUsage);
  }
  const SystemClock clock;
  const auto folder = MakeRunFolder(options.runs, plan->exercise.name(), clock.Read().utc);
  if (!folder) return Complain(folder.error(), kExitHarness);
  return shared ? RunShared(*plan, *folder, options) : RunOwn(*plan, *folder, options);
}

}  // namespace

Command AddRun(CLI::App& program) {
  auto options = std::make_shared<RunCommandOptions>();
  CLI::App* command = program.add_subcommand("run", "Run an exercise: broker, gateway, nodes, faults and report in one process");
  command->add_option("EXERCISE", options->exercise, "Exercise file (YAML)")->required();
  command->add_flag("--simulated", options->simulated, "Under a virtual clock, without sockets, as fast as it goes");
  command->add_option("--seed", options->seed, "Seed of every chance, instead of the exercise's");
  command->add_option("--duration", options->duration_s, "STARTEX to ENDEX in seconds, instead of the exercise's")
      ->check(CLI::PositiveNumber);
  command->add_option("--metrics-port", options->metrics_port, "Port of the Prometheus metrics on loopback; 0: any free one");
  command->add_option("--runs", options->runs, "Folder for what runs leave behind")->capture_default_str();
  command->add_option("--broker", options->brokers,
                      "Address and port of a broker of an exercise on JetStream, given again for each: in place of one of its own");
  command->add_option(
      "--control", options->control,
      "Address and port of live control, such as 127.0.0.1:7410 (entente fault, inject, watch, status); absent: none");
  command->add_option("--elsewhere", options->elsewhere,
                      "External node that an `entente gateway` hosts in place of this run; may be given again");
  options->tls.AddTo(*command);
  command->add_option("--broker-identity", options->broker_identity,
                      "Name that a broker's certificate must have, such as EXCON/broker; any that the authority signed if absent");
  command->add_flag("--json", options->json, "No progress; one JSON object at the end");
  command->add_flag("--quiet", options->quiet, "No progress");
  return [options] { return Run(*options); };
}

}  // namespace entente::cli
