// SPDX-License-Identifier: Apache-2.0
#pragma once

// Says whether an exercise policy is free of contradictions, before a run starts with it, and whether a label means something under
// it. Pure; every error names the entry.

#include <string>
#include <vector>

#include "base/result.h"
#include "entente/v1/policy.pb.h"

namespace entente::broker {

struct PolicyError {
  Error error;
  // When a name is unknown: the name, and those that are known, for whoever wants to say which was meant.
  std::string found{};
  std::vector<std::string> known{};
};

// Every contradiction found, in the order of the policy's fields; empty when there is none. `where` of each is a path of fields
// such as "policy.nations[2].clearance".
std::vector<PolicyError> PolicyErrors(const v1::ExercisePolicy& policy);

// What keeps a label from being judged under this policy; `where` is a path such as "label.categories[1]".
std::vector<PolicyError> LabelErrors(const v1::ExercisePolicy& policy, const v1::Label& label);

// The first of PolicyErrors.
Status CheckPolicy(const v1::ExercisePolicy& policy);

}  // namespace entente::broker
