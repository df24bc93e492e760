// SPDX-License-Identifier: Apache-2.0
#pragma once

// The `entente` program as a person or a pipeline runs it: started with arguments, waited for, its exit code and what it printed
// kept.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace entente::program {

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

// A folder of the test's own, gone with it; the program runs in it.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // Writes a file and gives its path.
  [[nodiscard]] std::string File(const std::string& name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

// `while_running` is called about ten times a second with the process id and what came on standard error so far.
Outcome RunEntente(const Scratch& scratch, const std::vector<std::string>& arguments,
                   const std::function<void(int pid, const std::string& err)>& while_running = {});

}  // namespace entente::program
