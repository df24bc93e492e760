// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/label_mapping.h"

#include <gtest/gtest.h>

#include "broker/policy/test_policy.h"

namespace entente::broker {
namespace {

using testing::ReleasableTo;
using testing::TestLabel;

void AddValue(google::protobuf::RepeatedPtrField<v1::ValueMapping>& values, const char* from, const char* to) {
  v1::ValueMapping& value = *values.Add();
  value.set_from(from);
  value.set_to(to);
}

v1::ExercisePolicy MappingPolicy() {
  v1::ExercisePolicy policy = testing::TestPolicy();
  v1::PolicyMapping& nato = *policy.add_mappings();
  nato.set_policy("NATO");
  AddValue(*nato.mutable_classifications(), "NATO SECRET", "SECRET");
  v1::CategoryMapping& category = *nato.add_categories();
  category.set_from_tag("Rel");
  category.set_to_tag("Releasable To");
  AddValue(*category.mutable_values(), "KFOR", "NORTH");
  return policy;
}

v1::Label Nato(const char* classification, const char* tag = nullptr) {
  v1::Label label = TestLabel(classification);
  label.set_policy("NATO");
  label.set_privacy_mark("STAFF");
  label.set_origin(v1::LABEL_ORIGIN_CARRIED);
  return tag == nullptr ? label : testing::With(label, tag, v1::CATEGORY_TYPE_PERMISSIVE, {"KFOR", "FRA"});
}

TEST(LabelMappingTest, ALabelOfTheExercisesPolicyStaysAsItIs) {
  const v1::Label label = ReleasableTo(TestLabel("NONSENSE"), {"FRA"});
  EXPECT_EQ(MapLabel(MappingPolicy(), label)->SerializeAsString(), label.SerializeAsString());
}

TEST(LabelMappingTest, MapsClassificationTagsAndValues) {
  const auto mapped = MapLabel(MappingPolicy(), Nato("NATO SECRET", "Rel"));
  ASSERT_TRUE(mapped);
  EXPECT_EQ(mapped->policy(), "EXERCISE");
  EXPECT_EQ(mapped->classification(), "SECRET");
  EXPECT_EQ(mapped->privacy_mark(), "STAFF");
  EXPECT_EQ(mapped->origin(), v1::LABEL_ORIGIN_MAPPED);
  ASSERT_EQ(mapped->categories_size(), 1);
  EXPECT_EQ(mapped->categories(0).tag(), "Releasable To");
  EXPECT_EQ(mapped->categories(0).type(), v1::CATEGORY_TYPE_PERMISSIVE);
  EXPECT_EQ(mapped->categories(0).values(0), "NORTH");
  EXPECT_EQ(mapped->categories(0).values(1), "FRA");
}

TEST(LabelMappingTest, WhatIsNotSaidIsNotMapped) {
  EXPECT_FALSE(MapLabel(MappingPolicy(), Nato("NATO RESTRICTED")));
  EXPECT_FALSE(MapLabel(MappingPolicy(), Nato("SECRET")));
  EXPECT_FALSE(MapLabel(MappingPolicy(), Nato("NATO SECRET", "Other")));
  v1::Label other = Nato("NATO SECRET");
  other.set_policy("EU");
  EXPECT_FALSE(MapLabel(MappingPolicy(), other));
  EXPECT_FALSE(MapLabel(MappingPolicy(), v1::Label()));
}

TEST(LabelMappingTest, AMappingThatContradictsItselfMapsNothing) {
  v1::ExercisePolicy policy = MappingPolicy();
  AddValue(*policy.mutable_mappings(0)->mutable_classifications(), "NATO SECRET", "UNCLASSIFIED");
  EXPECT_FALSE(MapLabel(policy, Nato("NATO SECRET")));
  policy = MappingPolicy();
  AddValue(*policy.mutable_mappings(0)->mutable_categories(0)->mutable_values(), "KFOR", "FRA");
  EXPECT_FALSE(MapLabel(policy, Nato("NATO SECRET", "Rel")));
  policy = MappingPolicy();
  *policy.add_mappings() = policy.mappings(0);
  EXPECT_FALSE(MapLabel(policy, Nato("NATO SECRET")));
}

}  // namespace
}  // namespace entente::broker
