// SPDX-License-Identifier: Apache-2.0
#pragma once

// The verdict on fields, over a selection of nodes, families and fields.

#include "entente/v1/exercise.pb.h"
#include "harness/assessment/fold_state.h"
#include "harness/assessment/pair.h"
#include "harness/assessment/selection.h"
#include "harness/assessment/verdict.h"

namespace entente::harness {

// `from` and `to`: one cell of the matrix; kNoNode: the whole selection. `tally`: of the same pairs.
Judgement JudgeFidelity(const v1::FidelityExpectation& expected, const Selection& selection, const FoldState& state,
                        const Tally& tally, NodeIndex from, NodeIndex to);

}  // namespace entente::harness
