// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/contradictions.h"

namespace entente::broker {
namespace {

using Values = google::protobuf::RepeatedPtrField<v1::ValueMapping>;

// The policy whose labels have this classification, other than the one whose mapping is looked at; empty when none says so.
std::string PolicyOf(const v1::ExercisePolicy& policy, const std::string& classification, const std::string& but_not) {
  for (const v1::PolicyMapping& mapping : policy.mappings()) {
    const bool has_it =
        std::ranges::find(mapping.classifications(), classification, &v1::ValueMapping::from) != mapping.classifications().end();
    if (has_it && mapping.policy() != but_not) return mapping.policy();
  }
  return {};
}

void CheckTwice(Contradictions& found, const std::string& where, const Values& values) {
  std::set<std::string> seen;
  for (int i = 0; i < values.size(); ++i) {
    if (seen.insert(values[i].from()).second) continue;
    found.Twice(where + "[" + std::to_string(i) + "]", "\"" + values[i].from() + "\" is mapped twice",
                "keep one: it can mean one thing only");
  }
}

void CheckClassifications(Contradictions& found, const std::string& where, const v1::PolicyMapping& mapping) {
  if (mapping.classifications().empty()) {
    found.Wrong(where, "maps no classification of " + mapping.policy(), "say what each is here, or remove the mapping");
  }
  CheckTwice(found, where, mapping.classifications());
  for (int i = 0; i < mapping.classifications_size(); ++i) {
    const std::string& to = mapping.classifications(i).to();
    const std::string at = where + "[" + std::to_string(i) + "]";
    if (found.IsClassification(to)) continue;
    if (const std::string other = PolicyOf(found.policy(), to, mapping.policy()); !other.empty()) {
      found.Wrong(at, "maps to \"" + to + "\", which is a classification of " + other,
                  "mappings do not chain: name a classification of " + found.policy().name());
      continue;
    }
    found.Unknown(at, "maps to \"" + to + "\", which is not a classification of the policy", to, found.Classifications());
  }
}

void CheckCategory(Contradictions& found, const std::string& where, const v1::CategoryMapping& category) {
  if (category.from_tag().empty() || category.to_tag().empty()) found.Wrong(where, "a category has no tag", "name it or remove it");
  if (!found.policy().categories().empty() && found.FindCategory(category.to_tag()) == nullptr) {
    found.Unknown(where + ".to_tag", "maps to the category \"" + category.to_tag() + "\", which the policy does not declare",
                  category.to_tag(), found.Tags());
  }
  CheckTwice(found, where + ".values", category.values());
  for (int i = 0; i < category.values_size(); ++i) {
    CheckValue(found, where + ".values[" + std::to_string(i) + "]", category.to_tag(), category.values(i).to());
  }
}

}  // namespace

void CheckMappings(Contradictions& found) {
  std::set<std::string> seen;
  for (int i = 0; i < found.policy().mappings_size(); ++i) {
    const v1::PolicyMapping& mapping = found.policy().mappings(i);
    const std::string where = Contradictions::At("mappings", i, "policy");
    if (mapping.policy().empty()) found.Wrong(where, "a mapping names no policy", "name the policy whose labels it reads");
    if (mapping.policy() == found.policy().name()) {
      found.Wrong(where, "maps the policy " + mapping.policy() + " to itself", "its own labels need no mapping: remove it");
    }
    if (!seen.insert(mapping.policy()).second)
      found.Twice(where, "the policy " + mapping.policy() + " is mapped twice", "join the two entries");
    CheckClassifications(found, Contradictions::At("mappings", i, "classifications"), mapping);
    std::set<std::string> tags;
    for (int j = 0; j < mapping.categories_size(); ++j) {
      const std::string at = Contradictions::At("mappings", i) + Contradictions::At("categories", j);
      if (!tags.insert(mapping.categories(j).from_tag()).second) {
        found.Twice(at, "the category " + mapping.categories(j).from_tag() + " is mapped twice", "join the two entries");
      }
      CheckCategory(found, at, mapping.categories(j));
    }
  }
}

}  // namespace entente::broker
