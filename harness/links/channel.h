// SPDX-License-Identifier: Apache-2.0
#pragma once

// One direction of a link, sans-I/O: octets go in, and come out when they are due. A chain of impairments (outage, loss, latency,
// rate) sets when; delay is a due time from arrival, never a sleep. Order on a stream is kept, nothing of it is removed: loss
// delays it as retransmission does. Datagrams may be lost, and overtake each other under jitter. Single-threaded.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "harness/links/conditions.h"
#include "harness/links/decision.h"
#include "harness/links/impairment.h"

namespace entente::harness {

// Octets under way in one channel. Reached on a stream: full() says so and the caller stops reading. Reached by datagrams: the new
// one is lost by rule "queue".
inline constexpr std::size_t kChannelOctets = 4UL * 1024 * 1024;

struct ChannelConfig {
  std::string link;  // the node whose access link it is: part of the name of every stream of chance
  LinkDirection direction = LinkDirection::kToGateway;
  LinkCarrier carrier = LinkCarrier::kStream;
  std::uint64_t seed = 0;
  std::size_t limit_octets = kChannelOctets;
};

class Channel {
 public:
  explicit Channel(ChannelConfig config);

  // Octets of a stream in any slices, or one datagram. Decisions on units whose first octet is among them.
  std::vector<Decision> Offer(ByteView octets, Instant now);
  // When the next octets come out; std::nullopt: nothing is under way, or an outage holds it.
  [[nodiscard]] std::optional<Instant> NextDue() const;
  // The next octets that are due, if any: stream octets in order, or one datagram. Call until it gives none.
  std::optional<Bytes> Take(Instant now);

  // For units from now on.
  void SetConditions(const Conditions& conditions) { conditions_ = conditions; }
  [[nodiscard]] const Conditions& conditions() const { return conditions_; }
  // While cut, new datagrams are lost and new stream octets are held until the end; what was under way arrives.
  void SetCut(bool cut, Instant now);
  // Decisions made outside Offer: on what an outage held, when it ended.
  std::vector<Decision> TakeDecisions() { return std::exchange(decisions_, {}); }
  [[nodiscard]] bool cut() const { return cut_; }

  [[nodiscard]] std::size_t octets_under_way() const { return octets_under_way_; }
  [[nodiscard]] bool empty() const { return octets_under_way_ == 0; }
  [[nodiscard]] bool full() const { return octets_under_way_ >= limit_octets_; }
  // The connection is gone: what was under way is forgotten. A new stream begins with a new unit.
  void Reset();

 private:
  using QueueKey = std::pair<Instant, std::uint64_t>;  // due time, then order of arrival

  void OfferDatagram(ByteView octets, Instant now);
  void OfferStream(ByteView octets, Instant now);
  void Hold(ByteView octets);
  // Stream octets through the chain, block by block.
  void Advance(ByteView octets, Instant now);
  // The chain; the unit's due time, or nothing when it is lost.
  std::optional<Instant> Impair(Transit transit);
  void Enqueue(Instant due, ByteView octets);

  LinkStream stream_;
  std::size_t limit_octets_;
  Conditions conditions_;
  std::vector<std::unique_ptr<Impairment>> chain_;
  bool cut_ = false;
  std::map<QueueKey, Bytes> queue_;
  Bytes held_;  // by an outage, of a stream
  std::size_t octets_under_way_ = 0;
  std::uint64_t arrivals_ = 0;
  std::uint64_t datagrams_ = 0;
  std::uint64_t offset_ = 0;      // of the stream: octets that went through the chain
  std::uint64_t held_until_ = 0;  // offset up to which an outage's decisions were made
  Instant last_due_{};            // of the stream
  std::vector<Decision> decisions_;
};

}  // namespace entente::harness
