// SPDX-License-Identifier: Apache-2.0
#include "tests/durability/watched_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "base/invariant.h"

namespace entente::durability {

WatchedProcess::WatchedProcess(const std::vector<std::string>& argv, OnLine on_line) : on_line_(std::move(on_line)) {
  std::array<int, 2> ends{};
  ENTENTE_INVARIANT(pipe2(ends.data(), O_CLOEXEC) == 0);
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_ = fork();
  ENTENTE_INVARIANT(pid_ >= 0);
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(ends[1], STDOUT_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  close(ends[1]);
  output_ = ends[0];
}

WatchedProcess::~WatchedProcess() {
  Kill();
}

void WatchedProcess::Read() {
  std::array<char, 64 * 1024> block{};
  const ssize_t got = read(output_, block.data(), block.size());
  if (got <= 0) {
    close(output_);
    output_ = -1;
    return;
  }
  partial_.append(block.data(), static_cast<std::size_t>(got));
  std::size_t begin = 0;
  for (std::size_t end = partial_.find('\n'); end != std::string::npos; end = partial_.find('\n', begin)) {
    on_line_(std::string_view(partial_).substr(begin, end - begin));
    begin = end + 1;
  }
  partial_.erase(0, begin);
}

void WatchedProcess::Kill() {
  End(SIGKILL);
}

int WatchedProcess::Terminate() {
  return End(SIGTERM);
}

int WatchedProcess::End(int signal) {
  if (pid_ < 0) return 0;
  kill(pid_, signal);
  while (output_ >= 0) Read();
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace entente::durability
