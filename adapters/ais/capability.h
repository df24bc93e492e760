// SPDX-License-Identifier: Apache-2.0
#pragma once

// What AIS can say of the canonical model, and the node options that choose how.

#include "adapters/api/capability.h"
#include "adapters/api/node_options.h"

namespace entente::ais {

const adapter::CapabilityProfile& Capability();
std::span<const adapter::NodeOption> Options();

}  // namespace entente::ais
