// SPDX-License-Identifier: Apache-2.0
// The expected numbers are fixed: records of past exercises repeat only while these streams stay as they are. They were computed
// from the published specifications of xoshiro256**, SplitMix64 and FNV-1a by another program in another language.
#include "base/prng.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace entente {
namespace {

std::vector<std::uint64_t> Take(Prng prng, int count) {
  std::vector<std::uint64_t> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(prng.Next());
  return numbers;
}

TEST(Prng, GivesTheNumbersOfItsSpecification) {
  EXPECT_EQ(Take(Prng(0), 4),
            (std::vector<std::uint64_t>{0x99EC5F36CB75F2B4, 0xBF6E1F784956452A, 0x1A5F849D4933E6E0, 0x6AA594F1262D2D2C}));
  EXPECT_EQ(Take(Prng(42), 4),
            (std::vector<std::uint64_t>{0x15780B2E0C2EC716, 0x6104D9866D113A7E, 0xAE17533239E499A1, 0xECB8AD4703B360A1}));
}

TEST(Prng, DerivedStreamsStayAsTheyAre) {
  EXPECT_EQ(Take(Prng::Derive(7, {"link DEU/brigade to-gateway", "loss#1"}, 3), 3),
            (std::vector<std::uint64_t>{0x4D13AD487237D250, 0x145CC0412ED7768A, 0xAD4AA5B1F8C784FF}));
  EXPECT_EQ(Prng::Derive(7, {"a", "b"}).Next(), 0x3FB5378F5E100EFCU);
  EXPECT_EQ(Prng::Derive(7, {"ab"}).Next(), 0x79144E207BFD453DU);
}

TEST(Prng, SeedNamesAndNumberEachChangeTheStream) {
  const auto first = [](std::uint64_t seed, std::initializer_list<std::string_view> names, std::uint64_t number) {
    return Prng::Derive(seed, names, number).Next();
  };
  const std::uint64_t base = first(1, {"link", "loss"}, 0);
  EXPECT_EQ(base, first(1, {"link", "loss"}, 0));
  EXPECT_NE(base, first(2, {"link", "loss"}, 0));
  EXPECT_NE(base, first(1, {"link", "delay"}, 0));
  EXPECT_NE(base, first(1, {"loss", "link"}, 0));
  EXPECT_NE(base, first(1, {"linkloss"}, 0));
  EXPECT_NE(base, first(1, {"link", "loss"}, 1));
}

TEST(Prng, UniformLiesInItsIntervalWithItsMean) {
  Prng prng(42);
  EXPECT_EQ(prng.Uniform(), 755370490430936.0 * 0x1.0p-53);
  double sum = 0;
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) {
    const double value = prng.Uniform();
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    sum += value;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.005);
}

TEST(Prng, BelowReachesEachNumberEquallyOften) {
  Prng prng(3);
  std::vector<int> counts(7);
  constexpr int kDraws = 70'000;
  for (int i = 0; i < kDraws; ++i) ++counts[prng.Below(counts.size())];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 400);
  EXPECT_EQ(prng.Below(1), 0U);
}

TEST(Prng, ChanceKeepsToItsProbability) {
  Prng prng(4);
  int hits = 0;
  for (int i = 0; i < 100'000; ++i) hits += prng.Chance(0.2) ? 1 : 0;
  EXPECT_NEAR(hits, 20'000, 600);
  EXPECT_FALSE(prng.Chance(0));
  EXPECT_TRUE(prng.Chance(1));
}

TEST(Prng, NormalHasMeanZeroAndVarianceOne) {
  Prng prng(5);
  double sum = 0;
  double squares = 0;
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) {
    const double value = prng.Normal();
    ASSERT_TRUE(std::isfinite(value));
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.02);
  EXPECT_NEAR(squares / kDraws, 1, 0.03);
}

}  // namespace
}  // namespace entente
