// SPDX-License-Identifier: Apache-2.0
#pragma once

// One expectation of the exercise: takes the pairs that it speaks of, then judges them as a whole and per cell of the matrix.

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "entente/v1/exercise.pb.h"
#include "harness/assessment/assessment.h"
#include "harness/assessment/fold_state.h"
#include "harness/assessment/pair.h"
#include "harness/assessment/selection.h"
#include "harness/assessment/watches.h"

namespace entente::harness {

class ExpectationJudge {
 public:
  // Both outlive this.
  ExpectationJudge(const v1::Expectation& expectation, const FoldState& state);

  [[nodiscard]] bool Selects(const Message& message, NodeIndex to) const;
  // Of a delivery expectation; 0: none.
  [[nodiscard]] std::int64_t within_ns() const;
  void Add(const Pair& pair);  // one that it selects
  // One whose end is certain and good, and that shows nothing of a damaged unit; and all of those that another judge of the same
  // expectation has seen.
  void AddSettled(const Pair& pair);
  void AddSettled(const ExpectationJudge& other);
  ExpectationSummary Judge();
  // std::nullopt when it does not speak of this cell, or not of cells. After Judge: a cell is never worse than the allowance of the
  // whole.
  std::optional<Judgement> JudgeCell(NodeIndex from, NodeIndex to);

 private:
  Judgement JudgeTally(Tally& tally, NodeIndex from, NodeIndex to) const;
  Judgement JudgeWhole();
  [[nodiscard]] bool SpeaksOf(const Tally& cell) const;
  void AddAbsence(Judgement& judgement) const;
  void AddFindings(Judgement& judgement, NodeIndex from) const;
  void AddRunState(Judgement& judgement) const;

  const v1::Expectation& expectation_;
  const FoldState& state_;
  Selection selection_;
  Tally whole_;
  std::map<std::pair<NodeIndex, NodeIndex>, Tally> cells_;
  std::optional<RecoveryWatch> recovery_;
  std::optional<SurvivalWatch> survival_;
  Verdict verdict_ = Verdict::kNotRun;
};

}  // namespace entente::harness
