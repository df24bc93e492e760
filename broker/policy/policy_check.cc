// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/policy_check.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/node_id.h"
#include "broker/policy/label_algebra.h"

namespace entente::broker {
namespace {

class Check {
 public:
  explicit Check(const v1::ExercisePolicy& policy) : policy_(policy) {}

  std::vector<Error> Run() && {
    Names();
    Nations();
    Communities();
    Egress();
    Nodes();
    return std::move(errors_);
  }

 private:
  void Wrong(std::string where, std::string what, std::string advice) {
    errors_.push_back({ErrorCode::kInvalidArgument, std::move(what), "policy" + std::move(where), std::move(advice)});
  }
  static std::string At(std::string_view list, int index, std::string_view field = {}) {
    std::string path = "." + std::string(list) + "[" + std::to_string(index) + "]";
    if (!field.empty()) path += "." + std::string(field);
    return path;
  }
  [[nodiscard]] bool KnowsLevel(const std::string& classification) const { return LevelOf(policy_, classification).has_value(); }
  [[nodiscard]] std::string ListedLevels() const {
    std::string listed = "use one of the policy's classifications:";
    for (const std::string& name : policy_.classifications()) listed += " " + name;
    return listed;
  }

  void Names() {
    if (policy_.name().empty()) Wrong(".name", "the policy has no name", "name it; labels carry this name");
    if (policy_.classifications().empty()) {
      Wrong(".classifications", "the policy lists no classification", "list them, lowest first");
    }
    std::set<std::string> seen;
    for (int i = 0; i < policy_.classifications_size(); ++i) {
      const std::string& name = policy_.classifications(i);
      if (name.empty()) Wrong(At("classifications", i), "a classification has no name", "name it or remove it");
      if (!seen.insert(name).second) {
        Wrong(At("classifications", i), "the classification " + name + " is listed twice", "a level has one place: remove one");
      }
    }
  }

  void Nations() {
    for (int i = 0; i < policy_.nations_size(); ++i) {
      const v1::NationPolicy& entry = policy_.nations(i);
      if (!IsNationCode(entry.nation())) {
        Wrong(At("nations", i, "nation"), "\"" + entry.nation() + "\" is not a nation code",
              "use ISO 3166 alpha-3 (DEU) or an organisation of 2 to 8 capitals and digits (NATO)");
      }
      if (!nations_.insert(entry.nation()).second) {
        Wrong(At("nations", i, "nation"), "the nation " + entry.nation() + " is listed twice",
              "keep one entry, so that it has one clearance");
      }
      if (!KnowsLevel(entry.clearance())) {
        Wrong(At("nations", i, "clearance"), "the clearance \"" + entry.clearance() + "\" of " + entry.nation() + " is unknown",
              ListedLevels());
      }
      Held(entry, i);
    }
  }

  void Held(const v1::NationPolicy& entry, int index) {
    for (const std::string& value : entry.restrictive_held()) {
      const std::size_t slash = value.find('/');
      if (slash == 0 || slash == std::string::npos || slash + 1 == value.size()) {
        Wrong(At("nations", index, "restrictive_held"), "\"" + value + "\" names no value of a category",
              "write it as <tag>/<value>, as in \"Special Category Designators/BOHEMIA\"");
      }
    }
  }

  void Communities() {
    std::set<std::string> seen;
    for (int i = 0; i < policy_.communities_size(); ++i) {
      const v1::Community& community = policy_.communities(i);
      if (community.name().empty()) Wrong(At("communities", i, "name"), "a community has no name", "name it or remove it");
      if (!seen.insert(community.name()).second) {
        Wrong(At("communities", i, "name"), "the community " + community.name() + " is listed twice", "join the two entries");
      }
      if (nations_.contains(community.name())) {
        Wrong(At("communities", i, "name"), "the community " + community.name() + " has the name of a nation",
              "rename it: \"Releasable To\" could not tell them apart");
      }
      if (community.nations().empty()) {
        Wrong(At("communities", i, "nations"), "the community " + community.name() + " has no nation", "list its nations");
      }
      for (const std::string& nation : community.nations()) {
        if (nations_.contains(nation)) continue;
        Wrong(At("communities", i, "nations"), "the community " + community.name() + " names the unknown nation " + nation,
              "add " + nation + " to the policy's nations, with its clearance");
      }
    }
  }

  void Egress() {
    const std::string& limit = policy_.unlabelled_egress_up_to();
    if (limit.empty() || KnowsLevel(limit)) return;
    Wrong(".unlabelled_egress_up_to", "the classification \"" + limit + "\" is unknown", ListedLevels() + "; or leave it empty");
  }

  void Nodes() {
    std::set<std::string> seen;
    for (int i = 0; i < policy_.nodes_size(); ++i) {
      const v1::NodePolicy& entry = policy_.nodes(i);
      const auto id = NodeId::Parse(entry.node());
      if (!id) {
        Wrong(At("nodes", i, "node"), "\"" + entry.node() + "\" is not a node", "write it as <NATION>/<name>, as in DEU/brigade");
      } else if (!nations_.contains(std::string(id->nation()))) {
        Wrong(At("nodes", i, "node"), "the nation of " + entry.node() + " is not in the policy",
              "add it to the policy's nations, with its clearance");
      }
      if (!seen.insert(entry.node()).second) {
        Wrong(At("nodes", i, "node"), "the node " + entry.node() + " is listed twice", "keep one entry");
      }
      if (entry.has_default_label()) DefaultLabel(entry.default_label(), i);
    }
  }

  void DefaultLabel(const v1::Label& label, int index) {
    const std::string where = At("nodes", index, "default_label");
    if (label.policy() != policy_.name()) {
      Wrong(where + ".policy", "the default label is of the policy \"" + label.policy() + "\"",
            "use \"" + policy_.name() + "\": no other label is ever releasable here");
    }
    if (!KnowsLevel(label.classification())) {
      Wrong(where + ".classification", "the classification \"" + label.classification() + "\" is unknown", ListedLevels());
    }
    for (const v1::LabelCategory& category : label.categories()) {
      if (category.type() == v1::CATEGORY_TYPE_UNSPECIFIED) {
        Wrong(where + ".categories", "the category " + category.tag() + " has no type",
              "say whether it is restrictive, permissive or informative");
      }
      if (category.tag() == kReleasableTo) ReleasableTo(category, where);
    }
  }

  void ReleasableTo(const v1::LabelCategory& category, const std::string& where) {
    for (const std::string& value : category.values()) {
      const bool community = std::ranges::any_of(policy_.communities(), [&](const auto& c) { return c.name() == value; });
      if (community || nations_.contains(value)) continue;
      Wrong(where + ".categories", "\"Releasable To\" names " + value + ", which is neither a nation nor a community",
            "add it to the policy, or correct the name");
    }
  }

  const v1::ExercisePolicy& policy_;
  std::set<std::string> nations_;
  std::vector<Error> errors_;
};

}  // namespace

std::vector<Error> PolicyErrors(const v1::ExercisePolicy& policy) {
  return Check(policy).Run();
}

Status CheckPolicy(const v1::ExercisePolicy& policy) {
  std::vector<Error> errors = PolicyErrors(policy);
  if (errors.empty()) return {};
  return std::unexpected(std::move(errors.front()));
}

}  // namespace entente::broker
