// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/selection.h"

#include <algorithm>

namespace entente::harness {

Selection::Selection(const v1::Expectation& expectation, const RunPlan& plan)
    : from_(Resolve(expectation.from(), plan, true)),
      to_(Resolve(expectation.to(), plan, false)),
      precedence_(expectation.precedence()) {
  for (const int family : expectation.families()) families_.push_back(static_cast<v1::Family>(family));
}

std::vector<bool> Selection::Resolve(const google::protobuf::RepeatedPtrField<std::string>& names, const RunPlan& plan,
                                     bool recordings) {
  std::vector<bool> chosen(plan.nodes().size(), false);
  for (NodeIndex node = 0; node < chosen.size(); ++node) {
    if (names.empty()) chosen[node] = recordings || !plan.node(node).recording();
  }
  for (const std::string& name : names) {
    bool known = false;
    for (NodeIndex node = 0; node < chosen.size(); ++node) {
      const PlannedNode& facts = plan.node(node);
      const bool by_nation = facts.nation == name && (recordings || !facts.recording());
      if (facts.name() != name && !by_nation) continue;
      chosen[node] = known = true;
    }
    if (!known) unknown_.push_back(name);
  }
  return chosen;
}

bool Selection::Of(v1::Family family, v1::Precedence precedence) const {
  return (families_.empty() || std::ranges::find(families_, family) != families_.end()) &&
         (precedence_ == v1::PRECEDENCE_UNSPECIFIED || precedence_ == precedence);
}

}  // namespace entente::harness
