// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/release.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/policy/test_policy.h"

namespace entente::broker {
namespace {

using testing::ReleasableTo;
using testing::TestLabel;
using testing::TestPolicy;
using testing::With;

class ReleaseTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string_view Why(const v1::Label& label, std::string_view recipient) const {
    const Decision decision = guard_.Decide(&label, "DEU", recipient);
    EXPECT_EQ(decision.released, decision.reason == reason::kReleased || decision.reason == reason::kOwnNation);
    return decision.reason;
  }
  PolicyGuard guard_{TestPolicy()};
};

TEST_F(ReleaseTest, OriginatorsNationAlwaysSeesItsOwn) {
  EXPECT_EQ(guard_.Decide(nullptr, "DEU", "DEU"), (Decision{true, reason::kOwnNation}));
  EXPECT_EQ(Why(ReleasableTo(TestLabel("SECRET"), {"FRA"}), "DEU"), reason::kOwnNation);
  EXPECT_FALSE(guard_.Decide(nullptr, "", "").released);
}

TEST_F(ReleaseTest, AbsentLabelIsNeverReleased) {
  EXPECT_EQ(guard_.Decide(nullptr, "DEU", "FRA"), (Decision{false, reason::kNoLabel}));
}

TEST_F(ReleaseTest, LabelOfAnotherPolicyIsNotReleased) {
  v1::Label label = TestLabel("UNCLASSIFIED");
  label.set_policy("NATO");
  EXPECT_EQ(Why(label, "FRA"), reason::kOtherPolicy);
  EXPECT_EQ(Why(v1::Label(), "FRA"), reason::kOtherPolicy);
}

TEST_F(ReleaseTest, UnknownClassificationIsNotReleased) {
  EXPECT_EQ(Why(TestLabel("COSMIC"), "FRA"), reason::kUnknownClassification);
  EXPECT_EQ(Why(TestLabel(""), "FRA"), reason::kUnknownClassification);
}

TEST_F(ReleaseTest, NationOutsideThePolicySeesNothing) {
  EXPECT_EQ(Why(TestLabel("UNCLASSIFIED"), "SWE"), reason::kUnknownNation);
}

TEST_F(ReleaseTest, ClearanceBoundsWhatIsSeen) {
  EXPECT_EQ(Why(TestLabel("SECRET"), "FRA"), reason::kReleased);
  EXPECT_EQ(Why(TestLabel("RESTRICTED"), "NOR"), reason::kReleased);
  EXPECT_EQ(Why(TestLabel("SECRET"), "NOR"), reason::kAboveClearance);
}

TEST_F(ReleaseTest, AbsentPermissiveCategoryDoesNotRestrict) {
  EXPECT_EQ(Why(TestLabel("UNCLASSIFIED"), "FIN"), reason::kReleased);
}

TEST_F(ReleaseTest, ReleasableToMeansNationsAndCommunities) {
  const v1::Label north = ReleasableTo(TestLabel("RESTRICTED"), {"NORTH", "DEU"});
  EXPECT_EQ(Why(north, "NOR"), reason::kReleased);
  EXPECT_EQ(Why(north, "FRA"), reason::kNotReleasableTo);
  EXPECT_EQ(Why(ReleasableTo(TestLabel("RESTRICTED"), {"FRA"}), "FRA"), reason::kReleased);
}

TEST_F(ReleaseTest, CommunityDoesNotLiftClearance) {
  EXPECT_EQ(Why(ReleasableTo(TestLabel("RESTRICTED"), {"NORTH"}), "FIN"), reason::kAboveClearance);
}

TEST_F(ReleaseTest, EmptyReleasableToReachesNobodyElse) {
  EXPECT_EQ(Why(ReleasableTo(TestLabel("UNCLASSIFIED"), {}), "FRA"), reason::kNotReleasableTo);
}

TEST_F(ReleaseTest, EveryRestrictiveValueIsNeeded) {
  const v1::Label one = With(TestLabel("UNCLASSIFIED"), "Caveat", v1::CATEGORY_TYPE_RESTRICTIVE, {"BOHEMIA"});
  EXPECT_EQ(guard_.Decide(&one, "FRA", "DEU").reason, reason::kReleased);
  EXPECT_EQ(guard_.Decide(&one, "FRA", "NOR").reason, reason::kRestrictiveNotHeld);
  const v1::Label two = With(TestLabel("UNCLASSIFIED"), "Caveat", v1::CATEGORY_TYPE_RESTRICTIVE, {"BOHEMIA", "OTHER"});
  EXPECT_EQ(guard_.Decide(&two, "FRA", "DEU").reason, reason::kRestrictiveNotHeld);
}

TEST_F(ReleaseTest, OtherPermissiveCategoryNeedsOneHeldValue) {
  const v1::Label label = With(TestLabel("UNCLASSIFIED"), "Caveat", v1::CATEGORY_TYPE_PERMISSIVE, {"OTHER", "BOHEMIA"});
  EXPECT_EQ(guard_.Decide(&label, "FRA", "DEU").reason, reason::kReleased);
  EXPECT_EQ(guard_.Decide(&label, "FRA", "NOR").reason, reason::kPermissiveNotHeld);
}

TEST_F(ReleaseTest, InformativeCategoryHasNoEffectAndUntypedLetsNobodyThrough) {
  EXPECT_EQ(Why(With(TestLabel("UNCLASSIFIED"), "Context", v1::CATEGORY_TYPE_INFORMATIVE, {"X"}), "FIN"), reason::kReleased);
  EXPECT_EQ(Why(With(TestLabel("UNCLASSIFIED"), "Context", v1::CATEGORY_TYPE_UNSPECIFIED, {"X"}), "FIN"), reason::kUntypedCategory);
}

TEST_F(ReleaseTest, ContradictoryPolicyIsReadStrictly) {
  v1::ExercisePolicy policy = TestPolicy();
  v1::NationPolicy& again = *policy.add_nations();
  again.set_nation("FRA");
  again.set_clearance("UNCLASSIFIED");
  const v1::Label label = TestLabel("RESTRICTED");
  EXPECT_EQ(PolicyGuard(policy).Decide(&label, "DEU", "FRA").reason, reason::kAboveClearance);
}

TEST_F(ReleaseTest, UnknownClearanceSeesNothing) {
  v1::ExercisePolicy policy = TestPolicy();
  policy.mutable_nations(1)->set_clearance("TYPO");
  const v1::Label label = TestLabel("UNCLASSIFIED");
  EXPECT_EQ(PolicyGuard(policy).Decide(&label, "DEU", "FRA").reason, reason::kAboveClearance);
}

TEST_F(ReleaseTest, ReleaseAllGuardSaysThatItIsNoGuard) {
  EXPECT_EQ(ReleaseAllGuard().Decide(nullptr, "DEU", "FRA"), (Decision{true, reason::kNoGuard}));
}

TEST_F(ReleaseTest, UnlabelledEgressNeedsALabelWithinTheLimit) {
  v1::ExercisePolicy policy = TestPolicy();
  const v1::Label restricted = TestLabel("RESTRICTED");
  const v1::Label secret = TestLabel("SECRET");
  const v1::Label unknown = TestLabel("COSMIC");
  EXPECT_TRUE(MayEgressUnlabelled(policy, &restricted, "FRA/air"));
  EXPECT_FALSE(MayEgressUnlabelled(policy, &secret, "FRA/air"));
  EXPECT_FALSE(MayEgressUnlabelled(policy, &unknown, "FRA/air"));
  EXPECT_FALSE(MayEgressUnlabelled(policy, nullptr, "FRA/air"));
  policy.clear_unlabelled_egress_up_to();
  EXPECT_FALSE(MayEgressUnlabelled(policy, &restricted, "FRA/air"));
}

TEST(EgressTest, NodesThatAreNamedAreTheOnlyOnes) {
  v1::ExercisePolicy policy = TestPolicy();
  policy.add_unlabelled_egress_nodes("FRA/air");
  const v1::Label label = TestLabel("UNCLASSIFIED");
  EXPECT_TRUE(MayEgressUnlabelled(policy, &label, "FRA/air"));
  EXPECT_FALSE(MayEgressUnlabelled(policy, &label, "FRA/hq"));
}

// DEU, FRA and so on, with two categories declared and the labels of NATO mapped.
v1::ExercisePolicy RichPolicy() {
  v1::ExercisePolicy policy = TestPolicy();
  v1::CategoryPolicy& releasable = *policy.add_categories();
  releasable.set_tag("Releasable To");
  releasable.set_type(v1::CATEGORY_TYPE_PERMISSIVE);
  v1::CategoryPolicy& caveat = *policy.add_categories();
  caveat.set_tag("Caveat");
  caveat.set_type(v1::CATEGORY_TYPE_RESTRICTIVE);
  caveat.add_values("BOHEMIA");
  v1::PolicyMapping& nato = *policy.add_mappings();
  nato.set_policy("NATO");
  for (const auto& [from, to] : {std::pair("NATO UNCLASSIFIED", "UNCLASSIFIED"), std::pair("NATO SECRET", "SECRET")}) {
    v1::ValueMapping& value = *nato.add_classifications();
    value.set_from(from);
    value.set_to(to);
  }
  v1::CategoryMapping& category = *nato.add_categories();
  category.set_from_tag("Releasable To");
  category.set_to_tag("Releasable To");
  v1::ValueMapping& kfor = *category.add_values();
  kfor.set_from("KFOR");
  kfor.set_to("NORTH");
  return policy;
}

class RichPolicyTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string_view Why(const v1::Label& label, std::string_view recipient) const {
    return guard_.Decide(&label, "DEU", recipient).reason;
  }
  static v1::Label Nato(const char* classification) {
    v1::Label label = TestLabel(classification);
    label.set_policy("NATO");
    return label;
  }
  PolicyGuard guard_{RichPolicy()};
};

