// SPDX-License-Identifier: Apache-2.0
#pragma once

// What one decoder of other make says to each broken rule.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/malformed/broken_unit.h"

namespace entente::adapter {

// Not installed: no test can say what it would do.
bool IsInstalled(std::string_view peer);
// "refused", "accepted", or "-": none of the rule's right units is taken, or the peer has no part in what was broken. In the order
// of the rules.
std::vector<std::string> OpinionsOf(std::string_view peer, std::span<const BrokenRule> rules);

}  // namespace entente::adapter
