// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a broker wrote down so far, for tests that wait for it. Any thread.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "entente/v1/record.pb.h"

namespace entente::broker::testing {

class EventLog {
 public:
  using Wanted = std::function<bool(const v1::RecordEvent&)>;
  // A time that only a failure takes.
  static constexpr std::chrono::seconds kPatience{30};

  void Note(v1::RecordEvent event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    changed_.notify_all();
  }
  // The first event for which it is true, once there is one; nothing if there is none for so long.
  [[nodiscard]] std::optional<v1::RecordEvent> Find(const Wanted& wanted, std::chrono::milliseconds patience = kPatience) {
    std::unique_lock lock(mutex_);
    auto found = events_.end();
    changed_.wait_for(lock, patience, [&] { return (found = std::ranges::find_if(events_, wanted)) != events_.end(); });
    return found == events_.end() ? std::nullopt : std::optional(*found);
  }
  // The same; fails the test if there is none.
  v1::RecordEvent Await(const Wanted& wanted) {
    const std::optional<v1::RecordEvent> found = Find(wanted);
    EXPECT_TRUE(found.has_value()) << "the event that was waited for did not come";
    return found.value_or(v1::RecordEvent());
  }
  [[nodiscard]] std::ptrdiff_t Count(const Wanted& wanted) {
    const std::lock_guard lock(mutex_);
    return std::ranges::count_if(events_, wanted);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<v1::RecordEvent> events_;
};

}  // namespace entente::broker::testing
