// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much of something may be had: at most `burst` at once, and `per_second` over time. Starts full; sans-clock.

#include <algorithm>

#include "base/time.h"

namespace entente {

class TokenBucket {
 public:
  struct Rate {
    double burst = 0;
    double per_second = 0;
  };

  explicit TokenBucket(Rate rate) : rate_(rate), tokens_(rate.burst) {}

  [[nodiscard]] double Available(Instant now) const {
    const double grown = now > filled_at_ ? ToSeconds(now - filled_at_) * rate_.per_second : 0;
    return std::min(rate_.burst, tokens_ + grown);
  }
  // False, and nothing is taken, when there is not enough.
  bool Take(Instant now, double tokens = 1) {
    const double available = Available(now);
    if (available < tokens) return false;
    tokens_ = available - tokens;
    filled_at_ = std::max(filled_at_, now);
    return true;
  }
  // Takes it in any case, into debt if need be.
  void Owe(Instant now, double tokens) {
    tokens_ = Available(now) - tokens;
    filled_at_ = std::max(filled_at_, now);
  }
  // Until the debt is paid.
  [[nodiscard]] Duration Wait(Instant now) const {
    const double available = Available(now);
    return available >= 0 ? Duration::zero() : FromSeconds(-available / rate_.per_second);
  }

 private:
  Rate rate_;
  double tokens_;
  Instant filled_at_{};
};

}  // namespace entente
