// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/damage.h"

#include <algorithm>

namespace entente::adapter {
namespace {

enum class Mutation { kFlipBit, kReplaceOctet, kRemoveRun, kRepeatRun, kInsertOctet, kCutTail };
constexpr std::uint64_t kMutations = 6;
constexpr std::size_t kLongestRun = 16;

void MutateOnce(Bytes& unit, Prng& prng) {
  const std::size_t at = prng.Below(unit.size());
  const std::size_t run = std::min<std::size_t>(1 + prng.Below(kLongestRun), unit.size() - at);
  const auto here = unit.begin() + static_cast<std::ptrdiff_t>(at);
  switch (static_cast<Mutation>(prng.Below(kMutations))) {
    case Mutation::kFlipBit:
      unit[at] = static_cast<std::uint8_t>(unit[at] ^ 1U << prng.Below(8));
      break;
    case Mutation::kReplaceOctet:
      unit[at] = static_cast<std::uint8_t>(prng.Next());
      break;
    case Mutation::kRemoveRun:
      if (run < unit.size()) unit.erase(here, here + static_cast<std::ptrdiff_t>(run));
      break;
    case Mutation::kRepeatRun: {
      const Bytes repeated(here, here + static_cast<std::ptrdiff_t>(run));
      unit.insert(here, repeated.begin(), repeated.end());
      break;
    }
    case Mutation::kInsertOctet:
      unit.insert(here, static_cast<std::uint8_t>(prng.Next()));
      break;
    case Mutation::kCutTail:
      if (at > 0) unit.resize(at);
      break;
  }
}

// A section itself, or one below it: "§3.1" is below "§3".
bool IsWithin(std::string_view clause, std::string_view section) {
  return clause == section || (clause.starts_with(section) && clause[section.size()] == '.');
}

}  // namespace

std::string_view CategoryName(DamageCategory category) {
  switch (category) {
    case DamageCategory::kFraming:
      return "framing";
    case DamageCategory::kLength:
      return "length";
    case DamageCategory::kCount:
      return "count";
    case DamageCategory::kEnumeration:
      return "enumeration";
    case DamageCategory::kRange:
      return "range";
    case DamageCategory::kMissing:
      return "missing";
    case DamageCategory::kRepeated:
      return "repeated";
    case DamageCategory::kOrder:
      return "order";
    case DamageCategory::kEncoding:
      return "encoding";
    case DamageCategory::kChecksum:
      return "checksum";
    case DamageCategory::kState:
      return "state";
    case DamageCategory::kTime:
      return "time";
    case DamageCategory::kIdentity:
      return "identity";
    case DamageCategory::kXml:
      return "xml";
  }
  return "unknown";
}

std::string_view ReactionName(Reaction reaction) {
  return reaction == Reaction::kRefused ? "refused" : "tolerated";
}

bool NamesClause(std::string_view rule_clause, std::string_view clause, std::string_view field) {
  if (IsWithin(clause, rule_clause)) return true;
  const std::size_t comma = rule_clause.rfind(", ");
  return comma != std::string_view::npos && rule_clause.substr(comma + 2) == field &&
         IsWithin(clause, rule_clause.substr(0, comma));
}

Bytes Mutate(ByteView unit, Prng& prng) {
  Bytes mutated = ToBytes(unit);
  if (mutated.empty()) return mutated;
  do {
    for (std::uint64_t times = 1 + prng.Below(3); times > 0 && !mutated.empty(); --times) MutateOnce(mutated, prng);
  } while (std::ranges::equal(mutated, unit));
  return mutated;
}

}  // namespace entente::adapter
