// SPDX-License-Identifier: Apache-2.0
#pragma once

// What DIS can say of each canonical field, by IEEE 1278.1. Versions 6 and 7 differ in nothing that the canonical model has.

#include "adapters/api/capability.h"

namespace entente::dis {

adapter::CapabilityProfile Capability();

}  // namespace entente::dis
