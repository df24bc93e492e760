// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <memory>
#include <utility>

#include "harness/cli/commands.h"
#include "harness/cli/control_options.h"
#include "harness/cli/exit_code.h"
#include "harness/exercise/live_plan.h"
#include "harness/exercise/shape.h"

namespace entente::cli {
namespace {

struct InjectOptions {
  ControlOptions control;
  std::string planned;
  std::string name;
  std::map<std::string, std::string> keys;  // of an inject in the exercise file
};

Result<v1::FireInjectRequest> RequestOf(const InjectOptions& options) {
  v1::FireInjectRequest request;
  const std::string mapping = MappingOf(options.keys);
  const bool added = mapping != MappingOf({});
  if (added == !options.planned.empty()) {
    return Fail(ErrorCode::kInvalidArgument, added ? "a planned inject, or one of your own?" : "which inject?", {},
                "name one of the exercise file, or say what is to be done: --node DEU/brigade --chat \"Moving now\"");
  }
  if (!added) {
    request.set_planned(options.planned);
    return request;
  }
  auto inject = harness::ReadLiveInject(mapping, "the inject");
  if (!inject) return std::unexpected(inject.error());
  *request.mutable_added() = *std::move(inject);
  request.mutable_added()->set_id(options.name);
  return request;
}

int Inject(const InjectOptions& options) {
  const auto request = RequestOf(options);
  if (!request) return ControlOptions::Complain(request.error());
  return options.control.Ask(&harness::ControlClient::Stub::FireInject, *request, [&](const v1::FireInjectReply& reply) {
    if (options.control.json()) {
      PrintJson(reply);
    } else {
      fmt::print("{} {} by {}\n", Coloured("fired", "32"), reply.inject(), reply.node());
    }
    return kExitPass;
  });
}

}  // namespace

Command AddInject(CLI::App& program) {
  auto options = std::make_shared<InjectOptions>();
  CLI::App* command = program.add_subcommand("inject", "Fire an inject of a run that is under way: a planned one now, or another");
  command->add_option("INJECT", options->planned, "Name of an inject of the exercise file: now, and not again at its time");
  command->add_option("--name", options->name, "Name of another one; live-1 and so on if absent");
  for (const harness::Key& key : harness::LiveInjectShape().keys) {
    if (key.name == "at") continue;
    // --control is where the run listens.
    const std::string flag = key.name == "control" ? "simulation" : std::string(key.name);
    command->add_option("--" + flag, options->keys[std::string(key.name)],
                        std::string(key.description) + ", as in an exercise file");
  }
  options->control.AddTo(*command);
  return [options] { return Inject(*options); };
}

}  // namespace entente::cli
