// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why handshakes were refused, from the threads of gRPC to the polling thread, which records them when it comes to it. Thread-safe;
// outlives both.

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace entente::broker {

// Kept between two looks; more are counted.
inline constexpr std::size_t kHandshakeRefusals = 256;

class HandshakeRefusals {
 public:
  void Add(std::string reason) {
    const std::lock_guard lock(mutex_);
    if (reasons_.size() < kHandshakeRefusals) {
      reasons_.push_back(std::move(reason));
    } else {
      ++unsaid_;
    }
  }
  std::vector<std::string> Take() {
    const std::lock_guard lock(mutex_);
    if (unsaid_ > 0) reasons_.push_back(std::to_string(std::exchange(unsaid_, 0)) + " more handshakes refused");
    return std::exchange(reasons_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> reasons_;
  std::uint64_t unsaid_ = 0;
};

}  // namespace entente::broker
