// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/pair.h"

#include <algorithm>
#include <numeric>

namespace entente::harness {

void Tally::Add(const Pair& pair, std::int64_t within_ns) {
  ++fates[static_cast<std::size_t>(pair.fate)];
  if (pair.leaked) ++leaks;
  if (pair.fate == Fate::kUnsupported) {
    if (!pair.declared) ++undeclared;
    std::string& why = pair.declared ? why_declared : why_undeclared;
    if (why.empty()) why = pair.reason;
  }
  const bool shown = pair.understood() || pair.fate == Fate::kWithheld || pair.fate == Fate::kUnobserved;
  if (pair.abroad && shown) ++guarded;
  bool missed = pair.fate == Fate::kLost || pair.fate == Fate::kRefused || pair.fate == Fate::kUnexplained;
  if (pair.understood()) {
    latencies.Add(*pair.latency_ns);
    if (*pair.latency_ns < -pair.uncertainty_ns) ++backwards;
    uncertainty_ns = std::max(uncertainty_ns, pair.uncertainty_ns);
    if (within_ns == 0 || *pair.latency_ns <= within_ns) {
      ++in_time;
    } else {
      missed = true;
    }
  } else if (pair.fate == Fate::kUnderWay && within_ns != 0 && pair.age_ns > within_ns) {
    ++expired;
    missed = true;
  }
  if (missed && examples.size() < kExamples) examples.push_back(pair.index);
}

void Tally::AddSettled(const Tally& other) {
  for (std::size_t fate = 0; fate < fates.size(); ++fate) fates[fate] += other.fates[fate];
  in_time += other.in_time;
  leaks += other.leaks;
  guarded += other.guarded;
  backwards += other.backwards;
  uncertainty_ns = std::max(uncertainty_ns, other.uncertainty_ns);
  latencies.Add(other.latencies);
}

std::uint64_t Tally::all() const {
  return std::accumulate(fates.begin(), fates.end(), std::uint64_t{0});
}

std::uint64_t Tally::eligible() const {
  return understood() + Count(Fate::kLost) + Count(Fate::kRefused) + Count(Fate::kUnexplained) + expired;
}

}  // namespace entente::harness
