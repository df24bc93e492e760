// SPDX-License-Identifier: Apache-2.0
#pragma once

// What came after a damaged unit: the next right message of the same node and direction that no fault kept back, so that the
// receiver's own state decides what becomes of it; and who else lost its connection. Sees the pairs of the run in the order of
// their messages.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/assessment/fold_state.h"
#include "harness/assessment/pair.h"

namespace entente::harness {

// The node whose link or output a fault acts on: by the plan, else by the words of its target. kNoNode: none.
NodeIndex NodeOfFault(const FaultSummary& fault, const RunPlan& plan);
// The message was neither withheld nor damaged nor unsayable.
bool CanArrive(Fate fate);

enum class Sequel {
  kUnderstood,  // in time
  kLate,        // understood, but not in time
  kNotUnderstood,
  kUnseen,  // none followed, or it cannot be observed
};

class SequelBook {
 public:
  struct After {
    Sequel sequel = Sequel::kUnseen;
    MessageIndex message = kNoMessage;  // the next right one
    std::int64_t took_ns = 0;           // until it was understood; 0: was not
  };

  explicit SequelBook(const FoldState& state) : state_(state) {}
  void Add(const Pair& pair);
  // Once, behind the last Add.
  void Close();
  // `within_ns` 0: whenever.
  [[nodiscard]] After Of(const DamagedUnit& damage, std::int64_t within_ns) const;

 private:
  struct Right {  // a message that was not damaged
    MessageIndex message = kNoMessage;
    std::int64_t said_ns = 0;
    std::optional<std::int64_t> understood_ns;
    bool observable = false;
  };

  const FoldState& state_;
  std::map<LinkSide, std::vector<Right>> right_;
};

// "GBR/ship was disturbed: reset": nodes that no unit was damaged of and no fault acted on, and that lost their connection between
// the two moments.
std::vector<std::string> DisturbedOthers(const FoldState& state, std::int64_t from_ns, std::int64_t to_ns);

}  // namespace entente::harness
