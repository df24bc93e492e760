// SPDX-License-Identifier: Apache-2.0
#pragma once

// A number in shared memory that processes wait on for one another. (std::atomic's own wait is for the threads of one process.)
// Zero octets are the number 0.

#include <atomic>
#include <chrono>
#include <cstdint>

namespace entente::performance {

class SharedNumber {
 public:
  [[nodiscard]] std::uint32_t Get() const { return number_.load(std::memory_order_acquire); }
  // Both wake everybody who waits.
  void Set(std::uint32_t number);
  void Increment();
  // Waits while it is `seen`; false if that lasts until the deadline.
  bool AwaitOtherThan(std::uint32_t seen, std::chrono::steady_clock::time_point deadline) const;
  // Waits for as long as it takes.
  void AwaitAtLeast(std::uint32_t number) const;

 private:
  void Wake();
  // Perhaps for nothing; no deadline: for as long as it takes.
  void Sleep(std::uint32_t seen, const std::chrono::steady_clock::time_point* deadline) const;

  std::atomic<std::uint32_t> number_;
};

}  // namespace entente::performance
