// SPDX-License-Identifier: Apache-2.0
#pragma once

// What became of one message towards one recipient node. Every pair ends in one of these, with a reason.

#include <string_view>

namespace entente::harness {

enum class Fate {
  kUnderstood,
  kLate,         // understood, but after its stale time or after what an expectation allows
  kLost,         // on a link, by a queue's limit, by a system that does not speak or did not decode
  kWithheld,     // by the release guard
  kSuperseded,   // a later unit replaced it
  kUnsupported,  // one of the protocols cannot say it, and declared so
  kDamaged,      // on purpose, by a damage fault
  kRefused,      // by a decoder or the broker
  kEcho,         // the node's own message
  kUnobserved,   // sent, and what an external system or a recording understood cannot be seen
  kUnderWay,     // too young at the end of the run to be anything else
  kUnexplained,  // nothing in the record says why: an error of ours
};
inline constexpr int kFates = 12;

// "understood", "late", "lost", ...
std::string_view FateName(Fate fate);

}  // namespace entente::harness
