// SPDX-License-Identifier: Apache-2.0
#include "tests/external/peer_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace entente::external {
namespace {

[[noreturn]] void Become(const std::vector<std::string>& argv, const std::string& folder, int input, int output) {
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  close_range(STDERR_FILENO + 1, ~0U, 0);  // the test's sockets are not the child's
  if (chdir(folder.c_str()) != 0) _exit(126);
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

PeerProcess::PeerProcess(const std::vector<std::string>& argv, const std::string& folder) {
  std::array<int, 2> to_child{};
  std::array<int, 2> from_child{};
  if (pipe2(to_child.data(), O_CLOEXEC) != 0 || pipe2(from_child.data(), O_CLOEXEC) != 0) {
    ADD_FAILURE() << "no pipe for " << argv.front();
    return;
  }
  pid_ = fork();
  if (pid_ == 0) Become(argv, folder, to_child[0], from_child[1]);
  EXPECT_GT(pid_, 0) << "cannot start " << argv.front();
  close(to_child[0]);
  close(from_child[1]);
  input_ = to_child[1];
  output_ = from_child[0];
  fcntl(output_, F_SETFL, O_NONBLOCK);
}

PeerProcess::~PeerProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (input_ >= 0) close(input_);
  if (output_ >= 0) close(output_);
}

const std::vector<std::string>& PeerProcess::Lines() {
  ReadAvailable();
  return lines_;
}

void PeerProcess::Say(const std::string& line) {
  const std::string octets = line + '\n';
  EXPECT_EQ(write(input_, octets.data(), octets.size()), static_cast<ssize_t>(octets.size()));
}

int PeerProcess::End() {
  if (pid_ <= 0) return 0;
  close(input_);
  input_ = -1;
  return AwaitEnd();
}

void PeerProcess::Kill() {
  kill(pid_, SIGKILL);
  AwaitEnd();
}

int PeerProcess::Terminate() {
  kill(pid_, SIGTERM);
  return AwaitEnd();
}

// Reads on meanwhile, since a process that nobody hears may never end.
int PeerProcess::AwaitEnd() {
  constexpr int kLookEveryMs = 100;
  int status = 0;
  for (pollfd output{output_, POLLIN, 0}; poll(&output, 1, kLookEveryMs) == 0 || (output.revents & POLLIN) != 0;) ReadAvailable();
  waitpid(pid_, &status, 0);
  pid_ = -1;
  ReadAvailable();
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string PeerProcess::AwaitLine(std::string_view start) {
  AwaitLines(start, 1);
  const auto line = std::ranges::find_if(lines_, [&](const std::string& each) { return each.starts_with(start); });
  return line == lines_.end() ? std::string() : *line;
}

bool PeerProcess::AwaitLines(std::string_view start, std::size_t count) {
  constexpr int kLooks = 300;
  constexpr int kLookEveryMs = 100;
  const auto enough = [&] {
    const auto found = std::ranges::count_if(Lines(), [&](const std::string& line) { return line.starts_with(start); });
    return static_cast<std::size_t>(found) >= count;
  };
  for (int look = 0; look < kLooks; ++look) {
    if (enough()) return true;
    pollfd output{output_, POLLIN, 0};
    if (poll(&output, 1, kLookEveryMs) > 0 && (output.revents & POLLIN) == 0) break;
  }
  return enough();
}

void PeerProcess::ReadAvailable() {
  std::array<char, 4096> block{};
  for (ssize_t got = read(output_, block.data(), block.size()); got > 0; got = read(output_, block.data(), block.size())) {
    partial_.append(block.data(), static_cast<std::size_t>(got));
  }
  for (std::size_t end = partial_.find('\n'); end != std::string::npos; end = partial_.find('\n')) {
    lines_.push_back(partial_.substr(0, end));
    partial_.erase(0, end + 1);
  }
}

}  // namespace entente::external
