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
  EXPECT_TRUE(MayEgressUnlabelled(policy, &restricted));
  EXPECT_FALSE(MayEgressUnlabelled(policy, &secret));
  EXPECT_FALSE(MayEgressUnlabelled(policy, &unknown));
  EXPECT_FALSE(MayEgressUnlabelled(policy, nullptr));
  policy.clear_unlabelled_egress_up_to();
  EXPECT_FALSE(MayEgressUnlabelled(policy, &restricted));
}

}  // namespace
}  // namespace entente::broker
