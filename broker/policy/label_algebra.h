// SPDX-License-Identifier: Apache-2.0
#pragma once

// The algebra of labels of one policy. Dominates is a partial order (reflexive, transitive); Combine gives the label of something
// made from both: whoever may see the combination may see each part. Pure.

#include <optional>
#include <string_view>

#include "entente/v1/policy.pb.h"

namespace entente::broker {

inline constexpr std::string_view kReleasableTo = "Releasable To";

// Index of the classification in the policy, lowest 0; std::nullopt when the policy does not list it.
std::optional<int> LevelOf(const v1::ExercisePolicy& policy, std::string_view classification);

// True when `upper` is at least as strict as `lower`: its classification is not lower, it demands every restrictive value that
// `lower` demands, and each permissive category of `lower` stands in `upper` too, with no further values. False when either
// classification is unknown or a label is of another policy: what cannot be compared does not dominate.
bool Dominates(const v1::ExercisePolicy& policy, const v1::Label& upper, const v1::Label& lower);

// Highest classification, union of restrictive and of informative values, intersection of permissive values; categories in the
// order of their tags, values sorted. A permissive category that only one part has is kept as it is. DEVIATION(ADatP-4774.1 §4.4):
// the roll-up there drops such a category. Since an absent permissive category does not restrict (release.h, rule 5), dropping it
// would show the combination to nations that may not see that part. std::nullopt when either label is of another policy or its
// classification is unknown.
std::optional<v1::Label> Combine(const v1::ExercisePolicy& policy, const v1::Label& a, const v1::Label& b);

}  // namespace entente::broker
