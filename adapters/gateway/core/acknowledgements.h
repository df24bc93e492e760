// SPDX-License-Identifier: Apache-2.0
#pragma once

// Deliveries of one precedence are decided in any order, but acknowledged to the bus only as far as all earlier ones are decided.

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>

namespace entente::gateway {

class Acknowledgements {
 public:
  enum class Arrival { kNew, kUndecidedRepeat, kDecidedRepeat };

  // After a broken stream the bus may deliver again what was not acknowledged.
  Arrival Expect(std::uint64_t delivery) {
    if (delivery > highest_) {
      highest_ = delivery;
      open_.push_back({delivery, false});
      return Arrival::kNew;
    }
    const auto found = Find(delivery);
    return found != open_.end() && !found->decided ? Arrival::kUndecidedRepeat : Arrival::kDecidedRepeat;
  }

  // How far everything is decided now, when that moved.
  std::optional<std::uint64_t> Decide(std::uint64_t delivery) {
    const auto found = Find(delivery);
    if (found == open_.end()) return std::nullopt;
    found->decided = true;
    std::optional<std::uint64_t> up_to;
    while (!open_.empty() && open_.front().decided) {
      up_to = open_.front().delivery;
      open_.pop_front();
    }
    if (up_to) decided_up_to_ = *up_to;
    return up_to;
  }

  [[nodiscard]] std::uint64_t decided_up_to() const { return decided_up_to_; }
  [[nodiscard]] std::size_t open() const { return open_.size(); }

 private:
  struct Open {
    std::uint64_t delivery = 0;
    bool decided = false;
  };

  std::deque<Open>::iterator Find(std::uint64_t delivery) {
    const auto found = std::ranges::lower_bound(open_, delivery, {}, &Open::delivery);
    return found != open_.end() && found->delivery == delivery ? found : open_.end();
  }

  std::deque<Open> open_;
  std::uint64_t highest_ = 0;
  std::uint64_t decided_up_to_ = 0;
};

}  // namespace entente::gateway
