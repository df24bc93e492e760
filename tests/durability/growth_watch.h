// SPDX-License-Identifier: Apache-2.0
#pragma once

// The moment in which a file of a folder is written: a broker that is killed then has a message in its record, and has told nobody.

#include <chrono>
#include <filesystem>

#include "tests/process/descriptor.h"

namespace entente::durability {

class GrowthWatch {
 public:
  explicit GrowthWatch(const std::filesystem::path& folder);

  // Returns in it, or after so long.
  void AwaitWriting(std::chrono::milliseconds at_most);

 private:
  process::Descriptor watch_;
};

}  // namespace entente::durability
