// SPDX-License-Identifier: Apache-2.0
#pragma once

// A process that a test or a benchmark starts: how it is started, what it says, how it ends. Everything is waited for by polling
// the pipes and the process itself, never by sleeping. It is killed with this object. Not thread-safe.

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/process/descriptor.h"

namespace entente::process {

enum class Stream { kOurs, kPiped };
enum class ErrorStream { kOurs, kPiped, kWithOutput };

struct Command {
  std::vector<std::string> argv;  // argv[0]: a path, or a name that is looked for on PATH
  std::string folder = {};        // its working directory; empty: ours
  Stream input = Stream::kOurs;
  Stream output = Stream::kPiped;
  ErrorStream errors = ErrorStream::kOurs;
  std::vector<int> shared = {};  // open files of ours that it has, too; all others but the standard streams are closed to it
  bool ends_with_thread = true;  // killed when the thread that starts it ends: with us, whatever becomes of us
};

class Process {
 public:
  static constexpr std::chrono::milliseconds kForever{-1};

  // One that cannot be started says why on its standard error and ends with 127 (126: no such folder).
  explicit Process(const Command& command);
  ~Process();  // SIGKILL
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Waits until it says something or ends, at most so long, and takes in all that it has said. False once it has ended.
  bool Follow(std::chrono::milliseconds at_most = kForever);
  // Follows it until this is so; false if it ends, or so much time passes, without.
  bool FollowUntil(const std::function<bool()>& done, std::chrono::milliseconds at_most = kForever);
  // Follows it to its end; false if that takes longer.
  bool AwaitEnd(std::chrono::milliseconds at_most = kForever);
  void Signal(int signal) const;
  // To its standard input; false if it does not take it.
  [[nodiscard]] bool Write(std::string_view text) const;
  void CloseInput() { input_.Close(); }

  // Hands on the whole lines of its output that were taken in, and forgets them.
  void TakeLines(const std::function<void(std::string_view line)>& on_line);
  // What was taken in.
  [[nodiscard]] const std::string& output() const { return output_text_; }
  [[nodiscard]] const std::string& errors() const { return errors_text_; }
  // To be polled together with others'; -1 once its output has ended.
  [[nodiscard]] int output_descriptor() const { return output_.number(); }
  // Of a process that has not ended.
  [[nodiscard]] pid_t pid() const { return pid_; }
  // Of one that has; 128 + the signal's number if it was killed.
  [[nodiscard]] int exit_code() const { return exit_code_; }

 private:
  void Reap();

  pid_t pid_ = -1;
  int exit_code_ = -1;
  Descriptor end_;  // readable once it has ended
  Descriptor input_;
  Descriptor output_;
  Descriptor errors_;
  std::string output_text_;
  std::string errors_text_;
};

}  // namespace entente::process
