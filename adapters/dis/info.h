// SPDX-License-Identifier: Apache-2.0
#pragma once

// The DIS adapter as the rest sees it.

#include "adapters/api/adapter_info.h"

namespace entente::dis {

const adapter::AdapterInfo& Info();

}  // namespace entente::dis
