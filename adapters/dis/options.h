// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the exercise file may say of a DIS node, and the values as the code wants them.

#include <span>

#include "adapters/api/node_options.h"
#include "adapters/dis/pdu.h"
#include "base/time.h"

namespace entente::dis {

std::span<const adapter::NodeOption> DeclaredOptions();

struct Options {
  std::uint8_t exercise = 1;  // 0: any is understood, and 1 is sent
  EntityId self;              // site and application of what is not DIS-born; entity 0: the application itself
  std::uint8_t acting_foes = 1;
  bool absolute_timestamps = true;
  Duration heartbeat{};
  double timeout_multiple = 2.4;
  bool dead_reckoning = false;
  double threshold_m = 1;
  double threshold_deg = 3;

  [[nodiscard]] Duration timeout() const;
  [[nodiscard]] std::uint8_t sent_exercise() const { return exercise == 0 ? std::uint8_t{1} : exercise; }
};

Options ReadOptions(const adapter::NodeOptions& options);

}  // namespace entente::dis
