// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/damage_rules.h"

#include <array>
#include <vector>

#include "adapters/cot/damaged_event.h"

namespace entente::cot {
namespace {

constexpr std::array kGaps = {
    adapter::DamageGap{adapter::DamageCategory::kChecksum, "neither notation has a checksum"},
};

}  // namespace

std::span<const adapter::DamageRule> DamageRules() {
  static const std::vector<adapter::DamageRule> rules = [] {
    std::vector<adapter::DamageRule> all;
    for (const auto part : {XmlDamage(), EventDamage(), TakDamage()}) all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return rules;
}

std::span<const adapter::DamageGap> DamageGaps() {
  return kGaps;
}

}  // namespace entente::cot
