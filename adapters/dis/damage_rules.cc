// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/damage_rules.h"

#include <vector>

#include "adapters/dis/damaged_pdu.h"

namespace entente::dis {
namespace {

using adapter::DamageCategory;

constexpr std::array kGaps = {
    adapter::DamageGap{DamageCategory::kRepeated, "a PDU's parts lie at fixed places, none can stand twice"},
    adapter::DamageGap{DamageCategory::kOrder, "a PDU's parts lie at fixed places, and datagrams have no order"},
    adapter::DamageGap{DamageCategory::kChecksum, "DIS has none; UDP's is made by the network stack"},
    adapter::DamageGap{DamageCategory::kXml, "DIS is binary"},
};

}  // namespace

std::span<const adapter::DamageRule> DamageRules() {
  static const std::vector<adapter::DamageRule> rules = [] {
    std::vector<adapter::DamageRule> all;
    for (const auto part : {HeaderDamage(), StateDamage(), InteractionDamage()}) all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return rules;
}

std::span<const adapter::DamageGap> DamageGaps() {
  return kGaps;
}

}  // namespace entente::dis
