// SPDX-License-Identifier: Apache-2.0
#include "harness/run/run_commands.h"

#include <utility>

namespace entente::harness {

Status RunCommands::Post(Command command) {
  const std::lock_guard lock(mutex_);
  if (over_) return Fail(ErrorCode::kUnavailable, "the run is over", {}, "its folder holds what came of it");
  if (waiting_.size() >= kWaiting) {
    return Fail(ErrorCode::kExhausted, std::to_string(kWaiting) + " commands wait already", {}, "try again in a moment");
  }
  waiting_.push_back(std::move(command));
  return {};
}

std::vector<RunCommands::Command> RunCommands::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

void RunCommands::CarryOut(RunDesk& desk, Now now) {
  for (const Command& command : Take()) command(&desk, now);
}

void RunCommands::End(Now now) {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  for (const Command& command : Take()) command(nullptr, now);
}

}  // namespace entente::harness
