// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the broker has of one origin in its present incarnation, and what it still owes it a receipt for: deduplication and
// receipts. One per node.

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

  // A new incarnation starts from nothing.
  void Begin();
  // A stream of the same incarnation again: refusals that may not have arrived are owed again.
  void Resume();

  Arrival Accept(v1::Precedence precedence, std::uint64_t sequence);
  // False: too many refusals are owed.
  bool Refuse(v1::Precedence precedence, std::uint64_t sequence, std::string_view reason);
  // Receipts up to what has been accepted so far may go out once the record has `accepted` messages.
  void MarkAccepted(std::uint64_t accepted);
  // The record has this many. True: a receipt became due.
  bool Recorded(std::uint64_t accepted);

  [[nodiscard]] bool HasReceipts() const;
  // Refusals always; acceptances only when `with_accepted`, else they stay due.
  void TakeReceipts(v1::BrokerFrame& frame, bool with_accepted);
  void DescribePublished(v1::Welcome& welcome) const;

 private:
  struct Lane {
    std::uint64_t highest = 0;      // accepted
    std::uint64_t refused = 0;      // highest refused: not a gap
    std::uint64_t receiptable = 0;  // accepted, and in the record where that is asked for
    bool receipt_due = false;
  };
  struct Mark {
    std::uint64_t accepted;
    std::array<std::uint64_t, 4> highest;
  };
  static std::size_t IndexOf(v1::Precedence precedence) { return static_cast<std::size_t>(precedence) - 1; }

  std::array<Lane, 4> lanes_;  // ROUTINE first
  std::deque<Mark> marks_;
  std::deque<v1::Receipt> remembered_;
  std::vector<v1::Receipt> owed_;
};

}  // namespace entente::broker
