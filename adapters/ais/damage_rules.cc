// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/damage_rules.h"

#include <array>
#include <vector>

#include "adapters/ais/damaged_sentences.h"

namespace entente::ais {
namespace {

using adapter::DamageCategory;

constexpr std::array kGaps = {
    adapter::DamageGap{DamageCategory::kOrder, "sentences carry their number, and may come in any order"},
    adapter::DamageGap{DamageCategory::kState, "a feed has neither login nor negotiation"},
    adapter::DamageGap{DamageCategory::kXml, "AIS is binary, in sentences"},
};

}  // namespace

std::span<const adapter::DamageRule> DamageRules() {
  static const std::vector<adapter::DamageRule> rules = [] {
    std::vector<adapter::DamageRule> all;
    for (const auto part : {SentenceDamage(), MessageDamage()}) all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return rules;
}

std::span<const adapter::DamageGap> DamageGaps() {
  return kGaps;
}

}  // namespace entente::ais
