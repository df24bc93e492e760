// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/contradictions.h"
#include "broker/policy/label_mapping.h"

namespace entente::broker {
namespace {

std::string_view TypeName(v1::CategoryType type) {
  switch (type) {
    case v1::CATEGORY_TYPE_RESTRICTIVE:
      return "restrictive";
    case v1::CATEGORY_TYPE_PERMISSIVE:
      return "permissive";
    case v1::CATEGORY_TYPE_INFORMATIVE:
      return "informative";
    default:
      return "of no type";
  }
}

void CheckCategory(Contradictions& found, const std::string& where, const v1::LabelCategory& category) {
  if (category.type() == v1::CATEGORY_TYPE_UNSPECIFIED) {
    return found.Wrong(where, "the category " + category.tag() + " has no type",
                       "say whether it is restrictive, permissive or informative");
  }
  const v1::CategoryPolicy* const declared = found.FindCategory(category.tag());
  if (declared == nullptr && !found.policy().categories().empty()) {
    return found.Unknown(where, "the category \"" + category.tag() + "\" is not declared in the policy", category.tag(),
                         found.Tags());
  }
  if (declared != nullptr && declared->type() != category.type()) {
    return found.Wrong(where, "the category " + category.tag() + " is " + std::string(TypeName(category.type())) + " here",
                       "the policy declares it as " + std::string(TypeName(declared->type())));
  }
  for (const std::string& value : category.values()) CheckValue(found, where, category.tag(), value);
}

void CheckOwnLabel(Contradictions& found, const std::string& where, const v1::Label& label) {
  if (!found.IsClassification(label.classification())) {
    found.Unknown(where + ".classification", "\"" + label.classification() + "\" is not a classification of the policy",
                  label.classification(), found.Classifications());
  }
  for (int i = 0; i < label.categories_size(); ++i) {
    CheckCategory(found, where + Contradictions::At("categories", i), label.categories(i));
  }
}

}  // namespace

void CheckLabel(Contradictions& found, const std::string& where, const v1::Label& label) {
  if (label.policy() == found.policy().name()) return CheckOwnLabel(found, where, label);
  const auto& mappings = found.policy().mappings();
  const auto mapping = std::ranges::find(mappings, label.policy(), &v1::PolicyMapping::policy);
  if (mapping == mappings.end()) {
    std::vector<std::string> known{found.policy().name()};
    for (const v1::PolicyMapping& each : mappings) known.push_back(each.policy());
    return found.Unknown(where + ".policy", "the label is of the policy \"" + label.policy() + "\", which has no mapping here",
                         label.policy(), std::move(known));
  }
  if (const auto mapped = MapLabel(found.policy(), label)) return CheckOwnLabel(found, where, *mapped);
  std::vector<std::string> classifications;
  for (const v1::ValueMapping& each : mapping->classifications()) classifications.push_back(each.from());
  if (!Contains(classifications, label.classification())) {
    return found.Unknown(where + ".classification",
                         "\"" + label.classification() + "\" is not among the mapped classifications of " + label.policy(),
                         label.classification(), std::move(classifications));
  }
  std::vector<std::string> tags;
  for (const v1::CategoryMapping& each : mapping->categories()) tags.push_back(each.from_tag());
  for (int i = 0; i < label.categories_size(); ++i) {
    const std::string& tag = label.categories(i).tag();
    if (Contains(tags, tag)) continue;
    found.Unknown(where + Contradictions::At("categories", i),
                  "the category \"" + tag + "\" is not among the mapped ones of " + label.policy(), tag, tags);
  }
}

std::vector<PolicyError> LabelErrors(const v1::ExercisePolicy& policy, const v1::Label& label) {
  Contradictions found(policy, "label");
  CheckLabel(found, {}, label);
  return std::move(found).Take();
}

}  // namespace entente::broker
