// SPDX-License-Identifier: Apache-2.0
#pragma once

// One function per verb: adds the subcommand and its options to the program; the returned callable runs it and gives the exit code.

#include <CLI/CLI.hpp>
#include <functional>

namespace entente::cli {

using Command = std::function<int()>;

Command AddRun(CLI::App& program);
Command AddBroker(CLI::App& program);
Command AddCerts(CLI::App& program);
Command AddFault(CLI::App& program);
Command AddGateway(CLI::App& program);
Command AddInject(CLI::App& program);
Command AddInspect(CLI::App& program);
Command AddConvert(CLI::App& program);
Command AddExplain(CLI::App& program);
Command AddJudge(CLI::App& program);
Command AddReplay(CLI::App& program);
Command AddVerify(CLI::App& program);
Command AddPull(CLI::App& program);
Command AddStatus(CLI::App& program);
Command AddPause(CLI::App& program);
Command AddResume(CLI::App& program);
Command AddStop(CLI::App& program);
Command AddVersion(CLI::App& program);
Command AddWatch(CLI::App& program);

}  // namespace entente::cli
