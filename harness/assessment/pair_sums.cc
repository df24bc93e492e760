// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/pair_sums.h"

#include <algorithm>

namespace entente::harness {

void CellSum::Add(const Pair& pair) {
  ++fates[pair.fate];
  leaks += pair.leaked ? 1 : 0;
  uncertainty_ns = std::max(uncertainty_ns, pair.uncertainty_ns);
  if (pair.understood()) latencies.Add(*pair.latency_ns);
}

void CellSum::Add(const CellSum& other) {
  for (const auto& [fate, count] : other.fates) fates[fate] += count;
  leaks += other.leaks;
  uncertainty_ns = std::max(uncertainty_ns, other.uncertainty_ns);
  latencies.Add(other.latencies);
}

void LossSum::Add(const LossSum& other) {
  count += other.count;
  examples.insert(examples.end(), other.examples.begin(), other.examples.end());
  std::ranges::stable_sort(examples, {}, &std::pair<MessageIndex, std::string>::first);
  if (examples.size() > kExamples) examples.resize(kExamples);
}

void PairSums::Add(const Pair& pair, const RunPlan& plan) {
  cells[{pair.from(), pair.to}].Add(pair);
  PrecedenceSum& precedence = precedences[pair.message->precedence];
  if (pair.understood()) precedence.latencies.Add(*pair.latency_ns);
  precedence.uncertainty_ns = std::max(precedence.uncertainty_ns, pair.uncertainty_ns);
  if (pair.fate == Fate::kUnderstood) return;
  LossSum& loss = losses[{pair.from(), pair.to, pair.fate, pair.reason}];
  ++loss.count;
  if (loss.examples.size() < LossSum::kExamples) loss.examples.emplace_back(pair.index, NameOf(*pair.message, plan));
}

void PairSums::Add(const PairSums& other) {
  for (const auto& [nodes, sum] : other.cells) cells[nodes].Add(sum);
  for (const auto& [key, loss] : other.losses) losses[key].Add(loss);
  for (const auto& [precedence, sum] : other.precedences) {
    precedences[precedence].latencies.Add(sum.latencies);
    precedences[precedence].uncertainty_ns = std::max(precedences[precedence].uncertainty_ns, sum.uncertainty_ns);
  }
}

}  // namespace entente::harness
