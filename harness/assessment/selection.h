// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which pairs an expectation speaks of. Empty sets mean all; recordings hear nothing, so that as recipients they count only when
// they are named.

#include <string>
#include <vector>

#include "entente/v1/exercise.pb.h"
#include "harness/assessment/run_plan.h"

namespace entente::harness {

class Selection {
 public:
  Selection(const v1::Expectation& expectation, const RunPlan& plan);

  [[nodiscard]] bool From(NodeIndex node) const { return node < from_.size() && from_[node]; }
  [[nodiscard]] bool To(NodeIndex node) const { return node < to_.size() && to_[node]; }
  [[nodiscard]] bool Of(v1::Family family, v1::Precedence precedence) const;
  // Names in the expectation that are neither a node nor a nation of the run.
  [[nodiscard]] const std::vector<std::string>& unknown() const { return unknown_; }

 private:
  std::vector<bool> Resolve(const google::protobuf::RepeatedPtrField<std::string>& names, const RunPlan& plan, bool recordings);

  std::vector<std::string> unknown_;
  std::vector<bool> from_;
  std::vector<bool> to_;
  std::vector<v1::Family> families_;
  v1::Precedence precedence_ = v1::PRECEDENCE_UNSPECIFIED;
};

}  // namespace entente::harness
