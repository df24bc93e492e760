// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/policy_check.h"

#include "base/node_id.h"
#include "broker/policy/contradictions.h"
#include "broker/policy/release.h"

namespace entente::broker {
namespace {

void CheckNames(Contradictions& found) {
  const v1::ExercisePolicy& policy = found.policy();
  if (policy.name().empty()) found.Wrong(".name", "the policy has no name", "name it; labels carry this name");
  if (policy.classifications().empty()) {
    found.Wrong(".classifications", "the policy lists no classification", "list them, lowest first");
  }
  std::set<std::string> seen;
  for (int i = 0; i < policy.classifications_size(); ++i) {
    const std::string& name = policy.classifications(i);
    const std::string where = Contradictions::At("classifications", i);
    if (name.empty()) found.Wrong(where, "a classification has no name", "name it or remove it");
    if (!seen.insert(name).second) {
      found.Twice(where, "the classification " + name + " is listed twice", "a level has one place: keep one");
    }
  }
}

void CheckHeld(Contradictions& found, const v1::NationPolicy& entry, const std::string& where) {
  for (const std::string& held : entry.restrictive_held()) {
    const std::size_t slash = held.find('/');
    if (slash == 0 || slash == std::string::npos || slash + 1 == held.size()) {
      found.Wrong(where, "\"" + held + "\" names no value of a category",
                  "write it as <tag>/<value>, as in \"Special Category Designators/BOHEMIA\"");
      continue;
    }
    const std::string tag = held.substr(0, slash);
    if (!found.policy().categories().empty() && found.FindCategory(tag) == nullptr) {
      found.Unknown(where, "the category \"" + tag + "\" of \"" + held + "\" is not declared in the policy", tag, found.Tags());
      continue;
    }
    CheckValue(found, where, tag, held.substr(slash + 1));
  }
}

void CheckNations(Contradictions& found) {
  std::set<std::string> seen;
  for (int i = 0; i < found.policy().nations_size(); ++i) {
    const v1::NationPolicy& entry = found.policy().nations(i);
    if (!IsNationCode(entry.nation())) {
      found.Wrong(Contradictions::At("nations", i, "nation"), "\"" + entry.nation() + "\" is not a nation code",
                  "use ISO 3166 alpha-3 (DEU) or an organisation of 2 to 8 capitals and digits (NATO)");
    }
    if (!seen.insert(entry.nation()).second) {
      found.Twice(Contradictions::At("nations", i, "nation"), "the nation " + entry.nation() + " is listed twice",
                  "keep one entry, so that it has one clearance");
    }
    if (!found.IsClassification(entry.clearance())) {
      found.Unknown(Contradictions::At("nations", i, "clearance"),
                    "the clearance \"" + entry.clearance() + "\" of " + entry.nation() + " is not a classification of the policy",
                    entry.clearance(), found.Classifications());
    }
    CheckHeld(found, entry, Contradictions::At("nations", i, "restrictive_held"));
  }
}

void CheckMembers(Contradictions& found, const v1::Community& community, const std::string& where) {
  const std::vector<std::string> nations = found.Nations();
  if (community.nations().empty()) found.Wrong(where, "the community " + community.name() + " has no nation", "list its nations");
  std::set<std::string> seen;
  for (const std::string& nation : community.nations()) {
    if (!seen.insert(nation).second) {
      found.Twice(where, "the community " + community.name() + " lists " + nation + " twice", "keep one");
    }
    if (Contains(nations, nation)) continue;
    found.Unknown(where, "the nation " + nation + " of the community " + community.name() + " takes no part", nation, nations);
  }
}

void CheckCommunities(Contradictions& found) {
  std::set<std::string> seen;
  const std::vector<std::string> nations = found.Nations();
  for (int i = 0; i < found.policy().communities_size(); ++i) {
    const v1::Community& community = found.policy().communities(i);
    const std::string where = Contradictions::At("communities", i, "name");
    if (community.name().empty()) found.Wrong(where, "a community has no name", "name it or remove it");
    if (!seen.insert(community.name()).second) {
      found.Twice(where, "the community " + community.name() + " is listed twice", "join the two entries");
    }
    if (Contains(nations, community.name())) {
      found.Twice(where, "the community " + community.name() + " has the name of a nation",
                  "rename it: \"Releasable To\" could not tell them apart");
    }
    CheckMembers(found, community, Contradictions::At("communities", i, "nations"));
  }
}

// A node where a node may stand; `nation` of it must be in the policy.
void CheckNode(Contradictions& found, const std::string& where, const std::string& node) {
  const auto id = NodeId::Parse(node);
  if (!id) return found.Wrong(where, "\"" + node + "\" is not a node", "write it as <NATION>/<name>, as in DEU/brigade");
  const std::vector<std::string> nations = found.Nations();
  if (Contains(nations, id->nation())) return;
  found.Unknown(where, "the nation of " + node + " is not in the policy", std::string(id->nation()), nations);
}

void CheckEgress(Contradictions& found) {
  const v1::ExercisePolicy& policy = found.policy();
  const std::string& limit = policy.unlabelled_egress_up_to();
  if (!limit.empty() && !found.IsClassification(limit)) {
    found.Unknown(".unlabelled_egress_up_to", "\"" + limit + "\" is not a classification of the policy", limit,
                  found.Classifications());
  }
  if (limit.empty() && !policy.unlabelled_egress_nodes().empty()) {
    found.Wrong(".unlabelled_egress_nodes", "names nodes to which messages may go without their label, but no limit up to which",
                "say up to which classification, or remove the list");
  }
  std::set<std::string> seen;
  for (int i = 0; i < policy.unlabelled_egress_nodes_size(); ++i) {
    const std::string& node = policy.unlabelled_egress_nodes(i);
    const std::string where = Contradictions::At("unlabelled_egress_nodes", i);
    CheckNode(found, where, node);
    if (!seen.insert(node).second) found.Twice(where, "the node " + node + " is listed twice", "keep one");
  }
}

// A default label that no nation may see, not even the node's own, was meant otherwise.
void CheckSomebodyMaySee(Contradictions& found, const v1::Label& label, const std::string& where) {
  const PolicyGuard guard(found.policy());
  std::string_view why;
  for (const v1::NationPolicy& nation : found.policy().nations()) {
    const Decision decision = guard.Decide(&label, {}, nation.nation());
    if (decision.released) return;
    why = decision.reason;
  }
  found.Wrong(where, "no nation may see what has this label, not even the node's own (" + std::string(why) + ")",
              "lower it, raise a clearance, or name a nation that may see it");
}

void CheckNodes(Contradictions& found) {
  std::set<std::string> seen;
  for (int i = 0; i < found.policy().nodes_size(); ++i) {
    const v1::NodePolicy& entry = found.policy().nodes(i);
    CheckNode(found, Contradictions::At("nodes", i, "node"), entry.node());
    if (!seen.insert(entry.node()).second) {
      found.Twice(Contradictions::At("nodes", i, "node"), "the node " + entry.node() + " is listed twice", "keep one entry");
    }
    if (!entry.has_default_label()) continue;
    const std::string where = Contradictions::At("nodes", i, "default_label");
    CheckLabel(found, where, entry.default_label());
    if (LabelErrors(found.policy(), entry.default_label()).empty()) CheckSomebodyMaySee(found, entry.default_label(), where);
  }
}

void CheckSpeaksFor(Contradictions& found, const v1::IdentityPolicy& entry, const std::string& where) {
  constexpr std::string_view kAnyNode = "/*";
  std::set<std::string> seen;
  for (const std::string& node : entry.speaks_for()) {
    if (!seen.insert(node).second) found.Twice(where, entry.identity() + " speaks for " + node + " twice", "keep one");
    const bool all = node.ends_with(kAnyNode) && IsNationCode(node.substr(0, node.size() - kAnyNode.size()));
    if (!all && !NodeId::Parse(node)) {
      found.Wrong(where, "\"" + node + "\" is neither a node nor all of a nation", "write DEU/brigade or DEU/*");
    } else if (const std::vector<std::string> nations = found.Nations(); !Contains(nations, NationOf(node))) {
      found.Unknown(where, "the nation of " + node + " is not in the policy", std::string(NationOf(node)), nations);
    }
  }
  if (entry.role() == v1::ROLE_OBSERVER && entry.speaks_for().empty()) {
    found.Wrong(where, "the observer " + entry.identity() + " can attach as no node",
                "say as which, for example speaks_for " + entry.identity());
  }
}

void CheckIdentities(Contradictions& found) {
  std::set<std::string> seen;
  for (int i = 0; i < found.policy().identities_size(); ++i) {
    const v1::IdentityPolicy& entry = found.policy().identities(i);
    const std::string where = Contradictions::At("identities", i, "identity");
    if (!NodeId::Parse(entry.identity())) {
      found.Wrong(where, "\"" + entry.identity() + "\" is not the name in a certificate",
                  "write it as <NATION>/<name>, as in DEU/gateway");
    }
    if (!seen.insert(entry.identity()).second) {
      found.Twice(where, "the identity " + entry.identity() + " is listed twice", "join the two entries");
    }
    CheckSpeaksFor(found, entry, Contradictions::At("identities", i, "speaks_for"));
  }
}

}  // namespace

std::vector<PolicyError> PolicyErrors(const v1::ExercisePolicy& policy) {
  Contradictions found(policy, "policy");
  CheckNames(found);
  CheckNations(found);
  CheckCommunities(found);
  CheckEgress(found);
  CheckNodes(found);
  CheckCategories(found);
  CheckMappings(found);
  CheckIdentities(found);
  return std::move(found).Take();
}

Status CheckPolicy(const v1::ExercisePolicy& policy) {
  std::vector<PolicyError> errors = PolicyErrors(policy);
  if (errors.empty()) return {};
  return std::unexpected(std::move(errors.front().error));
}

}  // namespace entente::broker
