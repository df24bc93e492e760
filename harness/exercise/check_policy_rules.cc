// SPDX-License-Identifier: Apache-2.0

// The broker's own checks of a policy and of labels (broker/policy/policy_check.h), with their places in the file; and what only
// the whole exercise can tell: whether the nodes that the policy names are there.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/node_id.h"
#include "broker/policy/policy_check.h"
#include "harness/exercise/cross_check.h"

namespace entente::harness {
namespace {

// One step of a path of fields: "nations[2]".
struct Step {
  std::string_view field;
  int index = 0;
};

Step TakeStep(std::string_view& path) {
  const std::size_t end = std::min(path.find('.'), path.size());
  const std::string_view text = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  const std::size_t bracket = std::min(text.find('['), text.size());
  Step step{text.substr(0, bracket)};
  if (bracket < text.size()) std::from_chars(text.data() + bracket + 1, text.data() + text.size(), step.index);
  return step;
}

// The keys of the file that a path of fields such as "policy.nations[2].clearance" was read from.
class FilePaths {
 public:
  FilePaths(const v1::ExercisePolicy& policy, const Places& places) : policy_(policy), places_(places) {}

  [[nodiscard]] std::string Of(std::string_view path) const {
    TakeStep(path);  // "policy"
    const Step step = TakeStep(path);
    if (step.field == "classifications") return fmt::format("policy.classifications.{}", step.index);
    if (step.field == "unlabelled_egress_up_to") return "policy.unlabelled-egress-up-to";
    if (step.field == "unlabelled_egress_nodes") return fmt::format("policy.unlabelled-egress-nodes.{}", step.index);
    if (step.field == "nations") return OfNation(policy_.nations(step.index), path);
    if (step.field == "communities") return "policy.communities." + policy_.communities(step.index).name();
    if (step.field == "nodes") return OfNode(policy_.nodes(step.index).node());
    if (step.field == "categories") return fmt::format("policy.categories.{}.{}", policy_.categories(step.index).tag(), path);
    if (step.field == "mappings") return OfMapping(policy_.mappings(step.index), path);
    if (step.field == "identities") return OfIdentity(policy_.identities(step.index), path);
    return fmt::format("policy.{}", step.field);
  }

 private:
  static std::string OfNation(const v1::NationPolicy& nation, std::string_view field) {
    if (field == "nation") return "nations." + nation.nation();
    return fmt::format("nations.{}.{}", nation.nation(), field == "restrictive_held" ? "holds" : field);
  }
  // A node that says no label has its nation's.
  [[nodiscard]] std::string OfNode(const std::string& node) const {
    const std::string own = PathOfNode(node) + ".label";
    return places_.Has(own) ? own : fmt::format("nations.{}.label", NationOf(node));
  }
  static std::string OfMapping(const v1::PolicyMapping& mapping, std::string_view path) {
    const std::string base = "policy.mappings." + mapping.policy();
    const bool of_entry = path.find('[') != std::string_view::npos;
    const Step list = TakeStep(path);
    if (list.field == "classifications") {
      return of_entry ? fmt::format("{}.classifications.{}", base, mapping.classifications(list.index).from())
                      : base + ".classifications";
    }
    if (list.field != "categories") return base;
    const v1::CategoryMapping& category = mapping.categories(list.index);
    const std::string of_category = fmt::format("{}.categories.{}", base, category.from_tag());
    const Step inner = TakeStep(path);
    if (inner.field == "to_tag") return of_category + ".to";
    return inner.field == "values" ? fmt::format("{}.values.{}", of_category, category.values(inner.index).from()) : of_category;
  }
  static std::string OfIdentity(const v1::IdentityPolicy& identity, std::string_view field) {
    const std::string base = "policy.identities." + identity.identity();
    if (field == "identity") return base;
    return fmt::format("{}.{}", base, field == "speaks_for" ? "speaks-for" : field);
  }

  const v1::ExercisePolicy& policy_;
  const Places& places_;
};

void AddProblem(const broker::PolicyError& found, const Place& place, Problems& problems) {
  if (found.known.empty()) return problems.Add(found.error.code, place, found.error.what, found.error.advice);
  problems.AddUnknown(place, found.error.what, found.found, found.known);
}

void CheckNodeIsThere(const v1::Exercise& exercise, const std::string& node, const Place& place, Problems& problems) {
  constexpr std::string_view kAll = "/*";
  if (!node.ends_with(kAll)) {
    if (FindNode(exercise, node) != nullptr) return;
    return problems.AddUnknown(place, fmt::format("there is no node \"{}\" in the exercise", node), node, NodeNames(exercise));
  }
  const std::string_view nation = NationOf(node);
  if (std::ranges::any_of(exercise.nodes(), [&](const auto& plan) { return NationOf(plan.node()) == nation; })) return;
  problems.Add(ErrorCode::kNotFound, place, fmt::format("{} has no node in the exercise", nation), "remove it, or add its nodes");
}

void CheckNamedNodes(const v1::Exercise& exercise, const Places& places, Problems& problems) {
  const v1::ExercisePolicy& policy = exercise.policy();
  for (int i = 0; i < policy.unlabelled_egress_nodes_size(); ++i) {
    const Place place = places.Of(fmt::format("policy.unlabelled-egress-nodes.{}", i));
    CheckNodeIsThere(exercise, policy.unlabelled_egress_nodes(i), place, problems);
  }
  for (const v1::IdentityPolicy& identity : policy.identities()) {
    const Place place = places.Of(fmt::format("policy.identities.{}.speaks-for", identity.identity()));
    for (const std::string& node : identity.speaks_for()) CheckNodeIsThere(exercise, node, place, problems);
  }
}

}  // namespace

void CheckLabel(const v1::Label& label, const v1::ExercisePolicy& policy, const Place& place, Problems& problems) {
  for (const broker::PolicyError& found : broker::LabelErrors(policy, label)) AddProblem(found, place, problems);
}

void CheckPolicyRules(const v1::Exercise& exercise, const Places& places, Problems& problems) {
  const FilePaths paths(exercise.policy(), places);
  for (const broker::PolicyError& found : broker::PolicyErrors(exercise.policy())) {
    AddProblem(found, places.Of(paths.Of(found.error.where)), problems);
  }
  CheckNamedNodes(exercise, places, problems);
}

}  // namespace entente::harness
