// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every message of the run and what is known of it at each recipient: the fold writes, the judges read. A message begins when a
// simulated node composes it, or, for external nodes and recordings, when the gateway decodes it.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "entente/v1/message.pb.h"
#include "entente/v1/record.pb.h"
#include "harness/assessment/clock_book.h"
#include "harness/assessment/run_plan.h"
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
  std::string truth;  // v1.Envelope octets, until no recipient is open
  std::vector<Delivery> deliveries;

  ClockReading said_at{};  // whose clock gave said_ns

  // When the origin said it, as far as anybody knows.
  [[nodiscard]] std::int64_t said_ns() const {
    return composed_ns != 0 ? composed_ns : received_ns != 0 ? received_ns : ingested_ns;
  }
  [[nodiscard]] const Delivery* Find(NodeIndex node) const;
  Delivery& At(NodeIndex node);
};

class MessageBook {
 public:
  // More octets of waiting truths are not kept; such messages are not compared.
  static constexpr std::size_t kTruthOctets = std::size_t{512} << 20;

  MessageIndex Add() {
    messages_.emplace_back();
    return static_cast<MessageIndex>(messages_.size() - 1);
  }
  [[nodiscard]] Message& at(MessageIndex index) { return messages_[index]; }
  [[nodiscard]] const Message& at(MessageIndex index) const { return messages_[index]; }
  [[nodiscard]] const std::vector<Message>& messages() const { return messages_; }

  [[nodiscard]] MessageIndex Find(NodeIndex origin, const v1::MessageId& id) const;
  void Name(MessageIndex index, NodeIndex origin, const v1::MessageId& id);

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
  static Key KeyFor(NodeIndex origin, const v1::MessageId& id);

  std::vector<Message> messages_;
  std::unordered_map<Key, MessageIndex, KeyHash> by_id_;
  std::size_t truth_octets_ = 0;
  std::uint64_t truths_not_kept_ = 0;
};

// The id as text; of a message without one: "DEU/brigade (composed no. 17)".
std::string NameOf(const Message& message, const RunPlan& plan);

}  // namespace entente::harness
