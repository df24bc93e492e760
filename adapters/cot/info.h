// SPDX-License-Identifier: Apache-2.0
#pragma once

// The adapter's constant, for code that wants this protocol and no other (tests, benchmarks). The rest asks the registry.

#include "adapters/api/adapter_info.h"

namespace entente::cot {

const adapter::AdapterInfo& Info();

}  // namespace entente::cot
