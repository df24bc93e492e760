// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads a label of another policy in the words of the exercise's, as ExercisePolicy.mappings say. All or nothing: a classification
// or a category that the mapping does not name leaves the label unmapped, and so released to nobody. Pure.

#include <optional>

#include "entente/v1/policy.pb.h"

namespace entente::broker {

// A label of the exercise's policy as it is; a label of another policy in its words, with LABEL_ORIGIN_MAPPED; std::nullopt when
// there is no mapping for it. What it gives need not be sound: a mapped classification is still checked against the policy.
std::optional<v1::Label> MapLabel(const v1::ExercisePolicy& policy, const v1::Label& label);

}  // namespace entente::broker
