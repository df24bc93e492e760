// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/label_algebra.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace entente::broker {
namespace {

using Values = std::set<std::string>;
// Ordered by tag, then type. A category that stands twice in one label acts twice: for restrictive ones that is the union; for
// permissive ones the intersection is at least as strict.
using Categories = std::map<std::pair<std::string, v1::CategoryType>, Values>;

Values Intersection(const Values& a, const Values& b) {
  Values both;
  std::ranges::set_intersection(a, b, std::inserter(both, both.end()));
  return both;
}

void Merge(Categories& categories, const std::pair<std::string, v1::CategoryType>& key, const Values& values) {
  const auto [known, added] = categories.try_emplace(key, values);
  if (added) return;
  if (key.second == v1::CATEGORY_TYPE_PERMISSIVE) {
    known->second = Intersection(known->second, values);
  } else {
    known->second.insert(values.begin(), values.end());
  }
}

Categories CategoriesOf(const v1::Label& label) {
  Categories categories;
  for (const v1::LabelCategory& category : label.categories()) {
    Merge(categories, {category.tag(), category.type()}, Values(category.values().begin(), category.values().end()));
  }
  return categories;
}

bool Known(const v1::ExercisePolicy& policy, const v1::Label& label) {
  return label.policy() == policy.name() && LevelOf(policy, label.classification()).has_value();
}

bool IsSubset(const google::protobuf::RepeatedPtrField<std::string>& part,
              const google::protobuf::RepeatedPtrField<std::string>& whole) {
  return std::ranges::all_of(part, [&](const std::string& value) { return std::ranges::find(whole, value) != whole.end(); });
}

bool DemandsAsMuch(const v1::Label& upper, const v1::LabelCategory& demand) {
  const auto same = [&](const v1::LabelCategory& c) { return c.tag() == demand.tag() && c.type() == demand.type(); };
  const auto any = [&](auto&& fits) { return std::ranges::any_of(upper.categories(), fits); };
  switch (demand.type()) {
    case v1::CATEGORY_TYPE_INFORMATIVE:
      return true;
    case v1::CATEGORY_TYPE_RESTRICTIVE:
      return std::ranges::all_of(demand.values(), [&](const std::string& value) {
        return any([&](const v1::LabelCategory& c) { return same(c) && std::ranges::find(c.values(), value) != c.values().end(); });
      });
    case v1::CATEGORY_TYPE_PERMISSIVE:
      // Not against the intersection: of a tag that stands twice, each must be matched, since each acts on its own.
      return any([&](const v1::LabelCategory& c) { return same(c) && IsSubset(c.values(), demand.values()); });
    default:
      return any(same);  // nobody passes either, however many values it has
  }
}

}  // namespace

std::optional<int> LevelOf(const v1::ExercisePolicy& policy, std::string_view classification) {
  // From the top, so that a classification listed twice has its higher level.
  for (int level = policy.classifications_size(); level-- > 0;) {
    if (policy.classifications(level) == classification) return level;
  }
  return std::nullopt;
}

bool Dominates(const v1::ExercisePolicy& policy, const v1::Label& upper, const v1::Label& lower) {
  if (!Known(policy, upper) || !Known(policy, lower)) return false;
  return *LevelOf(policy, upper.classification()) >= *LevelOf(policy, lower.classification()) &&
         std::ranges::all_of(lower.categories(), [&](const v1::LabelCategory& demand) { return DemandsAsMuch(upper, demand); });
}

std::optional<v1::Label> Combine(const v1::ExercisePolicy& policy, const v1::Label& a, const v1::Label& b) {
  if (!Known(policy, a) || !Known(policy, b)) return std::nullopt;
  v1::Label combined;
  combined.set_policy(policy.name());
  combined.set_classification(
      policy.classifications(std::max(*LevelOf(policy, a.classification()), *LevelOf(policy, b.classification()))));
  Categories categories = CategoriesOf(a);
  for (const auto& [key, values] : CategoriesOf(b)) Merge(categories, key, values);
  for (const auto& [key, values] : categories) {
    v1::LabelCategory& category = *combined.add_categories();
    category.set_tag(key.first);
    category.set_type(key.second);
    for (const std::string& value : values) category.add_values(value);
  }
  return combined;
}

}  // namespace entente::broker
