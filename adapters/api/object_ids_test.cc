// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/object_ids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

namespace entente::adapter {
namespace {

TEST(ObjectIds, NumberOfAnObjectStaysTheSameEverywhere) {
  HashedObjectIds here;
  HashedObjectIds elsewhere;
  const std::uint64_t number = here.Number("mmsi", "DEU/brigade/object-1", 200'000'000, 200'999'999);
  EXPECT_EQ(number, 200'458'898U) << "FNV-1a 64 of the id, folded into the range";
  EXPECT_EQ(here.Number("mmsi", "DEU/brigade/object-1", 200'000'000, 200'999'999), number);
  EXPECT_EQ(elsewhere.Number("mmsi", "DEU/brigade/object-1", 200'000'000, 200'999'999), number);
  EXPECT_EQ(here.ObjectOf("mmsi", number), "DEU/brigade/object-1");
  EXPECT_EQ(here.ObjectOf("mmsi", number + 1), "");
  EXPECT_EQ(here.ObjectOf("dis-entity", number), "");
}

TEST(ObjectIds, CollisionsTakeTheNextFreeNumberAndAreTold) {
  std::vector<HashedObjectIds::Assignment> told;
  HashedObjectIds ids([&](const auto& assignment) { told.push_back(assignment); });
  std::set<std::uint64_t> numbers;
  for (int i = 0; i < 10; ++i) numbers.insert(ids.Number("small", std::to_string(i * i * 7919) + " object", 1, 10));
  EXPECT_EQ(numbers.size(), 10U) << "ten objects, ten numbers";
  EXPECT_EQ(*numbers.begin(), 1U);
  EXPECT_EQ(*numbers.rbegin(), 10U);
  EXPECT_EQ(told.size(), 10U);
  EXPECT_TRUE(std::ranges::any_of(told, &HashedObjectIds::Assignment::collision));
}

TEST(ObjectIds, SharesANumberWhenNoneIsFreeAndTellsIt) {
  std::vector<HashedObjectIds::Assignment> told;
  HashedObjectIds ids([&](const auto& assignment) { told.push_back(assignment); });
  EXPECT_EQ(ids.Number("one", "first", 5, 5), 5U);
  EXPECT_EQ(ids.Number("one", "second", 5, 5), 5U);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_FALSE(told[0].collision);
  EXPECT_TRUE(told[1].collision);
  EXPECT_EQ(ids.ObjectOf("one", 5), "first");
}

TEST(ObjectIds, ForgetsWhatWasNotAskedForLongest) {
  HashedObjectIds ids({}, 2);
  const std::uint64_t first = ids.Number("mmsi", "first", 1, 1'000'000);
  const std::uint64_t second = ids.Number("mmsi", "second", 1, 1'000'000);
  EXPECT_EQ(ids.Number("mmsi", "first", 1, 1'000'000), first);
  const std::uint64_t third = ids.Number("mmsi", "third", 1, 1'000'000);
  EXPECT_EQ(ids.ObjectOf("mmsi", first), "first");
  EXPECT_EQ(ids.ObjectOf("mmsi", second), "") << "the oldest";
  EXPECT_EQ(ids.ObjectOf("mmsi", third), "third");
  EXPECT_EQ(ids.Number("mmsi", "second", 1, 1'000'000), second) << "derived again";
}

TEST(ObjectIds, ANumberOutlivesOnlyItsOwner) {
  HashedObjectIds ids({}, 2);
  EXPECT_EQ(ids.Number("one", "first", 5, 5), 5U);
  EXPECT_EQ(ids.Number("one", "second", 5, 5), 5U);
  EXPECT_EQ(ids.Number("one", "first", 5, 5), 5U);
  EXPECT_EQ(ids.Number("one", "third", 5, 5), 5U) << "forgets the second, which did not own the number";
  EXPECT_EQ(ids.ObjectOf("one", 5), "first");
}

TEST(ObjectIds, SchemesAreSpacesOfTheirOwn) {
  HashedObjectIds ids;
  EXPECT_EQ(ids.Number("a", "x", 7, 7), 7U);
  EXPECT_EQ(ids.Number("b", "y", 7, 7), 7U);
  EXPECT_EQ(ids.ObjectOf("a", 7), "x");
  EXPECT_EQ(ids.ObjectOf("b", 7), "y");
}

TEST(ObjectIds, TakesTheWholeRangeOfNumbers) {
  HashedObjectIds ids;
  const std::uint64_t number = ids.Number("all", "object", 0, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(ids.ObjectOf("all", number), "object");
}

}  // namespace
}  // namespace entente::adapter
