// SPDX-License-Identifier: Apache-2.0
#pragma once

// A process of a measurement: started with its arguments, its output read until the line that says where it listens, its CPU time
// read while it runs, ended when this is destroyed. It dies with the driver.

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"
#include "tests/process/process.h"

namespace entente::performance {

class ChildProcess {
 public:
  // `argv[0]` is the program's path; `folder` its working directory; `shared` open files of ours that it has, too.
  ChildProcess(const std::vector<std::string>& argv, const std::string& folder, const std::vector<int>& shared = {});
  // Asks it to end (SIGTERM) and waits; one that does not is killed.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // What follows `mark` in a line of its output; an error with the output when it ended or said nothing in time.
  Result<std::string> AwaitLine(const std::string& mark);
  // Waits until it ends by itself, well.
  Status AwaitEnd();
  // User and system time of all its threads so far.
  [[nodiscard]] std::chrono::nanoseconds CpuTime() const;
  // Of its threads of this name, from /proc.
  [[nodiscard]] std::chrono::nanoseconds CpuTimeOf(std::string_view thread_name) const;
  // Resident memory, from /proc.
  [[nodiscard]] std::size_t ResidentOctets() const;

 private:
  std::string name_;
  process::Process process_;
};

}  // namespace entente::performance
