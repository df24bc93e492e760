// SPDX-License-Identifier: Apache-2.0
#pragma once

// Rules of CoT, XML and TAK protocol v1 that the harness can break, one at a time. Both spans are constant.

#include <span>

#include "adapters/api/damage.h"

namespace entente::cot {

std::span<const adapter::DamageRule> DamageRules();
std::span<const adapter::DamageGap> DamageGaps();

}  // namespace entente::cot
