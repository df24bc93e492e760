// SPDX-License-Identifier: Apache-2.0
#pragma once

// A process that a test starts, reads line by line, and kills with no warning. What it wrote before its end is read to the last
// octet. It dies with the test.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/process/process.h"

namespace entente::durability {

class WatchedProcess {
 public:
  using OnLine = std::function<void(std::string_view line)>;

  // `argv[0]` is the program's path; standard error is the test's own.
  WatchedProcess(const std::vector<std::string>& argv, OnLine on_line);
  ~WatchedProcess();  // as Kill
  WatchedProcess(const WatchedProcess&) = delete;
  WatchedProcess& operator=(const WatchedProcess&) = delete;

  // For people: how it was started.
  [[nodiscard]] const std::string& name() const { return name_; }
  // To be polled for input; -1 once its output has ended.
  [[nodiscard]] int output() const { return process_.output_descriptor(); }
  // What is there now, or will be next.
  void Read();
  // SIGKILL, then the rest of its lines.
  void Kill();
  // SIGTERM, then the rest of its lines; its exit code, or 128 and the signal's number.
  int Terminate();

 private:
  int End(int signal);

  const std::string name_;
  OnLine on_line_;
  process::Process process_;
};

}  // namespace entente::durability
