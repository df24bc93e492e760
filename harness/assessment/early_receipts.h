// SPDX-License-Identifier: Apache-2.0
#pragma once

// What receivers say they understood before the record told of its sending: their writers and the gateway's append apart. Found
// again by wire unit; what nobody asks for is forgotten when kAtMost others have come after it.

#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>

#include "entente/v1/record.pb.h"
#include "harness/assessment/clock_book.h"
#include "harness/assessment/unit_chain.h"

namespace entente::harness {

struct EarlyReceipt {
  v1::MessageUnderstood event;
  ClockReading at;
};

class EarlyReceipts {
 public:
  static constexpr std::size_t kAtMost = 4096;

  void Keep(NodeIndex node, const v1::MessageUnderstood& event, const ClockReading& at);
  // The oldest that names this unit.
  std::optional<EarlyReceipt> Take(const UnitId& unit);
  // The oldest of the node, of those that name no unit or of all, that `take` has a use for. Whether there was one.
  template <typename TryTake>
  bool TakeFirst(NodeIndex node, bool with_units, TryTake take) {
    for (auto each = waiting_.begin(); each != waiting_.end(); ++each) {
      if (each->node != node || (each->named && !with_units) || !take(each->receipt)) continue;
      Forget(each);
      return true;
    }
    return false;
  }
  // Some wait that name no unit: what was observed of a system names the message itself.
  [[nodiscard]] bool any_without_units() const { return without_units_ > 0; }
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }

 private:
  struct Waiting {
    EarlyReceipt receipt;
    NodeIndex node = kNoNode;
    bool named = false;  // by wire units
  };
  using Place = std::list<Waiting>::iterator;
  void Forget(Place place);

  std::list<Waiting> waiting_;  // oldest first
  std::unordered_multimap<UnitId, Place, UnitIdHash> by_unit_;
  std::size_t without_units_ = 0;
};

}  // namespace entente::harness
