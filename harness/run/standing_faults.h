// SPDX-License-Identifier: Apache-2.0
#pragma once

// Faults of messages that act now, by the word of the run that conducts the exercise elsewhere. A word is good for a while, and
// must be renewed: when nobody renews it, because the run was killed, froze or cannot be reached, nothing acts any more.
// Thread-safe.

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/time.h"
#include "entente/v1/exercise.pb.h"

namespace entente::harness {

class StandingFaults {
 public:
  using List = std::vector<v1::FaultPlan>;

  void Renew(List faults, Instant good_until) {
    auto list = std::make_shared<const List>(std::move(faults));
    const std::lock_guard lock(mutex_);
    faults_ = std::move(list);
    good_until_ = good_until;
  }
  [[nodiscard]] std::shared_ptr<const List> At(Instant now) const {
    static const auto kNone = std::make_shared<const List>();
    const std::lock_guard lock(mutex_);
    return faults_ != nullptr && now < good_until_ ? faults_ : kNone;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const List> faults_;
  Instant good_until_{};
};

}  // namespace entente::harness
