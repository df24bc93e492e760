// SPDX-License-Identifier: Apache-2.0
#pragma once

// A real third-party program as a test drives it: started with its arguments, its standard output read as lines without waiting,
// told to end by closing its standard input, killed by its pid when the test ends.

#include <string>
#include <string_view>
#include <vector>

#include "tests/process/process.h"

namespace entente::external {

class PeerProcess {
 public:
  // `argv[0]` is the program; `folder` its working directory.
  PeerProcess(const std::vector<std::string>& argv, const std::string& folder);

  // What has come since the start, whole lines only.
  const std::vector<std::string>& Lines();
  // Writes a line to its standard input.
  void Say(const std::string& line);
  // Closes its standard input and waits for it to end; its exit code, as Terminate gives it.
  int End();
  // Kills it at once (SIGKILL), as a crash would.
  void Kill();
  // Asks it to end (SIGTERM), waits, and gives its exit code; 128 + the signal's number if it was killed.
  int Terminate();
  // Waits up to half a minute for a line that starts like this; empty when none came.
  std::string AwaitLine(std::string_view start);
  // The same for so many of them; false when there were fewer.
  bool AwaitLines(std::string_view start, std::size_t count);

 private:
  void KeepLines();

  process::Process process_;
  std::vector<std::string> lines_;
};

}  // namespace entente::external
