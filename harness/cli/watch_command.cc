// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <memory>

#include "base/time.h"
#include "harness/cli/commands.h"
#include "harness/cli/control_options.h"
#include "harness/cli/exit_code.h"
#include "proto/value_name.h"

namespace entente::cli {
namespace {

using harness::ControlClient;

struct WatchOptions {
  ControlOptions control;
  v1::WatchRequest request;
  std::vector<std::string> kinds;
  bool from_beginning = false;
};

struct RunVerbOptions {
  ControlOptions control;
  std::string reason;
};

// What people look for has a sentence; the rest is shown as the record names it.
std::string SentenceOf(const v1::RecordEvent& event) {
  switch (event.event_case()) {
    case v1::RecordEvent::kRunStarted:
      return fmt::format("run of {} begins  seed {}", event.run_started().exercise(), event.run_started().seed());
    case v1::RecordEvent::kExerciseStateChanged:
      return fmt::format("exercise {}  {}", ValueName(event.exercise_state_changed().state()),
                         event.exercise_state_changed().reason());
    case v1::RecordEvent::kNodeStateChanged:
      return fmt::format("{} {}  {}", event.node_state_changed().node(), ValueName(event.node_state_changed().state()),
                         event.node_state_changed().reason());
    case v1::RecordEvent::kFaultStarted:
      return Coloured(fmt::format("fault {} begins", event.fault_started().fault()), "31") +
             fmt::format("  {} {}, {}", event.fault_started().kind(), event.fault_started().parameters(),
                         event.fault_started().target());
    case v1::RecordEvent::kFaultEnded:
      return Coloured(fmt::format("fault {} ends", event.fault_ended().fault()), "32") + "  " + event.fault_ended().reason();
    case v1::RecordEvent::kInjectFired:
      return fmt::format("inject {} by {}  {}", event.inject_fired().inject(), event.inject_fired().node(),
                         event.inject_fired().text());
    case v1::RecordEvent::kCommandGiven: {
      const v1::CommandGiven& given = event.command_given();
      return fmt::format("{} commands: {} {}{}", given.identity().empty() ? given.peer() : given.identity(), given.command(),
                         given.text(), given.refused().empty() ? "" : "  refused: " + given.refused());
    }
    case v1::RecordEvent::kPeerRefused:
      return Coloured("refused", "33") +
             fmt::format(" {}{}: {}", event.peer_refused().identity(), event.peer_refused().peer(), event.peer_refused().reason());
    case v1::RecordEvent::kProcessFault:
      return Coloured("our fault", "31") + fmt::format("  {}: {}", event.process_fault().component(), event.process_fault().text());
    case v1::RecordEvent::kLinkProbed:
      return fmt::format("link {} {} after {}  {}", event.link_probed().link(),
                         event.link_probed().restored() ? Coloured("restored", "32") : Coloured("still impaired", "31"),
                         event.link_probed().fault(), event.link_probed().found());
    case v1::RecordEvent::kRunEnded:
      return "run ended  " + event.run_ended().reason();
    default:
      return event.ShortDebugString();
  }
}

int Watch(const WatchOptions& options) {
  const auto client = options.control.Client();
  if (!client) return ControlOptions::Complain(client.error());
  v1::WatchRequest request;
  for (const std::string& kind : options.kinds) request.add_kinds(kind);
  request.set_from_beginning(options.from_beginning);
  const Status watched = (*client)->Watch(request, [&](const v1::RecordEvent& event) {
    if (options.control.json()) {
      PrintJson(event);
    } else {
      fmt::print("{}  {}\n", Coloured(FormatUtc(FromNanoseconds(event.utc_ns())), "2"), SentenceOf(event));
    }
    return std::fflush(stdout) == 0;  // false: nobody reads it any more
  });
  return watched ? kExitPass : ControlOptions::Complain(watched.error());
}

int ShowStatus(const RunVerbOptions& options) {
  return options.control.Ask(&ControlClient::Stub::GetStatus, v1::StatusRequest(), [&](const v1::StatusReply& reply) {
    if (options.control.json()) {
      PrintJson(reply);
      return kExitPass;
    }
    fmt::print("{}  {}  {} of {}\n", Coloured(reply.exercise(), "1"), ValueName(reply.state()),
               ExerciseTime(reply.exercise_time_ns()), ExerciseTime(reply.duration_ns()));
    fmt::print("{} messages, {} understood, {} injects\n", reply.messages(), reply.understood(), reply.injects());
    fmt::print("faults: {}\n",
               reply.active_faults().empty() ? "none" : Coloured(fmt::format("{}", fmt::join(reply.active_faults(), ", ")), "31"));
    if (!reply.absent_nodes().empty()) {
      fmt::print("absent: {}\n", Coloured(fmt::format("{}", fmt::join(reply.absent_nodes(), ", ")), "33"));
    }
    return kExitPass;
  });
}

// A command whose reply says nothing but that it was done.
template <typename Request, typename Reply>
int Do(const RunVerbOptions& options, grpc::Status (ControlClient::Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
       const Request& request, std::string_view done) {
  return options.control.Ask(method, request, [&](const Reply& reply) {
    if (options.control.json()) {
      PrintJson(reply);
    } else {
      fmt::print("{}\n", Coloured(done, "32"));
    }
    return kExitPass;
  });
}

}  // namespace

Command AddWatch(CLI::App& program) {
  auto options = std::make_shared<WatchOptions>();
  CLI::App* command = program.add_subcommand("watch", "What happens in a run that is under way, line by line, until it ends");
  command->add_option("--kind", options->kinds,
                      "Events of this kind, as entente/v1/record.proto names them (message_refused); may be given again");
  command->add_flag("--from-beginning", options->from_beginning, "From the beginning of the run on, not from now");
  options->control.AddTo(*command);
  return [options] { return Watch(*options); };
}

Command AddStatus(CLI::App& program) {
  auto options = std::make_shared<RunVerbOptions>();
  CLI::App* command = program.add_subcommand("status", "How a run that is under way stands");
  options->control.AddTo(*command);
  return [options] { return ShowStatus(*options); };
}

Command AddPause(CLI::App& program) {
  auto options = std::make_shared<RunVerbOptions>();
  CLI::App* command = program.add_subcommand("pause", "PAUSEX: exercise time stands still, and with it injects and leases");
  options->control.AddTo(*command);
  return [options] { return Do(*options, &ControlClient::Stub::Pause, v1::PauseRequest(), "paused"); };
}

Command AddResume(CLI::App& program) {
  auto options = std::make_shared<RunVerbOptions>();
  CLI::App* command = program.add_subcommand("resume", "RESUMEX: the exercise goes on");
  options->control.AddTo(*command);
  return [options] { return Do(*options, &ControlClient::Stub::Resume, v1::ResumeRequest(), "resumed"); };
}

Command AddStop(CLI::App& program) {
  auto options = std::make_shared<RunVerbOptions>();
  CLI::App* command = program.add_subcommand("stop", "End a run that is under way before its time, in order");
  command->add_option("--reason", options->reason, "For the record");
  options->control.AddTo(*command);
  return [options] {
    v1::StopRequest request;
    request.set_reason(options->reason);
    return Do(*options, &ControlClient::Stub::Stop, request, "stopped");
  };
}

}  // namespace entente::cli
