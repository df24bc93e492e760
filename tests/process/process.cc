// SPDX-License-Identifier: Apache-2.0
#include "tests/process/process.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "base/invariant.h"

extern "C" {  // glibc 2.36 forgot to say so itself
#include <sys/pidfd.h>
}

namespace entente::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What becomes the child's standard streams; -1: it keeps ours.
struct StandardStreams {
  int input;
  int output;
  int errors;
};

[[noreturn]] void GiveUp(const char* what, int exit_code) {
  for (const char* part : {"cannot start ", what, ": ", strerrordesc_np(errno), "\n"}) {
    if (write(STDERR_FILENO, part, strlen(part)) < 0) break;
  }
  _exit(exit_code);
}

// In the child: nothing here may allocate, since other threads may have been in the middle of it.
[[noreturn]] void Become(const Command& command, char* const* argv, const StandardStreams& streams, pid_t parent) {
  if (command.ends_with_thread) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(125);
  }
  if (streams.input >= 0) dup2(streams.input, STDIN_FILENO);
  if (streams.output >= 0) dup2(streams.output, STDOUT_FILENO);
  if (streams.errors >= 0) dup2(streams.errors, STDERR_FILENO);
  if (command.errors == ErrorStream::kWithOutput) dup2(STDOUT_FILENO, STDERR_FILENO);
  close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  for (const int number : command.shared) fcntl(number, F_SETFD, 0);
  if (!command.folder.empty() && chdir(command.folder.c_str()) != 0) GiveUp(command.folder.c_str(), 126);
  execvp(argv[0], argv);
  GiveUp(argv[0], 127);
}

// The end of a pipe that we read.
Descriptor Read(Pipe& pipe) {
  fcntl(pipe.reading.number(), F_SETFL, O_NONBLOCK);
  return std::move(pipe.reading);
}

}  // namespace

Process::Process(const Command& command) {
  std::vector<char*> argv;
  for (const std::string& argument : command.argv) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  Pipe input;
  Pipe output;
  Pipe errors;
  const StandardStreams streams{
      .input = command.input == Stream::kPiped ? input.reading.number() : -1,
      .output = command.output == Stream::kPiped ? output.writing.number() : -1,
      .errors = command.errors == ErrorStream::kPiped ? errors.writing.number() : -1,
  };
  const pid_t parent = getpid();
  pid_ = fork();
  ENTENTE_INVARIANT(pid_ >= 0);
  if (pid_ == 0) Become(command, argv.data(), streams, parent);
  end_ = Descriptor(pidfd_open(pid_, 0));
  ENTENTE_INVARIANT(end_.number() >= 0);
  if (command.input == Stream::kPiped) input_ = std::move(input.writing);
  if (command.output == Stream::kPiped) output_ = Read(output);
  if (command.errors == ErrorStream::kPiped) errors_ = Read(errors);
}

Process::~Process() {
  Signal(SIGKILL);
  Reap();
}

bool Process::Follow(milliseconds at_most) {
  if (pid_ < 0) return false;
  std::array<pollfd, 3> waiting{pollfd{end_.number(), POLLIN, 0}, pollfd{output_.number(), POLLIN, 0},
                                pollfd{errors_.number(), POLLIN, 0}};
  poll(waiting.data(), waiting.size(), static_cast<int>(at_most.count()));
  if (waiting[0].revents != 0) Reap();
  output_.TakeIn(output_text_);
  errors_.TakeIn(errors_text_);
  if (pid_ >= 0) return true;
  output_.Close();
  errors_.Close();
  return false;
}

bool Process::FollowUntil(const std::function<bool()>& done, milliseconds at_most) {
  const auto deadline = steady_clock::now() + at_most;
  while (!done()) {
    const milliseconds left = at_most < milliseconds::zero()
                                  ? kForever
                                  : std::max(milliseconds::zero(), ceil<milliseconds>(deadline - steady_clock::now()));
    if (left == milliseconds::zero()) return false;
    if (!Follow(left)) return done();
  }
  return true;
}

bool Process::AwaitEnd(milliseconds at_most) {
  return FollowUntil([this] { return pid_ < 0; }, at_most);
}

void Process::Signal(int signal) const {
  if (pid_ >= 0) pidfd_send_signal(end_.number(), signal, nullptr, 0);
}

bool Process::Write(std::string_view text) const {
  return write(input_.number(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

void Process::TakeLines(const std::function<void(std::string_view line)>& on_line) {
  const std::string text = std::exchange(output_text_, {});
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    on_line(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
  }
  output_text_ = text.substr(begin);
}

void Process::Reap() {
  if (pid_ < 0) return;
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  pid_ = -1;
}

}  // namespace entente::process
