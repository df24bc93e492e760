// SPDX-License-Identifier: Apache-2.0
#pragma once

// How figures are put into sentences.

#include <cstdint>
#include <string>

#include "entente/v1/exercise.pb.h"
#include "harness/assessment/ratio.h"

namespace entente::harness {

// "250 us", "1.5 ms", "2 s", "3 min 20 s"; negative ones with a sign.
std::string DurationText(std::int64_t ns);
// The same, with "± 3 ms" when the clocks make a difference that shows: a hundredth of it or more.
std::string LatencyText(std::int64_t ns, std::int64_t uncertainty_ns);
// "95 %", "99.9 %"
std::string PercentText(double share);
// "57 of 60 (95 %, 95 % interval 86.3 to 98.3)"
std::string RatioText(const Ratio& ratio);
// "1 message", "17 messages"
std::string CountText(std::uint64_t count, std::string_view singular, std::string_view plural = {});

// "delivery", "latency", "recovery", "no-leak", "survival", "fidelity", "silence"; "unknown" without a kind.
std::string_view KindName(const v1::Expectation& expectation);
// "at least 95 % of track messages from DEU to FRA is understood within 2 s"
std::string DemandText(const v1::Expectation& expectation);

}  // namespace entente::harness
