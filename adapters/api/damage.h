// SPDX-License-Identifier: Apache-2.0
#pragma once

// Protocol-aware malformed traffic: one rule of the standard broken in an otherwise right unit, with lengths and checksums
// repaired, so that the broken rule is what the receiver meets.

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/prng.h"

namespace entente::adapter {

enum class Reaction {
  kRefused,    // a right decoder refuses the unit
  kTolerated,  // a right decoder understands it, with a finding
};

struct DamageRule {
  std::string_view id;           // "dis.length-beyond-datagram": "<protocol>.<what>"
  std::string_view clause;       // standard and clause that it breaks
  std::string_view description;  // "the length field is larger than the datagram"
  Reaction expected = Reaction::kRefused;
  // A right unit in, the damaged one out; std::nullopt when the rule does not apply to this unit.
  std::optional<Bytes> (*apply)(ByteView unit, Prng& prng) = nullptr;
};

// Structure-blind mutation, for any protocol: flips, removes, repeats or inserts octets at random. Never gives the unit back
// unchanged unless it is empty.
Bytes Mutate(ByteView unit, Prng& prng);

}  // namespace entente::adapter
