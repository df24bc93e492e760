// SPDX-License-Identifier: Apache-2.0
#include "tests/performance/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <thread>

#include "base/invariant.h"

namespace entente::performance {
namespace {

constexpr auto kPatience = std::chrono::seconds(15);
constexpr auto kLookEvery = std::chrono::milliseconds(5);

[[noreturn]] void Become(const std::vector<std::string>& argv, const std::string& folder, int output, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(125);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (chdir(folder.c_str()) != 0) _exit(126);
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& argv, const std::string& folder) : name_(argv.front()) {
  std::array<int, 2> pipe{};
  ENTENTE_INVARIANT(pipe2(pipe.data(), O_CLOEXEC) == 0);
  const pid_t parent = getpid();
  pid_ = fork();
  ENTENTE_INVARIANT(pid_ >= 0);
  if (pid_ == 0) Become(argv, folder, pipe[1], parent);
  close(pipe[1]);
  output_ = pipe[0];
  fcntl(output_, F_SETFL, O_NONBLOCK);
}

ChildProcess::~ChildProcess() {
  if (Running()) kill(pid_, SIGTERM);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (Running() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(kLookEvery);
  if (Running()) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(output_);
}

bool ChildProcess::Running() {
  if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) != 0) pid_ = -1;
  return pid_ > 0;
}

Result<std::string> ChildProcess::AwaitLine(const std::string& mark) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    std::array<char, 4096> block{};
    const ssize_t got = read(output_, block.data(), block.size());
    if (got > 0) said_.append(block.data(), static_cast<std::size_t>(got));
    if (const std::size_t at = said_.find(mark); at != std::string::npos) {
      const std::size_t begin = at + mark.size();
      if (const std::size_t end = said_.find('\n', begin); end != std::string::npos) return said_.substr(begin, end - begin);
    }
    if (got == 0) break;
    pollfd output{output_, POLLIN, 0};
    if (got < 0) poll(&output, 1, 100);
  }
  return Fail(ErrorCode::kUnavailable, "it did not say \"" + mark + "\", but: " + said_, name_);
}

Status ChildProcess::AwaitEnd() {
  int status = 0;
  const bool ended_well = pid_ > 0 && waitpid(pid_, &status, 0) == pid_ && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  pid_ = -1;
  if (ended_well) return {};
  std::array<char, 4096> block{};
  const ssize_t got = read(output_, block.data(), block.size());
  return Fail(ErrorCode::kUnavailable, "it failed: " + std::string(block.data(), got > 0 ? static_cast<std::size_t>(got) : 0),
              name_);
}

std::chrono::nanoseconds ChildProcess::CpuTime() const {
  clockid_t clock{};
  timespec used{};
  if (pid_ <= 0 || clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &used) != 0) return {};
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

std::size_t ChildProcess::ResidentOctets() const {
  std::ifstream statm("/proc/" + std::to_string(pid_) + "/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace entente::performance
