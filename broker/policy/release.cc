// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/release.h"

#include <algorithm>

#include "broker/policy/label_algebra.h"
#include "broker/policy/label_mapping.h"

namespace entente::broker {
namespace {

constexpr Decision Withhold(std::string_view why) {
  return {false, why};
}

bool Holds(const std::set<std::string, std::less<>>& held, std::string_view tag, std::string_view value) {
  std::string key(tag);
  key += '/';
  key += value;
  return held.contains(key);
}

}  // namespace

PolicyGuard::PolicyGuard(const v1::ExercisePolicy& policy) {
  mappings_.set_name(policy.name());
  *mappings_.mutable_mappings() = policy.mappings();
  for (const v1::CategoryPolicy& entry : policy.categories()) {
    const auto [known, added] =
        categories_.try_emplace(entry.tag(), Declared{entry.type(), {entry.values().begin(), entry.values().end()}});
    if (!added) known->second.type = v1::CATEGORY_TYPE_UNSPECIFIED;
  }
  // A classification listed twice has the higher level, a nation listed twice the lower clearance and only what both hold.
  for (int level = 0; level < policy.classifications_size(); ++level) levels_[policy.classifications(level)] = level;
  for (const v1::NationPolicy& entry : policy.nations()) {
    Nation nation;
    if (const auto level = levels_.find(entry.clearance()); level != levels_.end()) nation.clearance = level->second;
    nation.held.insert(entry.restrictive_held().begin(), entry.restrictive_held().end());
    const auto [known, added] = nations_.try_emplace(entry.nation(), nation);
    if (added) continue;
    known->second.clearance = std::min(known->second.clearance, nation.clearance);
    std::erase_if(known->second.held, [&](const std::string& value) { return !nation.held.contains(value); });
  }
  for (const v1::Community& community : policy.communities()) {
    std::set<std::string, std::less<>> members(community.nations().begin(), community.nations().end());
    const auto [known, added] = communities_.try_emplace(community.name(), members);
    if (!added) std::erase_if(known->second, [&](const std::string& nation) { return !members.contains(nation); });
  }
}

bool PolicyGuard::Means(std::string_view releasable_to, std::string_view nation_code) const {
  if (releasable_to == nation_code) return true;
  const auto community = communities_.find(releasable_to);
  return community != communities_.end() && community->second.contains(nation_code);
}

Decision PolicyGuard::JudgeCategory(const v1::LabelCategory& category, std::string_view nation_code, const Nation& nation) const {
  const auto holds = [&](const std::string& value) { return Holds(nation.held, category.tag(), value); };
  const auto means = [&](const std::string& value) { return Means(value, nation_code); };
  switch (category.type()) {
    case v1::CATEGORY_TYPE_INFORMATIVE:
      return {true, reason::kReleased};
    case v1::CATEGORY_TYPE_RESTRICTIVE:
      if (std::ranges::all_of(category.values(), holds)) return {true, reason::kReleased};
      return Withhold(reason::kRestrictiveNotHeld);
    case v1::CATEGORY_TYPE_PERMISSIVE:
      if (category.tag() == kReleasableTo) {
        if (std::ranges::any_of(category.values(), means)) return {true, reason::kReleased};
        return Withhold(reason::kNotReleasableTo);
      }
      if (std::ranges::any_of(category.values(), holds)) return {true, reason::kReleased};
      return Withhold(reason::kPermissiveNotHeld);
    default:
      return Withhold(reason::kUntypedCategory);
  }
}

Decision PolicyGuard::Decide(const v1::Label* label, std::string_view origin_nation, std::string_view recipient_nation) const {
  if (!origin_nation.empty() && origin_nation == recipient_nation) return {true, reason::kOwnNation};
  if (label == nullptr) return Withhold(reason::kNoLabel);
  if (label->policy() == mappings_.name()) return DecideMapped(*label, recipient_nation);
  const bool known = std::ranges::any_of(mappings_.mappings(), [&](const auto& each) { return each.policy() == label->policy(); });
  if (!known) return Withhold(reason::kOtherPolicy);
  const auto mapped = MapLabel(mappings_, *label);
  return mapped ? DecideMapped(*mapped, recipient_nation) : Withhold(reason::kNotMapped);
}

bool PolicyGuard::IsDeclared(const v1::LabelCategory& category) const {
  if (categories_.empty()) return true;
  const auto declared = categories_.find(category.tag());
  if (declared == categories_.end() || declared->second.type != category.type()) return false;
  const auto& values = declared->second.values;
  return values.empty() || std::ranges::all_of(category.values(), [&](const std::string& value) { return values.contains(value); });
}

Decision PolicyGuard::DecideMapped(const v1::Label& label, std::string_view recipient_nation) const {
  const auto level = levels_.find(label.classification());
  if (level == levels_.end()) return Withhold(reason::kUnknownClassification);
  const auto undeclared = [this](const v1::LabelCategory& category) { return !IsDeclared(category); };
  if (std::ranges::any_of(label.categories(), undeclared)) return Withhold(reason::kUndeclaredCategory);
  const auto nation = nations_.find(recipient_nation);
  if (nation == nations_.end()) return Withhold(reason::kUnknownNation);
  if (nation->second.clearance < level->second) return Withhold(reason::kAboveClearance);
  for (const v1::LabelCategory& category : label.categories()) {
    const Decision decision = JudgeCategory(category, recipient_nation, nation->second);
    if (!decision.released) return decision;
  }
  return {true, reason::kReleased};
}

Decision ReleaseAllGuard::Decide(const v1::Label*, std::string_view, std::string_view) const {
  return {true, reason::kNoGuard};
}

bool MayEgressUnlabelled(const v1::ExercisePolicy& policy, const v1::Label* label, std::string_view node) {
  if (label == nullptr || policy.unlabelled_egress_up_to().empty()) return false;
  const auto& nodes = policy.unlabelled_egress_nodes();
  if (!nodes.empty() && std::ranges::find(nodes, node) == nodes.end()) return false;
  std::optional<v1::Label> mapped;
  if (label->policy() != policy.name()) {
    mapped = MapLabel(policy, *label);
    if (!mapped) return false;
    label = &*mapped;
  }
  const auto limit = LevelOf(policy, policy.unlabelled_egress_up_to());
  const auto level = LevelOf(policy, label->classification());
  return limit.has_value() && level.has_value() && *level <= *limit;
}

}  // namespace entente::broker
