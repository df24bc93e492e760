// SPDX-License-Identifier: Apache-2.0
#pragma once

// The messages of the run and what is known of each at each recipient: the fold writes, the judges read. A message begins when a
// simulated node composes it, or, for external nodes and recordings, when the gateway decodes it. The oldest are either kept for
// good, or settled: then only their id is remembered, and what is told of them later changes nothing.

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "entente/v1/message.pb.h"
#include "entente/v1/record.pb.h"
#include "harness/assessment/clock_book.h"
#include "harness/assessment/run_plan.h"
#include "harness/assessment/settled_ids.h"
#include "harness/assessment/texts.h"
#include "proto/message_id.h"

namespace entente::harness {

using MessageIndex = std::uint32_t;
inline constexpr MessageIndex kNoMessage = 0xFFFFFFFF;

// A message towards one recipient, from the broker's decision on.
struct Delivery {
  enum class Route : std::uint8_t { kUndecided, kReleased, kWithheld };

  NodeIndex node = kNoNode;
  Route route = Route::kUndecided;
  bool dropped = false;  // by the broker
  bool understood = false;
  bool other_family = false;                               // understood as something of another family
  bool refused = false;                                    // the unit, by the node's decoder
  bool leaked = false;                                     // to a nation that it is not releasable to
  v1::SendOutcome outcome = v1::SEND_OUTCOME_UNSPECIFIED;  // of the gateway's session
  TextId reason = kNoText;                                 // of what ended it
  TextId damage = kNoText;                                 // damage rule
  TextId lost_fields = kNoText;                            // what the gateway's ledger says was dropped or defaulted (fidelity.h)
  std::uint32_t octets = 0;                                // of its units
  std::uint64_t sequence = 0;                              // delivery sequence
  std::int64_t egressed_ns = 0;
  ClockReading understood_at{};

  [[nodiscard]] std::int64_t understood_ns() const { return understood_at.at_ns; }
};

struct Message {
  NodeIndex origin = kNoNode;
  v1::Family family = v1::FAMILY_UNSPECIFIED;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  std::uint64_t incarnation = 0;
  std::uint64_t sequence = 0;                           // 0: has not got an id, since it never reached the gateway
  std::uint16_t units = 0;                              // wire units that the composer made of it
  std::uint32_t composed_number = 0;                    // how many the node had composed, from 1; 0: nobody told us
  v1::SendOutcome said = v1::SEND_OUTCOME_UNSPECIFIED;  // of the composer; UNSPECIFIED: there is none
  v1::UnitRole role = v1::UNIT_ROLE_UNSPECIFIED;        // of its unit, as the gateway saw it
  bool refused_by_gateway = false;
  bool refused_by_broker = false;
  bool given_up = false;         // by the gateway, which had decoded it: a fault of messages, a full bus
  bool other_family = false;     // the gateway took it for another family
  TextId reason = kNoText;       // of `said` or of a refusal
  TextId damage = kNoText;       // damage rule
  TextId label = kNoText;        // v1.Label octets of the truth
  TextId addressees = kNoText;   // nodes or nations, joined by ' '
  TextId lost_fields = kNoText;  // what the composer's and the gateway's ledgers say was dropped or defaulted
  std::int64_t composed_ns = 0;
  std::int64_t received_ns = 0;
  std::int64_t ingested_ns = 0;
  std::int64_t accepted_ns = 0;
  std::int64_t routed_ns = 0;
  std::int64_t stale_at_ns = 0;
  std::string truth;        // v1.Envelope octets, until no recipient is open
  bool is_example = false;  // of something that the assessment names it for
  std::vector<Delivery> deliveries;

  ClockReading said_at{};  // whose clock gave said_ns

  // When the origin said it, as far as anybody knows.
  [[nodiscard]] std::int64_t said_ns() const {
    return composed_ns != 0 ? composed_ns : received_ns != 0 ? received_ns : ingested_ns;
  }
  [[nodiscard]] const Delivery* Find(NodeIndex node) const;
  Delivery& At(NodeIndex node);
};

// What tells a message from its origin's others.
struct MessageNumber {
  std::uint64_t incarnation = 0;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  std::uint64_t sequence = 0;
};
MessageNumber NumberOf(const v1::MessageId& id);
MessageNumber NumberOf(const Message& message);

class MessageBook {
 public:
  // More octets of waiting truths are not kept; such messages are not compared.
  static constexpr std::size_t kTruthOctets = std::size_t{512} << 20;

  MessageIndex Add() {
    recent_.emplace_back();
    return end() - 1;
  }
  // Behind the newest.
  [[nodiscard]] MessageIndex end() const { return first_recent_ + static_cast<MessageIndex>(recent_.size()); }
  // False: it is settled.
  [[nodiscard]] bool Holds(MessageIndex index) const { return index >= first_recent_ || kept_.contains(index); }
  // Of a settled one, an empty message.
  [[nodiscard]] Message& at(MessageIndex index);
  [[nodiscard]] const Message& at(MessageIndex index) const;
  // visit(index, message), the oldest first; settled ones are not there.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const auto& [index, message] : kept_) visit(index, message);
    for (MessageIndex index = first_recent_; index < end(); ++index) visit(index, recent_[index - first_recent_]);
  }

  // The oldest that is neither kept nor settled; nullptr: there is none.
  [[nodiscard]] const Message* oldest() const { return recent_.empty() ? nullptr : &recent_.front(); }
  [[nodiscard]] MessageIndex oldest_index() const { return first_recent_; }
  void KeepOldest();
  void SettleOldest();
  [[nodiscard]] bool IsSettled(NodeIndex origin, const MessageNumber& number) const;
  [[nodiscard]] std::uint64_t settled() const { return settled_; }
  // In memory: what grows with trouble, and what is recent.
  [[nodiscard]] std::size_t kept() const { return kept_.size(); }
  [[nodiscard]] std::size_t recent() const { return recent_.size(); }

  [[nodiscard]] MessageIndex Find(NodeIndex origin, const MessageNumber& number) const;
  void Name(MessageIndex index, NodeIndex origin, const MessageNumber& number);

  void KeepTruth(MessageIndex index, std::string truth);
  void DropTruth(MessageIndex index);
  [[nodiscard]] std::uint64_t truths_not_kept() const { return truths_not_kept_; }

 private:
  struct Key {
    std::uint64_t incarnation;
    std::uint64_t sequence;
    NodeIndex origin;
    std::uint8_t precedence;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  static Key KeyFor(NodeIndex origin, const MessageNumber& number);

  std::map<MessageIndex, Message> kept_;
  std::deque<Message> recent_;  // references stay while others are added
  MessageIndex first_recent_ = 0;
  Message settled_message_;  // what anybody sees of one
  SettledIds settled_ids_;
  std::uint64_t settled_ = 0;
  std::unordered_map<Key, MessageIndex, KeyHash> by_id_;
  std::size_t truth_octets_ = 0;
  std::uint64_t truths_not_kept_ = 0;
};

// The id as text; of a message without one: "DEU/brigade (composed no. 17)".
std::string NameOf(const Message& message, const RunPlan& plan);

}  // namespace entente::harness
