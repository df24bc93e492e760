// SPDX-License-Identifier: Apache-2.0
#include "tests/performance/shared_number.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <climits>

namespace entente::performance {

using std::chrono::steady_clock;

void SharedNumber::Set(std::uint32_t number) {
  number_.store(number);
  Wake();
}

void SharedNumber::Increment() {
  number_.fetch_add(1);
  Wake();
}

bool SharedNumber::AwaitOtherThan(std::uint32_t seen, steady_clock::time_point deadline) const {
  while (Get() == seen) {
    if (steady_clock::now() >= deadline) return false;
    Sleep(seen, &deadline);
  }
  return true;
}

void SharedNumber::AwaitAtLeast(std::uint32_t number) const {
  for (std::uint32_t seen = Get(); seen < number; seen = Get()) Sleep(seen, nullptr);
}

void SharedNumber::Wake() {
  syscall(SYS_futex, &number_, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

// The deadline of FUTEX_WAIT_BITSET is a time of the monotonic clock, as steady_clock's are.
void SharedNumber::Sleep(std::uint32_t seen, const steady_clock::time_point* deadline) const {
  timespec at{};
  if (deadline != nullptr) {
    const auto ns = std::chrono::nanoseconds(deadline->time_since_epoch()).count();
    at = {.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
  }
  syscall(SYS_futex, &number_, FUTEX_WAIT_BITSET, seen, deadline == nullptr ? nullptr : &at, nullptr, FUTEX_BITSET_MATCH_ANY);
}

}  // namespace entente::performance