TEST_F(RichPolicyTest, ACategoryThatIsNotDeclaredIsOfNoUseToAnybody) {
  EXPECT_EQ(Why(ReleasableTo(TestLabel("SECRET"), {"FRA"}), "FRA"), reason::kReleased);
  EXPECT_EQ(Why(With(TestLabel("SECRET"), "Only", v1::CATEGORY_TYPE_INFORMATIVE, {}), "FRA"), reason::kUndeclaredCategory);
  EXPECT_EQ(Why(With(TestLabel("SECRET"), "Caveat", v1::CATEGORY_TYPE_INFORMATIVE, {"BOHEMIA"}), "FRA"),
            reason::kUndeclaredCategory);
  EXPECT_EQ(Why(With(TestLabel("SECRET"), "Caveat", v1::CATEGORY_TYPE_RESTRICTIVE, {"MORAVIA"}), "FRA"),
            reason::kUndeclaredCategory);
  EXPECT_EQ(Why(With(TestLabel("SECRET"), "Caveat", v1::CATEGORY_TYPE_RESTRICTIVE, {"BOHEMIA"}), "FRA"),
            reason::kRestrictiveNotHeld);
}

TEST_F(RichPolicyTest, OfACategoryDeclaredTwiceNoTypeHolds) {
  v1::ExercisePolicy policy = RichPolicy();
  *policy.add_categories() = policy.categories(0);
  const v1::Label label = ReleasableTo(TestLabel("SECRET"), {"FRA"});
  EXPECT_EQ(PolicyGuard(policy).Decide(&label, "DEU", "FRA").reason, reason::kUndeclaredCategory);
}

