// SPDX-License-Identifier: Apache-2.0
#pragma once

// Protocol-aware malformed traffic: one rule of the standard broken in an otherwise right unit, with lengths and checksums
// repaired, so that the broken rule is what the receiver meets.

#include <array>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/prng.h"

namespace entente::adapter {

enum class Reaction {
  kRefused,    // a right decoder refuses the unit
  kTolerated,  // a right decoder understands it, with a finding
};

// What kind of rule is broken.
enum class DamageCategory {
  kFraming,      // where a unit begins and ends
  kLength,       // a length said or demanded, and the octets that are there
  kCount,        // a number of parts said, and the parts that are there
  kEnumeration,  // a code that the standard's table does not have
  kRange,        // a value beyond its bounds
  kMissing,      // a mandatory part left out
  kRepeated,     // a part that may stand once stands twice
  kOrder,        // parts in another order than the standard's
  kEncoding,     // characters or number formats that the notation does not allow
  kChecksum,     // a checksum wrong or left out
  kState,        // not at this time of the session: before it was agreed, or of another version than agreed
  kTime,         // stale, future, wrapped or impossible times
  kIdentity,     // forged, reused or impossible identities
  kXml,          // attacks on XML parsers: entities, external references, depth, namespaces
};
inline constexpr std::array kDamageCategories = {DamageCategory::kFraming,     DamageCategory::kLength, DamageCategory::kCount,
                                                 DamageCategory::kEnumeration, DamageCategory::kRange,  DamageCategory::kMissing,
                                                 DamageCategory::kRepeated,    DamageCategory::kOrder,  DamageCategory::kEncoding,
                                                 DamageCategory::kChecksum,    DamageCategory::kState,  DamageCategory::kTime,
                                                 DamageCategory::kIdentity,    DamageCategory::kXml};

// "framing", "length", ...
std::string_view CategoryName(DamageCategory category);
// "refused", "tolerated".
std::string_view ReactionName(Reaction reaction);

struct DamageRule {
  std::string_view id;  // "dis.length-beyond-datagram": "<protocol>.<what>"
  DamageCategory category = DamageCategory::kFraming;
  // The standard and clause that it breaks, and behind a comma the field, where the clause has several: "CoT Base-Event Schema 2.0,
  // lat". What refuses or remarks on the unit names the same (NamesClause).
  std::string_view clause;
  std::string_view description;  // "the length field is larger than the datagram"
  Reaction expected = Reaction::kRefused;
  // A right unit in, the damaged one out; std::nullopt when the rule does not apply to this unit. The same unit and random numbers
  // give the same octets.
  std::optional<Bytes> (*apply)(ByteView unit, Prng& prng) = nullptr;
};

// A category in which the protocol has no rule to break.
struct DamageGap {
  DamageCategory category = DamageCategory::kFraming;
  std::string_view why;
};

// Whether an error or finding with this clause and field is about the clause of a rule: the same clause or a subsection of it, and
// the same field where the rule names one.
bool NamesClause(std::string_view rule_clause, std::string_view clause, std::string_view field);

// Structure-blind mutation, for any protocol: flips, removes, repeats or inserts octets at random. Never gives the unit back
// unchanged unless it is empty.
Bytes Mutate(ByteView unit, Prng& prng);

}  // namespace entente::adapter
