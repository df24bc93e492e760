// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/policy_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/policy/test_policy.h"

namespace entente::broker {
namespace {

using ::testing::HasSubstr;
using testing::TestLabel;
using testing::TestPolicy;

// The text of the only error that this policy has.
std::string OnlyError(const v1::ExercisePolicy& policy) {
  const std::vector<Error> errors = PolicyErrors(policy);
  EXPECT_EQ(errors.size(), 1U);
  return errors.empty() ? "" : errors.front().Text();
}

v1::NodePolicy& AddNode(v1::ExercisePolicy& policy, const char* node, const v1::Label& label) {
  v1::NodePolicy& entry = *policy.add_nodes();
  entry.set_node(node);
  *entry.mutable_default_label() = label;
  return entry;
}

TEST(PolicyCheckTest, AcceptsASoundPolicy) {
  v1::ExercisePolicy policy = TestPolicy();
  AddNode(policy, "DEU/brigade", testing::ReleasableTo(TestLabel("RESTRICTED"), {"NORTH", "FRA"}));
  EXPECT_TRUE(CheckPolicy(policy).has_value());
}

TEST(PolicyCheckTest, NamesTheMissingNameAndClassifications) {
  const std::vector<Error> errors = PolicyErrors(v1::ExercisePolicy());
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(errors[0].where, "policy.name");
  EXPECT_EQ(errors[1].where, "policy.classifications");
}

TEST(PolicyCheckTest, FindsUnknownClearance) {
  v1::ExercisePolicy policy = TestPolicy();
  policy.mutable_nations(2)->set_clearance("SECRT");
  const std::string error = OnlyError(policy);
  EXPECT_THAT(error, HasSubstr("policy.nations[2].clearance"));
  EXPECT_THAT(error, HasSubstr("\"SECRT\" of NOR is unknown"));
  EXPECT_THAT(error, HasSubstr("UNCLASSIFIED RESTRICTED SECRET"));
}

TEST(PolicyCheckTest, FindsDuplicates) {
  v1::ExercisePolicy nations = TestPolicy();
  *nations.add_nations() = nations.nations(0);
  EXPECT_THAT(OnlyError(nations), HasSubstr("the nation DEU is listed twice"));
  v1::ExercisePolicy levels = TestPolicy();
  levels.add_classifications("SECRET");
  EXPECT_THAT(OnlyError(levels), HasSubstr("the classification SECRET is listed twice"));
  v1::ExercisePolicy communities = TestPolicy();
  *communities.add_communities() = communities.communities(0);
  EXPECT_THAT(OnlyError(communities), HasSubstr("the community NORTH is listed twice"));
  v1::ExercisePolicy nodes = TestPolicy();
  AddNode(nodes, "DEU/brigade", TestLabel("SECRET"));
  AddNode(nodes, "DEU/brigade", TestLabel("SECRET"));
  EXPECT_THAT(OnlyError(nodes), HasSubstr("the node DEU/brigade is listed twice"));
}

TEST(PolicyCheckTest, FindsCommunityOfUnknownNations) {
  v1::ExercisePolicy policy = TestPolicy();
  policy.mutable_communities(0)->add_nations("SWE");
  EXPECT_THAT(OnlyError(policy), HasSubstr("NORTH names the unknown nation SWE"));
}

TEST(PolicyCheckTest, FindsCommunityNamedLikeANation) {
  v1::ExercisePolicy policy = TestPolicy();
  policy.mutable_communities(0)->set_name("FRA");
  EXPECT_THAT(OnlyError(policy), HasSubstr("FRA has the name of a nation"));
}

TEST(PolicyCheckTest, FindsEmptyCommunity) {
  v1::ExercisePolicy policy = TestPolicy();
  policy.add_communities()->set_name("EMPTY");
  EXPECT_THAT(OnlyError(policy), HasSubstr("EMPTY has no nation"));
}

TEST(PolicyCheckTest, FindsBadNationCodeAndHeldValue) {
  v1::ExercisePolicy policy = TestPolicy();
  policy.mutable_nations(1)->add_restrictive_held("BOHEMIA");
  EXPECT_THAT(OnlyError(policy), HasSubstr("write it as <tag>/<value>"));
  policy = TestPolicy();
  v1::NationPolicy& entry = *policy.add_nations();
  entry.set_nation("germany");
  entry.set_clearance("SECRET");
  EXPECT_THAT(OnlyError(policy), HasSubstr("\"germany\" is not a nation code"));
}

TEST(PolicyCheckTest, FindsUnknownEgressLimit) {
  v1::ExercisePolicy policy = TestPolicy();
  policy.set_unlabelled_egress_up_to("LOW");
  EXPECT_THAT(OnlyError(policy), HasSubstr("policy.unlabelled_egress_up_to"));
}

TEST(PolicyCheckTest, FindsNodesOutsideThePolicy) {
  v1::ExercisePolicy policy = TestPolicy();
  AddNode(policy, "SWE/hq", TestLabel("SECRET"));
  EXPECT_THAT(OnlyError(policy), HasSubstr("the nation of SWE/hq is not in the policy"));
  policy = TestPolicy();
  AddNode(policy, "brigade", TestLabel("SECRET"));
  EXPECT_THAT(OnlyError(policy), HasSubstr("\"brigade\" is not a node"));
}

TEST(PolicyCheckTest, FindsDefaultLabelsThatCanNeverBeReleased) {
  v1::ExercisePolicy policy = TestPolicy();
  AddNode(policy, "DEU/brigade", TestLabel("SECRET")).mutable_default_label()->set_policy("NATO");
  EXPECT_THAT(OnlyError(policy), HasSubstr("of the policy \"NATO\""));
  policy = TestPolicy();
  AddNode(policy, "DEU/brigade", TestLabel("COSMIC"));
  EXPECT_THAT(OnlyError(policy), HasSubstr("policy.nodes[0].default_label.classification"));
  policy = TestPolicy();
  AddNode(policy, "DEU/brigade", testing::ReleasableTo(TestLabel("SECRET"), {"SUOTH"}));
  EXPECT_THAT(OnlyError(policy), HasSubstr("names SUOTH, which is neither a nation nor a community"));
  policy = TestPolicy();
  AddNode(policy, "DEU/brigade", testing::With(TestLabel("SECRET"), "Caveat", v1::CATEGORY_TYPE_UNSPECIFIED, {"X"}));
  EXPECT_THAT(OnlyError(policy), HasSubstr("the category Caveat has no type"));
}

}  // namespace
}  // namespace entente::broker
