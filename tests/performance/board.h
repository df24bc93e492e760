// SPDX-License-Identifier: Apache-2.0
#pragma once

// The page of memory that the processes of one measurement share: what the driver asks for, how far everybody is, what receivers
// saw. Every field but `progress` is written by one process alone. Zero octets are a board on which nothing has happened.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "tests/performance/shared_number.h"

namespace entente::performance {

inline constexpr std::size_t kPlaces = 64;
inline constexpr std::size_t kSamples = 1 << 18;

struct alignas(64) ReceiverPlace {
  std::atomic<std::uint32_t> ready;
  std::atomic<std::uint64_t> received;
  std::atomic<std::uint64_t> last_sequence;
  std::atomic<std::uint64_t> gaps;  // messages whose sequence did not follow, or that could not be read
};

// Times from one event to another, in nanoseconds; what comes after kSamples is not kept.
struct Samples {
  std::atomic<std::uint32_t> count;
  std::array<std::uint32_t, kSamples> ns;

  void Add(std::int64_t value) {
    const std::uint32_t at = count.load(std::memory_order_relaxed);
    if (at == kSamples) return;
    ns[at] = static_cast<std::uint32_t>(value < 0 ? 0 : value);
    count.store(at + 1, std::memory_order_release);
  }
};

struct Board {
  // The driver's.
  std::atomic<std::uint32_t> go;
  std::atomic<std::uint32_t> sampling;
  SharedNumber stop;  // 1: the publisher; 2: everybody
  // The publisher's.
  alignas(64) std::atomic<std::uint32_t> publisher_ready;
  std::atomic<std::uint64_t> published;
  std::atomic<std::uint64_t> acknowledged;  // has a receipt
  std::atomic<std::uint64_t> refused;
  std::atomic<std::uint32_t> publisher_done;
  Samples acknowledgement;  // publish to receipt
  // The receivers'; samples only of the first.
  std::array<ReceiverPlace, kPlaces> receivers;
  Samples delivery;  // publish to receiver
  // Everybody's: rises with each step that the driver may wait for.
  alignas(64) SharedNumber progress;

  // Messages and receipts are waited for only when the publisher has been stopped.
  void CountedOne() {
    if (stop.Get() != 0) progress.Increment();
  }
};

// Anonymous shared memory that children inherit by number.
class SharedBoard {
 public:
  SharedBoard();                              // the driver's: a fresh board
  explicit SharedBoard(int file_descriptor);  // a child's
  ~SharedBoard();
  SharedBoard(const SharedBoard&) = delete;
  SharedBoard& operator=(const SharedBoard&) = delete;

  [[nodiscard]] int file_descriptor() const { return file_descriptor_; }
  [[nodiscard]] Board& operator*() const { return *board_; }
  [[nodiscard]] Board* operator->() const { return board_; }

 private:
  void Map();
  int file_descriptor_;
  Board* board_ = nullptr;
};

}  // namespace entente::performance
