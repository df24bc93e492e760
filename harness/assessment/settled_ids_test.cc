// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/settled_ids.h"

#include <gtest/gtest.h>

#include <set>

#include "base/prng.h"

namespace entente::harness {
namespace {

TEST(SettledIds, KnowsExactlyWhatWasAddedInWhateverOrder) {
  Prng prng = Prng::Derive(3, {"settled"});
  SettledIds ids;
  std::set<std::uint64_t> added;
  const Lane lane{1, 1, v1::PRECEDENCE_ROUTINE};
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t sequence = 1 + prng.Below(1000);
    if (!added.insert(sequence).second) continue;
    ids.Add(lane, sequence);
  }
  for (std::uint64_t sequence = 0; sequence <= 1002; ++sequence) {
    EXPECT_EQ(ids.Contains(lane, sequence), added.contains(sequence)) << sequence;
  }
  EXPECT_FALSE(ids.Contains({2, 1, v1::PRECEDENCE_ROUTINE}, *added.begin()));
}

}  // namespace
}  // namespace entente::harness
