// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verdicts that follow from the order of things: recovery after a fault, survival of damage. Each watches the pairs of the run in
// the order of their messages.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "entente/v1/exercise.pb.h"
#include "harness/assessment/fold_state.h"
#include "harness/assessment/pair.h"
#include "harness/assessment/selection.h"
#include "harness/assessment/sequel.h"
#include "harness/assessment/verdict.h"

namespace entente::harness {

// After the fault ended: the first message of the node that another understands, and the other way round.
class RecoveryWatch {
 public:
  RecoveryWatch(const v1::RecoveryExpectation& expected, const FoldState& state);
  void Add(const Pair& pair);
  void Add(const RecoveryWatch& other);  // what it has seen
  [[nodiscard]] Judgement Judge() const;

 private:
  struct Way {
    std::uint64_t said = 0;
    std::uint64_t unobserved = 0;
    std::optional<std::int64_t> first_understood_ns;
  };
  // nullptr: it did not start, yet.
  [[nodiscard]] const FaultSummary* Fault() const { return state_.happenings().FindFault(expected_.fault()); }
  [[nodiscard]] Judgement JudgeWay(const Way& way, std::string_view direction) const;

  const v1::RecoveryExpectation& expected_;
  const FoldState& state_;
  Way out_;
  Way in_;
};

// After each damaged unit: the next right message of the same node and direction.
class SurvivalWatch {
 public:
  SurvivalWatch(const v1::SurvivalExpectation& expected, const FoldState& state, const Selection& selection);
  void Add(const Pair& pair) { sequels_.Add(pair); }
  [[nodiscard]] Judgement Judge();

 private:
  struct Sum {
    std::uint64_t damaged = 0;
    std::uint64_t survived = 0;
    std::uint64_t not_refused = 0;  // though the rule demands it
    std::uint64_t unseen = 0;       // no right message followed, or it cannot be observed
    std::vector<std::string> failures;
  };
  [[nodiscard]] Sum SumUp() const;
  void JudgeDamage(const DamagedUnit& damage, Sum& sum) const;
  [[nodiscard]] std::vector<std::string> Disturbed() const;

  const v1::SurvivalExpectation& expected_;
  const FoldState& state_;
  const Selection& selection_;
  SequelBook sequels_;
};

}  // namespace entente::harness
