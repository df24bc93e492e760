// SPDX-License-Identifier: Apache-2.0
#pragma once

// What must be true of the access link of a node whose gateway was killed again and again: what its system understood, held against
// what the record says.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace entente::durability {

// What is not as promised, in words; empty when all is well. `understood`: numbers of KillTablet's events over each connection to a
// gateway of `reader`, one connection to each incarnation that attached. The record is closed.
std::vector<std::string> AccessFaults(const std::filesystem::path& record, const std::string& sender, const std::string& reader,
                                      const std::vector<std::vector<std::uint64_t>>& understood);

}  // namespace entente::durability
