// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the checks of a policy share: the policy, its names, and the list that they add to. Used by this folder's checks only.

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "broker/policy/policy_check.h"

namespace entente::broker {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

class Contradictions {
 public:
  // `root` begins every path: "policy" or "label".
  Contradictions(const v1::ExercisePolicy& policy, std::string root) : policy_(policy), root_(std::move(root)) {}

  void Wrong(const std::string& where, std::string what, std::string advice) {
    errors_.push_back({{ErrorCode::kInvalidArgument, std::move(what), root_ + where, std::move(advice)}});
  }
  void Twice(const std::string& where, std::string what, std::string advice) {
    errors_.push_back({{ErrorCode::kAlreadyExists, std::move(what), root_ + where, std::move(advice)}});
  }
  // `found` is none of `known`.
  void Unknown(const std::string& where, std::string what, std::string found, std::vector<std::string> known);

  // ".nations[2].clearance"
  static std::string At(std::string_view list, int index, std::string_view field = {});

  [[nodiscard]] const v1::ExercisePolicy& policy() const { return policy_; }
  [[nodiscard]] std::vector<std::string> Classifications() const {
    return {policy_.classifications().begin(), policy_.classifications().end()};
  }
  [[nodiscard]] std::vector<std::string> Nations() const;
  // What "Releasable To" may name.
  [[nodiscard]] std::vector<std::string> NationsAndCommunities() const;
  [[nodiscard]] std::vector<std::string> Tags() const;
  // nullptr when it is not declared.
  [[nodiscard]] const v1::CategoryPolicy* FindCategory(std::string_view tag) const;
  [[nodiscard]] bool IsClassification(std::string_view name) const {
    return std::ranges::find(policy_.classifications(), name) != policy_.classifications().end();
  }

  [[nodiscard]] std::vector<PolicyError> Take() && { return std::move(errors_); }

 private:
  const v1::ExercisePolicy& policy_;
  std::string root_;
  std::vector<PolicyError> errors_;
};

inline bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// Each check adds what it finds. check_categories.cc, check_mappings.cc, check_labels.cc
void CheckCategories(Contradictions& found);
void CheckMappings(Contradictions& found);
// A value of a category, wherever it stands: one that the policy declares; in "Releasable To" a nation or a community.
void CheckValue(Contradictions& found, const std::string& where, std::string_view tag, const std::string& value);
void CheckLabel(Contradictions& found, const std::string& where, const v1::Label& label);

}  // namespace entente::broker
