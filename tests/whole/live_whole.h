// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs a whole exercise over real sockets, gRPC and threads for a test, with its record and projection in a folder of its own.

#include <filesystem>
#include <string>

#include "harness/assessment/assessment.h"
#include "harness/run/prepared_run.h"

namespace entente::whole {

class LiveWhole {
 public:
  LiveWhole();
  ~LiveWhole();  // removes the folder
  LiveWhole(const LiveWhole&) = delete;
  LiveWhole& operator=(const LiveWhole&) = delete;

  // Once. Fails the test, and gives what there is, when the text is not an exercise or the run breaks.
  harness::Assessment Run(const std::string& yaml, const harness::RunOptions& options) const;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

}  // namespace entente::whole
