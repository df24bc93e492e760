// SPDX-License-Identifier: Apache-2.0
#include "base/io/system_clock.h"

#include <random>

namespace entente {

Now SystemClock::Read() const {
  return {Instant(std::chrono::steady_clock::now().time_since_epoch()),
          std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now())};
}

std::uint64_t EntropyNumber() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32 | device();
}

}  // namespace entente
