// SPDX-License-Identifier: Apache-2.0
#pragma once

// What waits for one node, and what was sent to it without an acknowledgement yet: one lane per precedence, FLASH leaves first.
// Delivery numbers count per lane, given at Enqueue; what is dropped later leaves a gap in them. One thread.

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "broker/core/delivery_run.h"
#include "broker/policy/release.h"

namespace entente::broker {

// Counted for each waiting message on top of its record.
inline constexpr std::size_t kHeldOverheadOctets = 64;

struct Dropped {
  v1::MessageId id;
  std::string reason;
};

// Deliveries of one precedence with consecutive numbers.
struct Taken {
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  std::uint64_t first_delivery = 0;
  std::uint64_t count = 0;
  std::size_t octets = 0;  // of records
  std::vector<SharedSlice> slices;
};

class DeliveryQueue {
 public:
  // The delivery number of the run's first message.
  std::uint64_t Enqueue(const std::shared_ptr<const Run>& run);
  // Brings the waiting octets down to the limit: tracks conflate to the last per object, then the oldest of the lowest precedence
  // go.
  void Shed(std::size_t limit_octets, std::vector<Dropped>& dropped);
  // The next frame's deliveries, of the highest precedence that has any, in at most `budget_octets` but at least one message; stale
  // ones and those that waited longer than `age` are dropped on the way. `count` is 0 when nothing waits.
  Taken Take(std::size_t budget_octets, UtcTime now, Duration age, std::vector<Dropped>& dropped);
  // Everything of this precedence up to this delivery arrived, now or in an earlier process.
  void Acknowledge(v1::Precedence precedence, std::uint64_t delivery);
  // One message that was dropped in an earlier process, or by another broker. False: it is not here.
  bool Remove(const MessageKey& key);
  // The stream broke: what was sent and not acknowledged waits again.
  void Rewind();
  // Drops everything, what waits with the first reason and what was sent with the second.
  void Clear(std::string_view waiting_reason, std::string_view sent_reason, std::vector<Dropped>& dropped);
  // Drops what the decision no longer releases.
  void Judge(const std::function<Decision(const Run&, const RunEntry&)>& decide, std::vector<Dropped>& dropped);

  [[nodiscard]] bool HasWaiting() const { return waiting_octets_ > 0; }
  // With kHeldOverheadOctets each.
  [[nodiscard]] std::size_t waiting_octets() const { return waiting_octets_; }
  [[nodiscard]] std::size_t unacknowledged_octets() const { return unacknowledged_octets_; }
  // False also for a precedence that there is not.
  [[nodiscard]] bool WasNumbered(v1::Precedence precedence, std::uint64_t delivery) const;
  [[nodiscard]] std::uint64_t HighestAcknowledged(v1::Precedence precedence) const;

 private:
  // Entries [begin, end) of a run; their deliveries count from `delivery`. What the way of a message through the queue asks for is
  // kept here, since the run of many pieces lies elsewhere in memory.
  struct Piece {
    Piece(std::shared_ptr<const Run> whole, std::uint32_t from, std::uint32_t to, std::uint64_t first_delivery)
        : run(std::move(whole)),
          begin(from),
          end(to),
          octets(static_cast<std::uint32_t>(run->Records(from, to).size())),
          delivery(first_delivery),
          first_stale_at_ns(run->first_stale_at_ns) {}

    std::shared_ptr<const Run> run;
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t octets;  // of the records
    std::uint64_t delivery;
    std::int64_t first_stale_at_ns;  // none is stale before

    [[nodiscard]] std::size_t HeldOctets() const { return octets + (end - begin) * kHeldOverheadOctets; }
    Piece SplitFront(std::uint32_t count);
    [[nodiscard]] Piece Part(std::uint32_t from, std::uint32_t to) const { return {run, from, to, delivery + (from - begin)}; }
    // One entry more, before the first.
    void TakeBefore(const RunEntry& entry);
  };
  struct Lane {
    std::deque<Piece> waiting;
    std::deque<Piece> unacknowledged;
    std::uint64_t next_delivery = 1;
    std::uint64_t acknowledged = 0;
    std::size_t removed_at = 0;  // where Remove found the last one: the next is near
  };

  void Conflate(Lane& lane, std::vector<Dropped>& dropped);
  void DropFront(Lane& lane, std::string_view reason, std::vector<Dropped>& dropped);
  void DropOutdated(Lane& lane, UtcTime now, UtcTime oldest, std::vector<Dropped>& dropped);
  static std::uint32_t EndOfFitting(const Piece& piece, std::size_t budget_octets, const Taken& taken, UtcTime now);
  void TakeFrom(Lane& lane, std::size_t budget_octets, UtcTime now, Taken& taken);
  void RemoveFrom(Lane& lane, std::size_t piece, std::uint32_t entry);

  std::array<Lane, 4> lanes_;  // ROUTINE first
  std::size_t waiting_octets_ = 0;
  std::size_t unacknowledged_octets_ = 0;
  std::size_t enqueued_since_conflation_ = 0;
};

}  // namespace entente::broker
