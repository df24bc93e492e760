// SPDX-License-Identifier: Apache-2.0
#pragma once

// Rules of IEC 61162-1 and ITU-R M.1371-5 that can be broken one at a time, the rest repaired. Both spans are constant.

#include <span>

#include "adapters/api/damage.h"

namespace entente::ais {

std::span<const adapter::DamageRule> DamageRules();
std::span<const adapter::DamageGap> DamageGaps();

}  // namespace entente::ais
