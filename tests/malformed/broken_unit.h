// SPDX-License-Identifier: Apache-2.0
#pragma once

// Each damage rule of a protocol broken in sample units, for whoever is to be asked about them.

#include <string_view>
#include <vector>

#include "adapters/api/adapter_info.h"

namespace entente::adapter {

struct BrokenUnit {
  std::string_view form;
  Bytes right;
  Bytes damaged;
};

struct BrokenRule {
  const DamageRule* rule = nullptr;
  std::vector<BrokenUnit> units;  // of different samples, a few: a peer may not take every right one
};

// Every rule, in its order; the same units for every call.
std::vector<BrokenRule> BreakEachRule(const AdapterInfo& info);

}  // namespace entente::adapter
