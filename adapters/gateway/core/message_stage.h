// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where faults meet messages, and not octets: the host says what becomes of each one that passes an access point. One per access
// point, called from its thread only. Also what waits there because a fault delays it.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/limits.h"
#include "base/time.h"
#include "entente/v1/message.pb.h"
#include "entente/v1/record.pb.h"

namespace entente::gateway {

struct MessageFate {
  std::string lost_because;  // empty: it passes
  Duration delay{0};
  std::size_t copies = 0;  // beside the first
};

class MessageStage {
 public:
  virtual ~MessageStage() = default;
  // Records what it decides.
  virtual MessageFate Decide(const v1::Envelope& message, v1::Direction direction, Now now) = 0;
};

// What a fault delays, by when it may go on; bounded in octets.
template <typename Held>
class DelayedMessages {
 public:
  static constexpr std::size_t kDelayedOctets = limits::kLinkOutputOctets;

  // False when it is full: nothing was taken.
  [[nodiscard]] bool HasRoom(std::size_t octets) const { return octets_ + octets <= kDelayedOctets; }
  void Put(Instant due, std::size_t octets, Held held) {
    octets_ += octets;
    held_.emplace(due, std::pair(octets, std::move(held)));
  }
  std::optional<Held> TakeDue(Instant now) {
    if (held_.empty() || held_.begin()->first > now) return std::nullopt;
    return TakeFirst();
  }
  std::optional<Held> TakeFirst() {
    if (held_.empty()) return std::nullopt;
    auto [octets, held] = std::move(held_.begin()->second);
    held_.erase(held_.begin());
    octets_ -= octets;
    return held;
  }
  [[nodiscard]] std::optional<Instant> NextDue() const {
    return held_.empty() ? std::nullopt : std::optional(held_.begin()->first);
  }
  [[nodiscard]] std::size_t size() const { return held_.size(); }

 private:
  std::multimap<Instant, std::pair<std::size_t, Held>> held_;  // equal times keep their order
  std::size_t octets_ = 0;
};

}  // namespace entente::gateway
