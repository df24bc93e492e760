// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/exercise/cross_check.h"
#include "harness/exercise/label_text.h"

namespace entente::harness {
namespace {

std::vector<std::string> Classifications(const v1::ExercisePolicy& policy) {
  return {policy.classifications().begin(), policy.classifications().end()};
}

std::vector<std::string> NationNames(const v1::ExercisePolicy& policy) {
  std::vector<std::string> names;
  for (const auto& nation : policy.nations()) names.push_back(nation.nation());
  return names;
}

void CheckClassification(const std::string& text, const v1::ExercisePolicy& policy, const Place& place, Problems& problems) {
  const auto known = Classifications(policy);
  if (text.empty() || std::ranges::find(known, text) != known.end()) return;
  problems.AddUnknown(place, fmt::format("\"{}\" is not a classification of the policy", text), text, known);
}

void CheckHeld(const v1::NationPolicy& nation, const Places& places, Problems& problems) {
  for (const std::string& held : nation.restrictive_held()) {
    const std::size_t slash = held.find('/');
    if (slash != 0 && slash != std::string::npos && slash + 1 < held.size()) continue;
    problems.Add(ErrorCode::kInvalidArgument, places.Of("nations." + nation.nation() + ".holds"), fmt::format("found \"{}\"", held),
                 "write it as <tag>/<value>");
  }
}

void CheckCommunities(const v1::ExercisePolicy& policy, const Places& places, Problems& problems) {
  const auto nations = NationNames(policy);
  for (const auto& community : policy.communities()) {
    const Place place = places.Of("policy.communities." + community.name());
    if (std::ranges::find(nations, community.name()) != nations.end()) {
      problems.Add(ErrorCode::kAlreadyExists, place, "a community has the name of a nation", "give it another name");
    }
    for (const std::string& nation : community.nations()) {
      if (std::ranges::find(nations, nation) != nations.end()) continue;
      problems.AddUnknown(place, fmt::format("the nation {} takes no part", nation), nation, nations);
    }
  }
}

}  // namespace

void CheckLabel(const v1::Label& label, const v1::ExercisePolicy& policy, const Place& place, Problems& problems) {
  CheckClassification(label.classification(), policy, place, problems);
  std::vector<std::string> known = NationNames(policy);
  for (const auto& community : policy.communities()) known.push_back(community.name());
  for (const auto& category : label.categories()) {
    if (category.tag() != kReleasableTo) continue;
    for (const std::string& value : category.values()) {
      if (std::ranges::find(known, value) != known.end()) continue;
      problems.AddUnknown(place, fmt::format("releasable to \"{}\", which is neither a nation nor a community here", value), value,
                          known);
    }
  }
}

void CheckPolicyRules(const v1::Exercise& exercise, const Places& places, Problems& problems) {
  const auto& policy = exercise.policy();
  std::set<std::string> seen;
  for (const std::string& classification : policy.classifications()) {
    if (seen.insert(classification).second) continue;
    problems.Add(ErrorCode::kAlreadyExists, places.Of("policy.classifications"),
                 fmt::format("\"{}\" stands here twice", classification), "a level has one place: keep one");
  }
  CheckClassification(policy.unlabelled_egress_up_to(), policy, places.Of("policy.unlabelled-egress-up-to"), problems);
  CheckCommunities(policy, places, problems);
  for (const auto& nation : policy.nations()) {
    CheckClassification(nation.clearance(), policy, places.Of("nations." + nation.nation() + ".clearance"), problems);
    CheckHeld(nation, places, problems);
  }
  for (const auto& node : policy.nodes()) {
    CheckLabel(node.default_label(), policy, places.Of(PathOfNode(node.node()) + ".label"), problems);
  }
}

}  // namespace entente::harness
