// SPDX-License-Identifier: Apache-2.0
#pragma once

// The machine's clocks and entropy; for shells only.

#include "base/time.h"

namespace entente {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Now Read() const override;
};

// From the operating system; for incarnations and seeds that nobody chose.
std::uint64_t EntropyNumber();

}  // namespace entente
