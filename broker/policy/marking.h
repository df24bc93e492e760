// SPDX-License-Identifier: Apache-2.0
#pragma once

// A label as one line for people, and read back from it:
//
//   EXERCISE RESTRICTED REL DEU, FRA - Caveat: BOHEMIA - Project: A, B
//
// The policy's name, the classification, "REL" with the values of "Releasable To", then each other category by its tag.

#include <string>
#include <string_view>

#include "base/result.h"
#include "entente/v1/policy.pb.h"

namespace entente::broker {

// Always one line of printable characters, whatever a peer has put into the label; "no label" without a classification.
std::string Marking(const v1::Label& label);

// The name of a policy in front may be left out: then it is of the exercise's. A category is of the type that the policy declares
// for its tag, and restrictive when it declares none. Errors say what is not known and what is.
Result<v1::Label> ParseMarking(std::string_view text, const v1::ExercisePolicy& policy);

}  // namespace entente::broker
