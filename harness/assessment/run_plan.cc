// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/run_plan.h"

#include <algorithm>

#include "base/node_id.h"

namespace entente::harness {

bool PlannedNode::Observable(v1::Family family) const {
  if (simulated()) return true;
  const auto found = observable.find(family);
  return found != observable.end() && found->second >= v1::EVIDENCE_UNDERSTOOD;
}

std::string PlannedNode::FormName() const {
  return form.empty() ? plan.protocol() : plan.protocol() + '/' + form;
}

bool RunPlan::Load(const v1::RunStarted& started) {
  if (!exercise_.ParseFromString(started.plan())) return false;
  for (const v1::NodePlan& node : exercise_.nodes()) {
    const NodeIndex known = Find(node.node());
    if (known == kNoNode) {
      Add(node, true);
    } else {
      nodes_[known].plan = node;
      nodes_[known].in_plan = true;
      SetForm(known, node.form());
    }
  }
  return true;
}

NodeIndex RunPlan::Add(const v1::NodePlan& plan, bool in_plan) {
  if (nodes_.size() >= kNodes) return kNoNode;
  const auto index = static_cast<NodeIndex>(nodes_.size());
  PlannedNode& node =
      nodes_.emplace_back(PlannedNode{.plan = plan, .nation = std::string(NationOf(plan.node())), .in_plan = in_plan});
  for (const v1::Observability& observed : plan.observes()) node.observable[observed.family()] = observed.evidence();
  indices_.emplace(plan.node(), index);
  SetForm(index, plan.form());
  return index;
}

NodeIndex RunPlan::Find(std::string_view node) const {
  const auto found = indices_.find(node);
  return found == indices_.end() ? kNoNode : found->second;
}

NodeIndex RunPlan::FindOrAdd(std::string_view node) {
  const NodeIndex known = Find(node);
  if (known != kNoNode) return known;
  v1::NodePlan plan;
  plan.set_node(std::string(node));
  return Add(plan, false);
}

void RunPlan::SetForm(NodeIndex index, std::string_view form) {
  PlannedNode& node = nodes_[index];
  node.capability = forms_(node.plan.protocol(), form);
  node.form = form.empty() && node.capability != nullptr ? std::string(node.capability->name) : std::string(form);
}

bool RunPlan::Receives(NodeIndex recipient, NodeIndex origin, v1::Family family) const {
  const PlannedNode& to = nodes_[recipient];
  if (recipient == origin || !to.in_plan || to.recording()) return false;
  const auto& families = to.plan.receives();
  const auto& nations = to.plan.receives_from();
  return (families.empty() || std::ranges::find(families, family) != families.end()) &&
         (nations.empty() || std::ranges::find(nations, nodes_[origin].nation) != nations.end());
}

std::int64_t RunPlan::LinkDelayNs(NodeIndex node) const {
  const v1::LinkConditions& link = nodes_[node].plan.link();
  return link.latency_ns() + link.jitter_ns();
}

}  // namespace entente::harness
