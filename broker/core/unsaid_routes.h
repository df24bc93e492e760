// SPDX-License-Identifier: Apache-2.0
#pragma once

// While a record is read again: the routes that follow from its messages and are not in it, since the broker that decided them was
// stopped before it could say so. Bounded by what a broker may have unrecorded, as long as the record holds what it should.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "entente/v1/record.pb.h"

namespace entente::broker {

// Of events that route: MessageRouted and SpanRouted.
class UnsaidRoutes {
 public:
  // A route that follows from messages of the record.
  void Add(v1::RecordEvent routed);
  // The record says this one.
  void Said(const v1::RecordEvent& routed);
  // Those that it does not say, in order; none are kept.
  std::vector<v1::RecordEvent> Take();

 private:
  [[nodiscard]] bool IsSaid(const v1::RecordEvent& routed) const;

  // Of one origin in its last incarnation seen here: the highest sequence said, per precedence.
  struct SaidUpTo {
    std::uint64_t incarnation = 0;
    std::array<std::uint64_t, 4> sequence{};
  };
  std::map<std::string, SaidUpTo, std::less<>> said_;
  std::deque<v1::RecordEvent> routes_;
};

}  // namespace entente::broker
