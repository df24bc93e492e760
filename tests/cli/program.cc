// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/program.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "base/io/system_clock.h"
#include "tests/process/process.h"

namespace entente::program {
namespace {

namespace fs = std::filesystem;

}  // namespace

Scratch::Scratch() : path_(fs::temp_directory_path() / fmt::format("entente-program-{}-{:016x}", getpid(), EntropyNumber())) {
  fs::create_directories(path_);
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string Scratch::File(const std::string& name, std::string_view content) const {
  std::ofstream(path_ / name, std::ios::binary) << content;
  return (path_ / name).string();
}

Outcome RunEntente(const Scratch& scratch, const std::vector<std::string>& arguments,
                   const std::function<void(int pid, const std::string& err)>& while_running) {
  process::Command command{.argv = {ENTENTE_PROGRAM}, .folder = scratch.path().string(), .errors = process::ErrorStream::kPiped};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  process::Process program(command);
  constexpr std::chrono::milliseconds kLookEvery(100);
  while (program.Follow(kLookEvery)) {
    if (while_running) while_running(program.pid(), program.errors());
  }
  return {program.exit_code(), program.output(), program.errors()};
}

}  // namespace entente::program
