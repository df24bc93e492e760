// SPDX-License-Identifier: Apache-2.0
#pragma once

// How each system took each damage rule: one verdict per rule, system and direction, worst of its units.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/record.pb.h"

namespace entente::harness {

// From good to bad. Survival means that the next right message passes within the time that the exercise's survival expectation
// sets, or within kSurvivalWithin where it has none.
enum class Reception {
  kRejected,         // refused, with a reason, and went on
  kTolerated,        // understood, as the rule allows, and went on
  kIgnored,          // neither refused nor understood, and went on
  kUnseen,           // nothing right followed that can be observed
  kAccepted,         // understood, though the rule demands a refusal
  kDisturbedOthers,  // another node lost its connection
  kStopped,          // the next right message did not pass in time
};
inline constexpr std::int64_t kSurvivalWithinNs = 10'000'000'000;

// "rejected cleanly", "tolerated", "ignored and survived", "nothing followed", "accepted although wrong", "disturbed others",
// "stopped working".
std::string_view ReceptionName(Reception reception);
// Whether a sound system takes malformed units so.
bool IsSound(Reception reception);

struct ReceptionSummary {
  std::string rule;    // "mutation": no rule, blind
  std::string clause;  // empty with "mutation"
  std::string expected;
  std::string node;
  v1::Direction direction = v1::DIRECTION_UNSPECIFIED;  // to the node: its system took it; to the gateway: ours did
  Reception reception = Reception::kUnseen;             // the worst
  std::string reason;                                   // why, where it is not sound
  std::uint64_t units = 0;
  std::uint64_t refused = 0;
  std::uint64_t understood = 0;
  std::uint64_t survived = 0;  // units after which the next right message passed in time
};

class FoldState;
class SequelBook;

// Sorted by rule, node and direction. `sequels` is closed.
std::vector<ReceptionSummary> JudgeReceptions(const FoldState& state, const SequelBook& sequels);

}  // namespace entente::harness
