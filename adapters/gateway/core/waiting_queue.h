// SPDX-License-Identifier: Apache-2.0
#pragma once

// Deliveries that wait for their node: it is not connected, or its link takes no more. In order within a precedence, the highest
// precedence first. Bounded in octets: when full, tracks conflate to the last per object and precedence, then the oldest of the
// lowest precedence goes.

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/bytes.h"
#include "base/limits.h"
#include "entente/v1/message.pb.h"
#include "proto/message_id.h"

namespace entente::gateway {

struct WaitingDelivery {
  std::uint64_t delivery = 0;
  MessageKey id;
  std::string track;  // object id of a track; empty: it does not conflate
  Bytes envelope;
};

WaitingDelivery MakeWaiting(std::uint64_t delivery, const v1::Envelope& message, ByteView envelope);

class WaitingQueue {
 public:
  using OnGivenUp = std::function<void(const WaitingDelivery&, const std::string& reason)>;

  explicit WaitingQueue(std::size_t limit_octets = limits::kLinkOutputOctets) : limit_octets_(limit_octets) {}

  // `given_up` is called for each one that had to go.
  void PutLast(WaitingDelivery delivery, const OnGivenUp& given_up);
  // What had left the queue and came back: before all others of its precedence.
  void PutFirst(WaitingDelivery delivery, const OnGivenUp& given_up);
  std::optional<WaitingDelivery> TakeFirst();

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t octets() const { return octets_; }

 private:
  struct Entry;
  using Lane = std::list<Entry>;
  struct Entry {
    WaitingDelivery delivery;
    std::string superseded_by;                                       // id of the later track; empty: none yet
    std::optional<std::list<Lane::iterator>::iterator> conflatable;  // its place in conflatable_
  };
  using Latest = std::unordered_map<std::string, Lane::iterator>;

  void Supersede(Lane::iterator older, const WaitingDelivery& by);
  WaitingDelivery Remove(Lane::iterator entry);
  void Trim(const OnGivenUp& given_up);

  static constexpr std::size_t kLanes = v1::Precedence_ARRAYSIZE;
  std::array<Lane, kLanes> lanes_;     // by precedence
  std::array<Latest, kLanes> latest_;  // by precedence: the last track of each object
  std::list<Lane::iterator> conflatable_;
  std::size_t limit_octets_;
  std::size_t octets_ = 0;
  std::size_t size_ = 0;
};

}  // namespace entente::gateway