TEST_F(RichPolicyTest, AMappedLabelIsJudgedAsWhatItIsMappedTo) {
  EXPECT_EQ(Why(Nato("NATO SECRET"), "FRA"), reason::kReleased);
  EXPECT_EQ(Why(Nato("NATO SECRET"), "NOR"), reason::kAboveClearance);
  EXPECT_EQ(Why(ReleasableTo(Nato("NATO UNCLASSIFIED"), {"KFOR"}), "NOR"), reason::kReleased);
  EXPECT_EQ(Why(ReleasableTo(Nato("NATO UNCLASSIFIED"), {"KFOR"}), "FRA"), reason::kNotReleasableTo);
  EXPECT_EQ(Why(ReleasableTo(Nato("NATO UNCLASSIFIED"), {"FRA"}), "FRA"), reason::kReleased);
}

TEST_F(RichPolicyTest, WhatIsNotMappedIsNotReleased) {
  EXPECT_EQ(Why(Nato("NATO CONFIDENTIAL"), "FRA"), reason::kNotMapped);
  EXPECT_EQ(Why(Nato("SECRET"), "FRA"), reason::kNotMapped);
  EXPECT_EQ(Why(With(Nato("NATO SECRET"), "Context", v1::CATEGORY_TYPE_INFORMATIVE, {"NATO"}), "FRA"), reason::kNotMapped);
  v1::Label other = TestLabel("SECRET");
  other.set_policy("EU");
  EXPECT_EQ(Why(other, "FRA"), reason::kOtherPolicy);
}

TEST_F(RichPolicyTest, EgressWithoutALabelJudgesTheMappedOne) {
  v1::ExercisePolicy policy = RichPolicy();
  const v1::Label open = Nato("NATO UNCLASSIFIED");
  const v1::Label secret = Nato("NATO SECRET");
  EXPECT_TRUE(MayEgressUnlabelled(policy, &open, "FRA/air"));
  EXPECT_FALSE(MayEgressUnlabelled(policy, &secret, "FRA/air"));
}

}  // namespace
}  // namespace entente::broker
