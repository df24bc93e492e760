// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the broker has of one origin in one incarnation, and what it still owes it a receipt for: deduplication and receipts. A
// message is accepted when it is admitted, and applied when the record has it (durable) or at once
// (relay); receipts are for what is applied.

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "entente/v1/bus.pb.h"

namespace entente::broker {

// Refusals remembered for a publisher whose stream broke before it read them; older ones are forgotten.
inline constexpr std::size_t kRefusalsRemembered = 256;
// Refusals not yet sent. More: the stream is closed with the reason, since the publisher does not listen.
inline constexpr std::size_t kRefusalsOwed = 1024;

class OriginLedger {
 public:
  enum class Arrival { kNext, kAfterGap, kDuplicate };

  // A stream of the same incarnation again: refusals that may not have arrived are owed again.
  void Resume();

  Arrival Accept(v1::Precedence precedence, std::uint64_t sequence);
  [[nodiscard]] bool Has(v1::Precedence precedence, std::uint64_t sequence) const;
  // False: it was applied before.
  bool Apply(v1::Precedence precedence, std::uint64_t sequence);
  // False: too many refusals are owed.
  bool Refuse(v1::Precedence precedence, std::uint64_t sequence, std::string_view reason);
  // A refusal said by an earlier broker, to be owed when the node comes back.
  void RememberRefused(v1::Receipt receipt);
  // Another incarnation has taken its place: one that comes back sends again what has no receipt.
  void ForgetRefusals();

  [[nodiscard]] bool HasReceipts() const;
  void TakeReceipts(v1::BrokerFrame& frame);
  void DescribePublished(v1::Welcome& welcome) const;

 private:
  struct Lane {
    std::uint64_t accepted = 0;  // highest
    std::uint64_t refused = 0;   // highest refused: not a gap
    std::uint64_t applied = 0;   // highest
    bool receipt_due = false;
  };
  static std::size_t IndexOf(v1::Precedence precedence) { return static_cast<std::size_t>(precedence) - 1; }

  std::array<Lane, 4> lanes_;  // ROUTINE first
  std::deque<v1::Receipt> remembered_;
  std::vector<v1::Receipt> owed_;
};

}  // namespace entente::broker
