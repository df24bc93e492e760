// SPDX-License-Identifier: Apache-2.0
#pragma once

// Rules of IEEE 1278.1 that a right PDU can be made to break, one at a time. Both spans are constant.

#include <span>

#include "adapters/api/damage.h"

namespace entente::dis {

std::span<const adapter::DamageRule> DamageRules();
std::span<const adapter::DamageGap> DamageGaps();

}  // namespace entente::dis
