// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/label_algebra.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>

#include "broker/policy/release.h"
#include "broker/policy/test_policy.h"

namespace entente::broker {
namespace {

using testing::ReleasableTo;
using testing::TestLabel;
using testing::TestPolicy;
using testing::With;

const std::vector<std::string> kNations = {"DEU", "FRA", "NOR", "FIN", "SWE"};

v1::Label AnyLabel() {
  v1::Label label = TestLabel(*rc::gen::element<std::string>("UNCLASSIFIED", "RESTRICTED", "SECRET"));
  const int categories = *rc::gen::inRange(0, 4);
  for (int i = 0; i < categories; ++i) {
    v1::LabelCategory& category = *label.add_categories();
    category.set_type(
        *rc::gen::element(v1::CATEGORY_TYPE_RESTRICTIVE, v1::CATEGORY_TYPE_PERMISSIVE, v1::CATEGORY_TYPE_INFORMATIVE));
    const bool releasable = category.type() == v1::CATEGORY_TYPE_PERMISSIVE && *rc::gen::arbitrary<bool>();
    category.set_tag(releasable ? std::string(kReleasableTo) : *rc::gen::element<std::string>("Caveat", "Only"));
    const auto values =
        releasable
            ? *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>("DEU", "FRA", "NOR", "FIN", "NORTH"))
            : *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>("BOHEMIA", "OTHER", "THIRD"));
    for (const std::string& value : values) category.add_values(value);
  }
  return label;
}

bool Same(const v1::Label& a, const v1::Label& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

void Holds(const std::function<void()>& property) {
  EXPECT_TRUE(rc::check(property));
}

TEST(LabelAlgebraTest, DominatesIsReflexiveAndTransitive) {
  const v1::ExercisePolicy policy = TestPolicy();
  Holds([&] {
    const v1::Label a = AnyLabel();
    RC_ASSERT(Dominates(policy, a, a));
  });
  Holds([&] {
    const v1::Label a = AnyLabel();
    const v1::Label b = *Combine(policy, a, AnyLabel());
    const v1::Label c = *Combine(policy, b, AnyLabel());
    RC_ASSERT(Dominates(policy, c, b));
    RC_ASSERT(Dominates(policy, b, a));
    RC_ASSERT(Dominates(policy, c, a));
  });
}

TEST(LabelAlgebraTest, CombinationIsTheLeastUpperBound) {
  const v1::ExercisePolicy policy = TestPolicy();
  Holds([&] {
    const v1::Label a = AnyLabel();
    const v1::Label b = AnyLabel();
    const v1::Label upper = *Combine(policy, *Combine(policy, a, b), AnyLabel());
    RC_ASSERT(Dominates(policy, *Combine(policy, a, b), a));
    RC_ASSERT(Dominates(policy, *Combine(policy, a, b), b));
    RC_ASSERT(Dominates(policy, upper, *Combine(policy, a, b)));
  });
}

TEST(LabelAlgebraTest, CombineIsCommutativeAssociativeAndIdempotent) {
  const v1::ExercisePolicy policy = TestPolicy();
  Holds([&] {
    const v1::Label a = AnyLabel();
    const v1::Label b = AnyLabel();
    const v1::Label c = AnyLabel();
    RC_ASSERT(Same(*Combine(policy, a, b), *Combine(policy, b, a)));
    RC_ASSERT(Same(*Combine(policy, *Combine(policy, a, b), c), *Combine(policy, a, *Combine(policy, b, c))));
    const v1::Label once = *Combine(policy, a, a);
    RC_ASSERT(Same(*Combine(policy, once, once), once));
  });
}

// The law that the release guard stands on: nobody sees a combination who may not see each part, nor a stricter label who may not
// see the weaker one.
TEST(LabelAlgebraTest, WhoMaySeeTheCombinationMaySeeEachPart) {
  const v1::ExercisePolicy policy = TestPolicy();
  const PolicyGuard guard(policy);
  Holds([&] {
    const v1::Label a = AnyLabel();
    const v1::Label b = AnyLabel();
    const v1::Label both = *Combine(policy, a, b);
    for (const std::string& nation : kNations) {
      if (!guard.Decide(&both, "USA", nation).released) continue;
      RC_ASSERT(guard.Decide(&a, "USA", nation).released);
      RC_ASSERT(guard.Decide(&b, "USA", nation).released);
    }
  });
}

TEST(LabelAlgebraTest, ReleaseIsMonotoneUnderDominance) {
  const v1::ExercisePolicy policy = TestPolicy();
  const PolicyGuard guard(policy);
  Holds([&] {
    const v1::Label a = AnyLabel();
    const v1::Label b = AnyLabel();
    if (!Dominates(policy, a, b)) return;
    for (const std::string& nation : kNations) {
      if (guard.Decide(&a, "USA", nation).released) RC_ASSERT(guard.Decide(&b, "USA", nation).released);
    }
  });
}

TEST(LabelAlgebraTest, TagThatStandsTwiceIsMatchedTwice) {
  const v1::Label upper = ReleasableTo(ReleasableTo(TestLabel("RESTRICTED"), {"NOR"}), {"NORTH"});
  const v1::Label lower = ReleasableTo(ReleasableTo(TestLabel("RESTRICTED"), {"FRA"}), {"NORTH"});
  EXPECT_FALSE(Dominates(TestPolicy(), upper, lower));
  EXPECT_TRUE(Dominates(TestPolicy(), upper, upper));
}

TEST(LabelAlgebraTest, CombineKeepsAPermissiveCategoryOfOnePart) {
  const auto combined = Combine(TestPolicy(), ReleasableTo(TestLabel("UNCLASSIFIED"), {"FRA"}), TestLabel("SECRET"));
  ASSERT_TRUE(combined);
  EXPECT_TRUE(Same(*combined, ReleasableTo(TestLabel("SECRET"), {"FRA"})));
}

TEST(LabelAlgebraTest, CombineIntersectsPermissiveAndUnitesRestrictive) {
  const auto combined =
      Combine(TestPolicy(),
              With(ReleasableTo(TestLabel("UNCLASSIFIED"), {"FRA", "NOR"}), "Caveat", v1::CATEGORY_TYPE_RESTRICTIVE, {"BOHEMIA"}),
              With(ReleasableTo(TestLabel("RESTRICTED"), {"NOR", "DEU"}), "Caveat", v1::CATEGORY_TYPE_RESTRICTIVE, {"OTHER"}));
  ASSERT_TRUE(combined);
  EXPECT_TRUE(
      Same(*combined,
           ReleasableTo(With(TestLabel("RESTRICTED"), "Caveat", v1::CATEGORY_TYPE_RESTRICTIVE, {"BOHEMIA", "OTHER"}), {"NOR"})));
}

TEST(LabelAlgebraTest, WhatCannotBeComparedNeitherDominatesNorCombines) {
  const v1::ExercisePolicy policy = TestPolicy();
  v1::Label foreign = TestLabel("SECRET");
  foreign.set_policy("NATO");
  EXPECT_FALSE(Dominates(policy, foreign, TestLabel("UNCLASSIFIED")));
  EXPECT_FALSE(Dominates(policy, TestLabel("SECRET"), TestLabel("COSMIC")));
  EXPECT_FALSE(Combine(policy, foreign, TestLabel("SECRET")));
  EXPECT_FALSE(Combine(policy, TestLabel("SECRET"), TestLabel("COSMIC")));
}

}  // namespace
}  // namespace entente::broker
