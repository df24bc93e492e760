// SPDX-License-Identifier: Apache-2.0
#pragma once

// Says whether an exercise policy is free of contradictions, before a run starts with it. Pure; every error names the entry.

#include <vector>

#include "base/result.h"
#include "entente/v1/policy.pb.h"

namespace entente::broker {

// Every contradiction found, in the order of the policy's fields; empty when there is none. `where` of each is a path such as
// "policy.nations[2].clearance".
std::vector<Error> PolicyErrors(const v1::ExercisePolicy& policy);

// The first of PolicyErrors.
Status CheckPolicy(const v1::ExercisePolicy& policy);

}  // namespace entente::broker
