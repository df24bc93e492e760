// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/label_mapping.h"

#include <algorithm>
#include <string>

namespace entente::broker {
namespace {

// nullptr: not named, or named twice with different meanings.
const std::string* Find(const google::protobuf::RepeatedPtrField<v1::ValueMapping>& values, const std::string& from) {
  const std::string* found = nullptr;
  for (const v1::ValueMapping& value : values) {
    if (value.from() != from) continue;
    if (found != nullptr && *found != value.to()) return nullptr;
    found = &value.to();
  }
  return found;
}

bool IsNamed(const google::protobuf::RepeatedPtrField<v1::ValueMapping>& values, const std::string& from) {
  return std::ranges::any_of(values, [&](const v1::ValueMapping& value) { return value.from() == from; });
}

// False when the mapping says nothing of the category, or contradicts itself.
bool MapCategory(const v1::PolicyMapping& mapping, const v1::LabelCategory& category, v1::Label& mapped) {
  const auto same_tag = [&](const v1::CategoryMapping& each) { return each.from_tag() == category.tag(); };
  if (std::ranges::count_if(mapping.categories(), same_tag) != 1) return false;
  const v1::CategoryMapping& to = *std::ranges::find_if(mapping.categories(), same_tag);
  v1::LabelCategory& out = *mapped.add_categories();
  out.set_tag(to.to_tag());
  out.set_type(category.type());
  for (const std::string& value : category.values()) {
    const std::string* const other = Find(to.values(), value);
    if (other == nullptr && IsNamed(to.values(), value)) return false;
    out.add_values(other == nullptr ? value : *other);
  }
  return true;
}

}  // namespace

std::optional<v1::Label> MapLabel(const v1::ExercisePolicy& policy, const v1::Label& label) {
  if (label.policy() == policy.name()) return label;
  const auto of_policy = [&](const v1::PolicyMapping& each) { return each.policy() == label.policy(); };
  if (std::ranges::count_if(policy.mappings(), of_policy) != 1) return std::nullopt;
  const v1::PolicyMapping& mapping = *std::ranges::find_if(policy.mappings(), of_policy);
  const std::string* const classification = Find(mapping.classifications(), label.classification());
  if (classification == nullptr) return std::nullopt;
  v1::Label mapped;
  mapped.set_policy(policy.name());
  mapped.set_classification(*classification);
  mapped.set_privacy_mark(label.privacy_mark());
  mapped.set_origin(v1::LABEL_ORIGIN_MAPPED);
  for (const v1::LabelCategory& category : label.categories()) {
    if (!MapCategory(mapping, category, mapped)) return std::nullopt;
  }
  return mapped;
}

}  // namespace entente::broker
