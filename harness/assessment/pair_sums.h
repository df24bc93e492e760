// SPDX-License-Identifier: Apache-2.0
#pragma once

// What pairs add up to beside the expectations: the cells of the matrix, latencies per precedence, and why messages did not arrive.
// Sums of two sets of pairs add up to those of both.

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "harness/assessment/fate.h"
#include "harness/assessment/latency_sample.h"
#include "harness/assessment/pair.h"
#include "harness/assessment/run_plan.h"

namespace entente::harness {

using NodePair = std::pair<NodeIndex, NodeIndex>;

struct CellSum {
  std::map<Fate, std::uint64_t> fates;
  std::uint64_t leaks = 0;
  LatencySample latencies;
  std::int64_t uncertainty_ns = 0;

  void Add(const Pair& pair);
  void Add(const CellSum& other);
};

struct LossSum {
  static constexpr std::size_t kExamples = 5;

  std::uint64_t count = 0;
  std::vector<std::pair<MessageIndex, std::string>> examples;  // the first, with their names

  void Add(const LossSum& other);
};

struct PrecedenceSum {
  LatencySample latencies;
  std::int64_t uncertainty_ns = 0;
};

using LossKey = std::tuple<NodeIndex, NodeIndex, Fate, std::string>;

struct PairSums {
  std::map<NodePair, CellSum> cells;
  std::map<LossKey, LossSum> losses;
  std::map<v1::Precedence, PrecedenceSum> precedences;

  void Add(const Pair& pair, const RunPlan& plan);
  void Add(const PairSums& other);
};

}  // namespace entente::harness
