// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <memory>
#include <utility>

#include "harness/cli/commands.h"
#include "harness/cli/control_options.h"
#include "harness/cli/exit_code.h"
#include "harness/exercise/live_plan.h"
#include "harness/exercise/quantity.h"
#include "harness/exercise/shape.h"

namespace entente::cli {
namespace {

using harness::ControlClient;

struct FaultOptions {
  ControlOptions add_control;
  ControlOptions list_control;
  ControlOptions clear_control;
  std::string name;
  std::map<std::string, std::string> keys;  // of a fault in the exercise file
  bool kinds = false;
  std::vector<std::string> faults;
  bool all = false;
};

std::string StateOf(const v1::LiveFault& fault) {
  switch (fault.state()) {
    case v1::FAULT_STATE_ACTIVE:
      return Coloured("active", "31") + " until " + ExerciseTime(fault.ends_ns());
    case v1::FAULT_STATE_PLANNED:
      return Coloured("planned", "33") +
             fmt::format(" {} to {}", ExerciseTime(fault.plan().at_ns()), ExerciseTime(fault.ends_ns()));
    default:
      return Coloured("over", "2");
  }
}

std::string LineOf(const v1::LiveFault& fault) {
  return fmt::format("{}  {} {}{}{}{}  {}\n", fault.plan().id(), fault.kind(), fault.parameters(),
                     fault.plan().node().empty() ? "" : " on ", fault.plan().link() == v1::LINK_KIND_BACKBONE ? "backbone " : "",
                     fault.plan().node(), StateOf(fault));
}

int Add(const FaultOptions& options) {
  v1::AddFaultRequest request;
  auto plan = harness::ReadLiveFault(MappingOf(options.keys), "the fault");
  if (!plan) return ControlOptions::Complain(plan.error());
  *request.mutable_fault() = *std::move(plan);
  request.mutable_fault()->set_id(options.name);
  return options.add_control.Ask(&ControlClient::Stub::AddFault, request, [&](const v1::AddFaultReply& reply) {
    if (options.add_control.json()) {
      PrintJson(reply);
    } else {
      fmt::print("{}", LineOf(reply.fault()));
    }
    return kExitPass;
  });
}

// Of this build: no run is asked.
int ListKinds(bool json) {
  v1::ListFaultKindsReply reply;
  for (v1::FaultKind& kind : harness::FaultKinds()) *reply.add_kinds() = std::move(kind);
  if (json) {
    PrintJson(reply);
    return kExitPass;
  }
  for (const v1::FaultKind& kind : reply.kinds()) {
    fmt::print("{}  {}\n", Coloured(kind.name(), "1"), kind.summary());
    for (const v1::FaultSetting& setting : kind.settings()) {
      fmt::print("    {}: {}\n        {}\n", setting.name(), setting.summary(), setting.wanted());
    }
  }
  return kExitPass;
}

int List(const FaultOptions& options) {
  if (options.kinds) return ListKinds(options.list_control.json());
  return options.list_control.Ask(&ControlClient::Stub::ListFaults, v1::ListFaultsRequest(), [&](const v1::ListFaultsReply& reply) {
    if (options.list_control.json()) {
      PrintJson(reply);
      return kExitPass;
    }
    for (const v1::LiveFault& fault : reply.faults()) fmt::print("{}", LineOf(fault));
    if (reply.faults().empty()) fmt::print("no faults, planned or active\n");
    return kExitPass;
  });
}

int Clear(const FaultOptions& options) {
  v1::ClearFaultsRequest request;
  request.set_all(options.all);
  for (const std::string& fault : options.faults) request.add_faults(fault);
  return options.clear_control.Ask(&ControlClient::Stub::ClearFaults, request, [&](const v1::ClearFaultsReply& reply) {
    bool restored = true;
    for (const v1::LinkProbe& probe : reply.probes()) restored = restored && probe.restored();
    if (options.clear_control.json()) {
      PrintJson(reply);
    } else {
      fmt::print("cleared: {}\n",
                 reply.cleared().empty() ? "nothing was active" : fmt::format("{}", fmt::join(reply.cleared(), ", ")));
      for (const v1::LinkProbe& probe : reply.probes()) {
        fmt::print("{}  {}  {}\n", probe.link(), probe.restored() ? Coloured("restored", "32") : Coloured("still impaired", "31"),
                   probe.found());
      }
    }
    return restored ? kExitPass : kExitFail;
  });
}

}  // namespace

Command AddFault(CLI::App& program) {
  auto options = std::make_shared<FaultOptions>();
  CLI::App* command = program.add_subcommand("fault", "Faults of a run that is under way: add, list, clear");
  command->require_subcommand(1);
  CLI::App* add = command->add_subcommand("add", "Begin a fault; it ends by itself with its lease");
  add->add_option("--name", options->name, "Its name, of a-z, 0-9 and '-'; live-1 and so on if absent");
  for (const harness::Key& key : harness::LiveFaultShape().keys) {
    add->add_option("--" + std::string(key.name), options->keys[std::string(key.name)],
                    std::string(key.description) + ", as in an exercise file");
  }
  options->add_control.AddTo(*add);
  CLI::App* list = command->add_subcommand("list", "Faults of the run, planned, active and over");
  list->add_flag("--kinds", options->kinds, "What kinds of faults there are, with their settings");
  options->list_control.AddTo(*list);
  CLI::App* clear = command->add_subcommand("clear", "End faults now, and show what a probe finds on their links");
  clear->add_option("FAULT", options->faults, "Their names");
  clear->add_flag("--all", options->all, "Every active one");
  options->clear_control.AddTo(*clear);
  return [options, add, list] {
    if (add->parsed()) return Add(*options);
    return list->parsed() ? List(*options) : Clear(*options);
  };
}

}  // namespace entente::cli
