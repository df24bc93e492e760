// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a CoT event can say of the canonical model, in either notation.

#include "adapters/api/capability.h"

namespace entente::cot {

const adapter::CapabilityProfile& XmlCapability();
const adapter::CapabilityProfile& TakV1Capability();

}  // namespace entente::cot
