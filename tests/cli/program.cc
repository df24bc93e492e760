// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "base/io/system_clock.h"

namespace entente::program {
namespace {

namespace fs = std::filesystem;

// One of the program's outputs, read as it comes.
struct Stream {
  int fd = -1;
  std::string text = {};
  bool open = true;

  void ReadSome() {
    std::array<char, 4096> block{};
    const ssize_t got = read(fd, block.data(), block.size());
    if (got > 0) text.append(block.data(), static_cast<std::size_t>(got));
    if (got == 0) open = false;
  }
};

[[noreturn]] void Become(const fs::path& folder, const std::vector<std::string>& arguments, int out, int err) {
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  if (chdir(folder.c_str()) != 0) _exit(126);
  std::vector<char*> argv{const_cast<char*>(ENTENTE_PROGRAM)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  _exit(127);
}

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
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(err.data(), O_CLOEXEC) != 0) {
    ADD_FAILURE() << "no pipe";
    return {};
  }
  const pid_t pid = fork();
  if (pid == 0) Become(scratch.path(), arguments, out[1], err[1]);
  close(out[1]);
  close(err[1]);
  Stream out_stream{.fd = out[0]};
  Stream err_stream{.fd = err[0]};
  constexpr int kLookEveryMs = 100;
  while (out_stream.open || err_stream.open) {
    std::array<pollfd, 2> waiting{pollfd{out_stream.open ? out_stream.fd : -1, POLLIN, 0},
                                  pollfd{err_stream.open ? err_stream.fd : -1, POLLIN, 0}};
    poll(waiting.data(), waiting.size(), kLookEveryMs);
    if (waiting[0].revents != 0) out_stream.ReadSome();
    if (waiting[1].revents != 0) err_stream.ReadSome();
    if (while_running) while_running(pid, err_stream.text);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  close(out_stream.fd);
  close(err_stream.fd);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), out_stream.text, err_stream.text};
}

}  // namespace entente::program
