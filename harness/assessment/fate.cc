// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/fate.h"

#include <array>

namespace entente::harness {

std::string_view FateName(Fate fate) {
  constexpr std::array<std::string_view, kFates> kNames = {"understood", "late",        "lost",      "withheld",
                                                           "superseded", "unsupported", "damaged",   "refused",
                                                           "echo",       "unobserved",  "under way", "unexplained"};
  return kNames[static_cast<std::size_t>(fate)];
}

}  // namespace entente::harness
