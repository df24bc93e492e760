// SPDX-License-Identifier: Apache-2.0
#include "tests/malformed/broken_unit.h"

#include "adapters/api/sample_messages.h"

namespace entente::adapter {
namespace {

constexpr std::uint64_t kSeed = 20260314;
constexpr std::size_t kUnitsOfARule = 6;

struct RightUnit {
  std::string_view form;
  Bytes octets;
};

void AddUnits(const AdapterInfo& info, const NodeOptions& options, std::vector<RightUnit>& units) {
  for (const Form& form : info.forms) {
    for (const Sample& sample : SampleMessages(ParseUtc("2026-03-14T15:09:26.5Z")->time)) {
      HashedObjectIds ids;
      const auto encoded = info.codec->Encode(sample.message, {form.name, options, ids});
      if (!encoded) continue;
      for (const SharedBytes& unit : encoded->units) units.push_back({form.name, *unit});
    }
  }
}

// What a node with default options says first.
std::vector<RightUnit> RightUnits(const AdapterInfo& info) {
  std::vector<RightUnit> units;
  AddUnits(info, NodeOptions::Defaults(info.node_options), units);
  for (const NodeOptions& options : EachOtherChoice(info.node_options)) AddUnits(info, options, units);
  return units;
}

}  // namespace

std::vector<BrokenRule> BreakEachRule(const AdapterInfo& info) {
  const std::vector<RightUnit> right = RightUnits(info);
  std::vector<BrokenRule> broken;
  for (const DamageRule& rule : info.damage_rules) {
    BrokenRule& units = broken.emplace_back(&rule, std::vector<BrokenUnit>{});
    for (std::size_t i = 0; i < right.size() && units.units.size() < kUnitsOfARule; ++i) {
      Prng prng = Prng::Derive(kSeed, {rule.id}, i);
      if (auto damaged = rule.apply(right[i].octets, prng)) units.units.push_back({right[i].form, right[i].octets, *damaged});
    }
  }
  return broken;
}

}  // namespace entente::adapter
