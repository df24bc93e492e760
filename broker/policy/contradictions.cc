// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/contradictions.h"

namespace entente::broker {

void Contradictions::Unknown(const std::string& where, std::string what, std::string found, std::vector<std::string> known) {
  std::string advice = known.empty() ? "there is none to choose from" : "known:";
  for (const std::string& name : known) advice += (name == known.front() ? " " : ", ") + name;
  errors_.push_back(
      {{ErrorCode::kNotFound, std::move(what), root_ + where, std::move(advice)}, std::move(found), std::move(known)});
}

std::string Contradictions::At(std::string_view list, int index, std::string_view field) {
  std::string path = "." + std::string(list) + "[" + std::to_string(index) + "]";
  if (!field.empty()) path += "." + std::string(field);
  return path;
}

std::vector<std::string> Contradictions::Nations() const {
  std::vector<std::string> names;
  for (const v1::NationPolicy& nation : policy_.nations()) names.push_back(nation.nation());
  return names;
}

std::vector<std::string> Contradictions::NationsAndCommunities() const {
  std::vector<std::string> names = Nations();
  for (const v1::Community& community : policy_.communities()) names.push_back(community.name());
  return names;
}

std::vector<std::string> Contradictions::Tags() const {
  std::vector<std::string> tags;
  for (const v1::CategoryPolicy& category : policy_.categories()) tags.push_back(category.tag());
  return tags;
}

const v1::CategoryPolicy* Contradictions::FindCategory(std::string_view tag) const {
  const auto declared = std::ranges::find(policy_.categories(), tag, &v1::CategoryPolicy::tag);
  return declared == policy_.categories().end() ? nullptr : &*declared;
}

}  // namespace entente::broker
