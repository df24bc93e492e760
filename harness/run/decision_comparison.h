// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether two runs of one plan did the same to the same units: what impairments and damage decided, from both records.
//
// Simulated runs must agree in every decision, in their order. Live ones differ in time, and so in where a fault's first and last
// unit lie. There a decision is compared by its unit's number: within what both runs saw of a rule between the same begins and ends
// of faults. What follows from when octets arrived (kByArrival) is counted, and not compared. Pure.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "entente/v1/exercise.pb.h"
#include "entente/v1/record.pb.h"

namespace entente::harness {

// Of one unit: of a link, of what a node sends, or of the messages at a gateway.
struct FaultDecision {
  std::string link;
  v1::Direction direction = v1::DIRECTION_UNSPECIFIED;
  std::string rule;
  std::uint64_t unit = 0;
  std::string what;          // "delayed by 12.000 ms"
  std::uint64_t period = 0;  // begins and ends of faults on the link before it

  bool operator==(const FaultDecision&) const = default;
};

// The decisions of one record, event by event.
class DecisionReader {
 public:
  // `exercise` outlives it: which link a fault acts on.
  explicit DecisionReader(const v1::Exercise& exercise) : exercise_(exercise) {}
  // std::nullopt: the event is no decision.
  std::optional<FaultDecision> Take(const v1::RecordEvent& event);

 private:
  void NextPeriod(std::string_view fault);
  [[nodiscard]] std::uint64_t PeriodOf(const std::string& link) const;

  const v1::Exercise& exercise_;
  std::map<std::string, std::uint64_t, std::less<>> periods_;
};

struct DecisionDifference {
  std::string link;
  v1::Direction direction = v1::DIRECTION_UNSPECIFIED;
  std::string rule;
  std::uint64_t unit = 0;
  std::string expected;  // what the run did; empty: nothing
  std::string got;       // what the repetition did
};

struct DecisionComparison {
  std::uint64_t recorded = 0;    // decisions of the run
  std::uint64_t repeated = 0;    // of the repetition
  std::uint64_t compared = 0;    // units of both
  std::uint64_t by_arrival = 0;  // of the run, not compared
  std::uint64_t beyond = 0;      // of either, on units that the other did not come to under this fault
  std::uint64_t unmatched = 0;   // rules that decided in the run, and in the repetition never
  std::uint64_t differing = 0;
  std::optional<DecisionDifference> first;  // the earliest unit of the run that differs

  [[nodiscard]] bool agrees() const { return differing == 0 && !undecided(); }
  // Nothing differs, and yet it cannot be told that they agree.
  [[nodiscard]] bool undecided() const { return differing == 0 && (unmatched > 0 || (recorded > by_arrival && compared == 0)); }
};

// Both in the order of their records. A source gives std::nullopt at its end.
using DecisionSource = std::function<std::optional<FaultDecision>()>;
DecisionComparison CompareSimulated(const DecisionSource& recorded, const DecisionSource& repeated);
DecisionComparison CompareLive(const std::vector<FaultDecision>& recorded, const std::vector<FaultDecision>& repeated);

}  // namespace entente::harness
