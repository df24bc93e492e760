// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verdicts that follow from sums alone: delivery, latency, silence, no-leak. Pure.

#include <functional>
#include <string>

#include "entente/v1/exercise.pb.h"
#include "harness/assessment/pair.h"
#include "harness/assessment/verdict.h"

namespace entente::harness {

// Names a message for a reason.
using NameMessage = std::function<std::string(MessageIndex)>;

Judgement JudgeDelivery(const v1::DeliveryExpectation& expected, const Tally& tally, const NameMessage& name);
Judgement JudgeLatency(const v1::LatencyExpectation& expected, const Tally& tally, const NameMessage& name);
Judgement JudgeSilence(const Tally& tally);
Judgement JudgeNoLeak(const Tally& tally);

// Why nothing can be judged: nothing said, nothing sayable, nothing observable. Pass: there is something.
Judgement JudgeEvidence(const Tally& tally);
// "40 withheld, 2 under way"
std::string FatesText(const Tally& tally);

}  // namespace entente::harness
