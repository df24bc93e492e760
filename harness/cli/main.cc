// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/stubs/logging.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <utility>
#include <vector>

#include "base/io/log.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"

namespace entente::cli {
namespace {

int Main(int argc, char** argv) {
  CLI::App program{"Entente: exercise message bus and interoperability test harness"};
  program.require_subcommand(1);
  program.footer("Exit codes: 0 pass, 1 fail or leak, 2 usage or exercise file, 3 inconclusive or nothing run, 4 harness error.");
  std::string log_level = "warning";
  program.add_option("--log", log_level, "What to log: debug, info, warning, error, off")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->capture_default_str();

  std::vector<std::pair<CLI::App*, Command>> commands;
  for (auto* add : {AddRun, AddBroker, AddGateway, AddCerts, AddInspect, AddConvert, AddExplain, AddStatus, AddFault, AddInject,
                    AddPause, AddResume, AddStop, AddWatch, AddJudge, AddReplay, AddVerify, AddPull, AddVersion}) {
    Command command = add(program);
    commands.emplace_back(program.get_subcommands({}).back(), std::move(command));
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Asking for help is no mistake.
    return program.exit(error) == 0 ? kExitPass : kExitUsage;
  }
  log::Open(log_level);
  google::protobuf::SetLogHandler(nullptr);  // what a peer spelt wrong is in the record; it must not fill the terminal
  for (const auto& [subcommand, command] : commands) {
    if (subcommand->parsed()) return command();
  }
  return kExitUsage;
}

}  // namespace
}  // namespace entente::cli

int main(int argc, char** argv) {
  try {
    return entente::cli::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "entente: " << error.what() << '\n';
    return entente::cli::kExitHarness;
  }
}
