// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which message a wire unit belongs to, from the end that sent it to the end that received it: by hash, per node and direction,
// first in first out among equal hashes. Units that were received stay known for a while, since several messages may be made of
// one unit, and since a link may deliver one twice.

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "entente/v1/record.pb.h"
#include "harness/assessment/message_book.h"
#include "harness/assessment/run_plan.h"
#include "harness/assessment/texts.h"

namespace entente::harness {

struct UnitId {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  NodeIndex node = kNoNode;
  v1::Direction direction = v1::DIRECTION_UNSPECIFIED;

  UnitId(NodeIndex of_node, v1::Direction towards, std::string_view hash);
  bool operator==(const UnitId&) const = default;
};

struct UnitIdHash {
  std::size_t operator()(const UnitId& unit) const {
    return unit.low ^ (std::size_t{unit.node} << 1) ^ std::size_t(unit.direction);
  }
};

struct SentUnit {
  MessageIndex message = kNoMessage;
  TextId damage = kNoText;  // damage rule, when it was damaged on the way
};

class UnitChain {
 public:
  static constexpr std::size_t kUnitsRemembered = 65'536;
  static constexpr std::size_t kEarlyDamage = 256;

  // `observed`: somebody will say whether it was received; else it is forgotten like a received one. Gives the rule by which it was
  // damaged, when that was told before its sending: the link and the gateway write to the record apart.
  TextId Sent(const UnitId& unit, MessageIndex message, bool observed);
  // The oldest of the units sent with this hash that was not received yet.
  std::optional<SentUnit> Receive(const UnitId& unit);
  // The one that Receive gave last.
  [[nodiscard]] std::optional<SentUnit> Received(const UnitId& unit) const;
  // The unit became another on its way. std::nullopt when it is not known (yet).
  std::optional<SentUnit> Damage(const UnitId& before, const UnitId& after, TextId rule);

 private:
  struct Entry {
    std::vector<SentUnit> sent;  // few: equal hashes that are under way at once
    SentUnit received;
    std::uint32_t remembered = 0;  // times in the ring below
  };
  void Remember(const UnitId& unit, Entry& entry);

  struct EarlyDamage {
    UnitId before;
    UnitId after;
    TextId rule = kNoText;
  };
  TextId TakeEarlyDamage(const UnitId& unit, MessageIndex message);

  std::unordered_map<UnitId, Entry, UnitIdHash> units_;
  std::deque<EarlyDamage> early_;  // of units whose sending was not told yet
  std::deque<UnitId> remembered_;
};

}  // namespace entente::harness
