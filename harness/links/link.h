// SPDX-License-Identifier: Apache-2.0
#pragma once

// One access link: a channel each way, and the faults that act on them. Every fault has a lease and ends by itself; "clear all"
// proves that the link is as it was. Leases run on monotonic time while the exercise runs and stand still in PAUSEX (PauseLeases).
// Sans-I/O: whoever drives the channels (the simulated host, links/io) also asks NextDeadline. Single-threaded.

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/links/channel.h"

namespace entente::harness {

struct LinkFault {
  std::string id;
  std::optional<LinkDirection> direction = {};  // absent: both
  Chain chain = {};
  bool in_place = false;  // of what the link has of the same kinds; else beside it, with rules of its own
  Duration lease{0};      // more than zero

  bool operator==(const LinkFault&) const = default;
};

// What a unit met that was sent through copies of the chains, beside what one meets on the link as it was made.
struct LinkProbe {
  std::vector<Decision> met;  // in both directions
  bool as_made = false;       // the same as then: nothing is left of any fault

  // "12 ms to gateway, 12 ms to node, as made": for people and the record.
  std::string text;
};

class Link {
 public:
  // `name`: the node whose access link it is, "DEU/brigade".
  Link(std::string name, LinkCarrier carrier, std::uint64_t seed, const Chain& chain, Instant now = {},
       std::size_t limit_octets = kChannelOctets);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] LinkCarrier carrier() const { return carrier_; }
  Channel& channel(LinkDirection direction) { return direction == LinkDirection::kToGateway ? to_gateway_ : to_node_; }
  [[nodiscard]] const Channel& channel(LinkDirection direction) const {
    return direction == LinkDirection::kToGateway ? to_gateway_ : to_node_;
  }

  // A fault with the id of an active one takes its place, with a new lease.
  void StartFault(LinkFault fault, Instant now);
  // False when no such fault was active.
  bool EndFault(std::string_view id, Instant now);
  // Ends all faults; ids of those that were active. Afterwards the link has its own conditions again.
  std::vector<std::string> ClearAll(Instant now);
  [[nodiscard]] std::vector<std::string> active_faults() const;
  // Connections are reset and refused just now.
  [[nodiscard]] bool refuses() const;
  // No fault acts, and both channels are as the link was made.
  [[nodiscard]] bool restored() const;
  // Sends a unit of one octet through copies of both chains: uses up no unit number of the link.
  [[nodiscard]] LinkProbe Probe(Instant now) const;

  // How long a unit takes there and back over a new connection, by the chains as they are; absent: it does not come. Uses up no
  // unit number either.
  [[nodiscard]] std::optional<Duration> RoundTrip(Instant now) const;
  // The same link with the same faults and nothing under way: what passes there leaves no trace here.
  [[nodiscard]] std::unique_ptr<Link> Twin(Instant now) const;

  // Of both directions: how much later a connection is opened; the clock of the link's node.
  Duration OpenConnection() { return std::max(to_gateway_.OpenConnection(), to_node_.OpenConnection()); }
  [[nodiscard]] Duration ClockError(Instant now) const;
  // Says once that the connection must end; a reset of either direction comes first.
  std::optional<ConnectionEnd> TakeConnectionEnd();

  void PauseLeases(Instant now);
  void ResumeLeases(Instant now);

  // Of leases and channels.
  [[nodiscard]] std::optional<Instant> NextDeadline() const;
  // Of leases, and of what goes up or down or is reset by itself.
  [[nodiscard]] std::optional<Instant> NextChange() const;
  // Ends faults whose lease is over; their ids.
  std::vector<std::string> OnDeadline(Instant now);
  // Decisions made while faults ended, of both channels.
  std::vector<Decision> TakeDecisions();
  // Both channels forget what is under way.
  void Reset();

 private:
  struct ActiveFault {
    LinkFault fault;
    Instant ends;
  };
  void Apply(Instant now);
  [[nodiscard]] Chain ChainFor(LinkDirection direction) const;

  std::string name_;
  LinkCarrier carrier_;
  std::uint64_t seed_;
  Chain chain_;
  Channel to_gateway_;
  Channel to_node_;
  std::vector<ActiveFault> faults_;
  std::optional<Instant> leases_paused_at_;
};

}  // namespace entente::harness
