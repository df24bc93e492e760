// SPDX-License-Identifier: Apache-2.0
#include "tests/durability/watched_process.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <csignal>
#include <utility>

namespace entente::durability {

WatchedProcess::WatchedProcess(const std::vector<std::string>& argv, OnLine on_line)
    : name_(fmt::format("{}", fmt::join(argv, " "))), on_line_(std::move(on_line)), process_({.argv = argv}) {}

WatchedProcess::~WatchedProcess() {
  Kill();
}

void WatchedProcess::Read() {
  process_.Follow();
  process_.TakeLines(on_line_);
}

void WatchedProcess::Kill() {
  End(SIGKILL);
}

int WatchedProcess::Terminate() {
  return End(SIGTERM);
}

int WatchedProcess::End(int signal) {
  process_.Signal(signal);
  process_.AwaitEnd();
  process_.TakeLines(on_line_);
  return process_.exit_code();
}

}  // namespace entente::durability
