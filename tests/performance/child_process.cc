// SPDX-License-Identifier: Apache-2.0
#include "tests/performance/child_process.h"

#include <time.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace entente::performance {
namespace {

constexpr std::chrono::seconds kPatience(15);

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& argv, const std::string& folder, const std::vector<int>& shared)
    : name_(argv.front()),
      process_({.argv = argv, .folder = folder, .errors = process::ErrorStream::kWithOutput, .shared = shared}) {}

ChildProcess::~ChildProcess() {
  process_.Signal(SIGTERM);
  process_.AwaitEnd(kPatience);
}

Result<std::string> ChildProcess::AwaitLine(const std::string& mark) {
  std::string found;
  const auto said = [&] {
    const std::string& text = process_.output();
    const std::size_t at = text.find(mark);
    const std::size_t begin = at + mark.size();
    const std::size_t end = at == std::string::npos ? at : text.find('\n', begin);
    if (end == std::string::npos) return false;
    found = text.substr(begin, end - begin);
    return true;
  };
  if (process_.FollowUntil(said, kPatience)) return found;
  return Fail(ErrorCode::kUnavailable, "it did not say \"" + mark + "\", but: " + process_.output(), name_);
}

Status ChildProcess::AwaitEnd() {
  process_.AwaitEnd();
  if (process_.exit_code() == 0) return {};
  return Fail(ErrorCode::kUnavailable, "it failed: " + process_.output(), name_);
}

std::chrono::nanoseconds ChildProcess::CpuTime() const {
  clockid_t clock{};
  timespec used{};
  if (process_.pid() < 0 || clock_getcpuclockid(process_.pid(), &clock) != 0 || clock_gettime(clock, &used) != 0) return {};
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

std::chrono::nanoseconds ChildProcess::CpuTimeOf(std::string_view thread_name) const {
  std::chrono::nanoseconds sum{};
  std::error_code gone;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/" + std::to_string(process_.pid()) + "/task", gone)) {
    std::string name;
    std::getline(std::ifstream(thread.path() / "comm"), name);
    std::int64_t on_cpu_ns = 0;
    if (name == thread_name) std::ifstream(thread.path() / "schedstat") >> on_cpu_ns;
    sum += std::chrono::nanoseconds(on_cpu_ns);
  }
  return sum;
}

std::size_t ChildProcess::ResidentOctets() const {
  std::ifstream statm("/proc/" + std::to_string(process_.pid()) + "/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace entente::performance
