// SPDX-License-Identifier: Apache-2.0
#pragma once

// The exercise as it was planned, made ready for the fold: nodes by number, who would receive what, and what each protocol form can
// carry. Taken from RunStarted.plan, so that a record can be judged anywhere.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/exercise.pb.h"
#include "entente/v1/record.pb.h"
#include "harness/assessment/fold.h"

namespace entente::harness {

using NodeIndex = std::uint16_t;
inline constexpr NodeIndex kNoNode = 0xFFFF;

struct PlannedNode {
  v1::NodePlan plan;
  std::string nation;
  bool in_plan = false;
  std::string form{};                               // as negotiated, else as planned, else the customary one
  const adapter::Form* capability = nullptr;        // of `form`; nullptr: not known to this build
  std::map<v1::Family, v1::Evidence> observable{};  // of an external node

  [[nodiscard]] const std::string& name() const { return plan.node(); }
  [[nodiscard]] bool external() const { return plan.external(); }
  [[nodiscard]] bool recording() const { return plan.has_replay(); }
  // A simulated node says what it composed and what it understood.
  [[nodiscard]] bool simulated() const { return in_plan && !external() && !recording(); }
  [[nodiscard]] bool Observable(v1::Family family) const;
  // "<protocol>/<form>"
  [[nodiscard]] std::string FormName() const;
};

class RunPlan {
 public:
  // Nodes that the record names and the plan does not; more are kNoNode.
  static constexpr std::size_t kNodes = 4096;

  explicit RunPlan(FormLookup forms) : forms_(std::move(forms)) {}

  // False when the plan's octets cannot be read.
  bool Load(const v1::RunStarted& started);
  [[nodiscard]] const v1::Exercise& exercise() const { return exercise_; }
  [[nodiscard]] const std::vector<PlannedNode>& nodes() const { return nodes_; }
  [[nodiscard]] const PlannedNode& node(NodeIndex index) const { return nodes_[index]; }
  [[nodiscard]] NodeIndex Find(std::string_view node) const;
  NodeIndex FindOrAdd(std::string_view node);
  void SetForm(NodeIndex node, std::string_view form);
  // Whether the node's subscription, as planned, matches; never the origin itself.
  [[nodiscard]] bool Receives(NodeIndex recipient, NodeIndex origin, v1::Family family) const;
  // Longest that one unit may take over the node's access link by its conditions.
  [[nodiscard]] std::int64_t LinkDelayNs(NodeIndex node) const;

 private:
  NodeIndex Add(const v1::NodePlan& plan, bool in_plan);

  FormLookup forms_;
  v1::Exercise exercise_;
  std::vector<PlannedNode> nodes_;
  std::map<std::string, NodeIndex, std::less<>> indices_;
};

}  // namespace entente::harness
