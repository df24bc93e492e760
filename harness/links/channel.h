// SPDX-License-Identifier: Apache-2.0
#pragma once

// One direction of a link, sans-I/O: octets go in, and come out when they are due. A chain of impairments decides; delay is a due
// time from arrival, never a sleep. Order on a stream is kept, and nothing vanishes from the middle of a connection: loss delays it
// as retransmission does, and what takes octets away for good ends the connection. Datagrams may be lost, doubled and overtaken.
// Single-threaded.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "harness/links/chain.h"
#include "harness/links/decision.h"

namespace entente::harness {

// Octets under way in one channel. Reached on a stream: full() says so and the caller stops reading. Reached by datagrams: the new
// one is lost by rule "queue".
inline constexpr std::size_t kChannelOctets = 4UL * 1024 * 1024;

struct ChannelConfig {
  std::string link;  // the node whose access link it is
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

  // For units from now on. What acted before and still does goes on as it was; rules must differ.
  void SetChain(const Chain& chain, Instant now);
  [[nodiscard]] const Chain& chain() const { return chain_; }
  // Down just now: new datagrams are lost and new stream octets are held until the end; what was under way arrives.
  [[nodiscard]] Gate gate() const { return gate_; }
  // When the link goes up or down or is reset by itself, without anything arriving.
  [[nodiscard]] std::optional<Instant> NextChange() const { return next_change_; }
  // Does what is due of that; Offer and Take do so, too.
  void Update(Instant now);
  // Decisions made outside Offer: on what an outage held, when it ended.
  std::vector<Decision> TakeDecisions() { return std::exchange(decisions_, {}); }

  // The connection must end: at once by a reset, or, once everything under way has been taken, by a close. Said once.
  std::optional<ConnectionEnd> TakeConnectionEnd();
  // How much later the connection that now begins is opened. Decided as the others are.
  Duration OpenConnection();
  // Its end begins; how much later it is told.
  void NoteClose();
  // Duration::max(): its end is not told at all.
  [[nodiscard]] Duration CloseDelay() const;
  // How far the clock of the link's node is ahead.
  [[nodiscard]] Duration ClockError(Instant now) const;

  [[nodiscard]] std::size_t octets_under_way() const { return octets_under_way_; }
  [[nodiscard]] bool empty() const { return octets_under_way_ == 0 && queue_.empty(); }
  [[nodiscard]] bool full() const;
  // The connection is gone: what was under way is forgotten. A new stream begins with a new unit.
  void Reset();

 private:
  using QueueKey = std::pair<Instant, std::uint64_t>;  // due time, then order of arrival
  struct Queued {
    Bytes octets;
    std::uint64_t unit = 0;
    bool alone = false;
  };

  void OfferDatagram(ByteView octets, Instant now);
  void OfferStream(ByteView octets, Instant now);
  void Hold(ByteView octets);
  // Stream octets through the chain, block by block.
  void Advance(ByteView octets, Instant now);
  void Walk(Passage& passage);
  // What waited before a narrow link that is wide again leaves now, in order.
  void LetGo(Instant now);
  void Withdraw(const Withdrawal& withdrawal);
  void Enqueue(Instant due, Queued queued);
  void DecideHere(std::string_view rule, std::uint64_t unit, DecisionKind kind, std::size_t octets, Duration delay = {});
  [[nodiscard]] std::uint64_t next_block() const;
  void ResetConnection(std::string_view rule);

  LinkStream stream_;
  std::size_t limit_octets_;
  Chain chain_;
  std::vector<std::unique_ptr<Impairment>> impairments_;  // one per entry of chain_
  Gate gate_ = Gate::kOpen;
  std::string gate_rule_;  // whose gate is shut
  std::optional<Instant> next_change_;
  Instant updated_{};
  std::optional<ConnectionEnd> end_;
  std::map<QueueKey, Queued> queue_;
  Bytes held_;  // by an outage, of a stream
  std::size_t octets_under_way_ = 0;
  std::uint64_t arrivals_ = 0;
  std::uint64_t datagrams_ = 0;
  std::uint64_t offset_ = 0;      // of the stream: octets that went through the chain
  std::uint64_t connection_ = 0;  // offset at which the present connection began
  std::uint64_t held_until_ = 0;  // offset up to which an outage's decisions were made
  Instant last_due_{};            // of the stream
  std::vector<Decision> decisions_;
};

}  // namespace entente::harness
