// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the broker has of one origin, incarnation by incarnation. Where brokers share a record, the word of one that an old
// incarnation attached there may stand behind that of another that a newer one attached here, and incarnations have no order of
// their own: so what is known of one is not forgotten with the word of another. Bounded; pure; not thread-safe.

#include <cstdint>
#include <vector>

#include "broker/core/origin_ledger.h"

namespace entente::broker {

class IncarnationBook {
 public:
  static constexpr std::size_t kRemembered = 8;  // those that attached last; of any other nothing is known

  // It is attached: one that is known goes on, any other starts from nothing.
  void Attach(std::uint64_t incarnation);
  // nullptr: it never attached, or is forgotten. Valid until the next Attach.
  [[nodiscard]] OriginLedger* Find(std::uint64_t incarnation);

 private:
  struct Known {
    std::uint64_t incarnation;
    OriginLedger ledger;
  };

  std::vector<Known> known_;  // the last attached last
};

}  // namespace entente::broker
