// SPDX-License-Identifier: Apache-2.0
#pragma once

// What does not change about a simulated node during a run.

#include <cstdint>
#include <string>

#include "adapters/api/adapter_info.h"
#include "entente/v1/exercise.pb.h"

namespace entente::harness {

struct NodeSetting {
  v1::NodePlan plan;
  const adapter::AdapterInfo* adapter = nullptr;
  const adapter::Form* form = nullptr;  // wished for
  adapter::NodeOptions options;
  v1::Label default_label;
  std::uint64_t seed = 0;
  std::string exercise;
  std::uint64_t incarnation = 1;
};

}  // namespace entente::harness
