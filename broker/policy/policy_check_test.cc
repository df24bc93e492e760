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
  const std::vector<PolicyError> errors = PolicyErrors(policy);
  std::string all;
  for (const PolicyError& each : errors) all += each.error.Text() + "\n";
  EXPECT_EQ(errors.size(), 1U) << all;
  return errors.empty() ? "" : errors.front().error.Text();
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
  const std::vector<PolicyError> errors = PolicyErrors(v1::ExercisePolicy());
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(errors[0].error.where, "policy.name");
  EXPECT_EQ(errors[1].error.where, "policy.classifications");
}

TEST(PolicyCheckTest, FindsUnknownClearance) {
  v1::ExercisePolicy policy = TestPolicy();
  policy.mutable_nations(2)->set_clearance("SECRT");
  const std::string error = OnlyError(policy);
  EXPECT_THAT(error, HasSubstr("policy.nations[2].clearance"));
  EXPECT_THAT(error, HasSubstr("\"SECRT\" of NOR is not a classification of the policy"));
  EXPECT_THAT(error, HasSubstr("known: UNCLASSIFIED, RESTRICTED, SECRET"));
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
  EXPECT_THAT(OnlyError(policy), HasSubstr("the nation SWE of the community NORTH takes no part"));
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
  EXPECT_THAT(OnlyError(policy), HasSubstr("names \"SUOTH\", which is neither a nation nor a community"));
  policy = TestPolicy();
  AddNode(policy, "DEU/brigade", testing::With(TestLabel("SECRET"), "Caveat", v1::CATEGORY_TYPE_UNSPECIFIED, {"X"}));
  EXPECT_THAT(OnlyError(policy), HasSubstr("the category Caveat has no type"));
}

TEST(PolicyCheckTest, FindsDefaultLabelsThatNobodyMaySee) {
  v1::ExercisePolicy policy = TestPolicy();
  AddNode(policy, "NOR/hq", testing::ReleasableTo(TestLabel("SECRET"), {"NORTH"}));
  EXPECT_THAT(OnlyError(policy), HasSubstr("no nation may see what has this label, not even the node's own"));
  policy.mutable_nations(2)->set_clearance("SECRET");
  EXPECT_TRUE(CheckPolicy(policy).has_value());
}

TEST(PolicyCheckTest, FindsCommunitiesThatListANationTwice) {
  v1::ExercisePolicy policy = TestPolicy();
  policy.mutable_communities(0)->add_nations("NOR");
  EXPECT_THAT(OnlyError(policy), HasSubstr("the community NORTH lists NOR twice"));
}

TEST(PolicyCheckTest, FindsEgressNodesWithoutALimitOrNation) {
  v1::ExercisePolicy policy = TestPolicy();
  policy.add_unlabelled_egress_nodes("SWE/air");
  EXPECT_THAT(OnlyError(policy), HasSubstr("policy.unlabelled_egress_nodes[0]: the nation of SWE/air is not in the policy"));
  policy = TestPolicy();
  policy.clear_unlabelled_egress_up_to();
  policy.add_unlabelled_egress_nodes("DEU/air");
  EXPECT_THAT(OnlyError(policy), HasSubstr("no limit up to which"));
}

v1::CategoryPolicy& Declare(v1::ExercisePolicy& policy, const char* tag, v1::CategoryType type,
                            std::initializer_list<const char*> values = {}) {
  v1::CategoryPolicy& category = *policy.add_categories();
  category.set_tag(tag);
  category.set_type(type);
  for (const char* value : values) category.add_values(value);
  return category;
}

v1::ExercisePolicy Declared() {
  v1::ExercisePolicy policy = TestPolicy();
  Declare(policy, "Releasable To", v1::CATEGORY_TYPE_PERMISSIVE);
  Declare(policy, "Caveat", v1::CATEGORY_TYPE_RESTRICTIVE, {"BOHEMIA", "OTHER"});
  return policy;
}

TEST(PolicyCheckTest, FindsCategoriesThatContradictThemselves) {
  EXPECT_TRUE(CheckPolicy(Declared()).has_value());
  v1::ExercisePolicy policy = Declared();
  Declare(policy, "Caveat", v1::CATEGORY_TYPE_PERMISSIVE);
  EXPECT_THAT(OnlyError(policy), HasSubstr("Caveat is listed twice, as being of different types"));
  policy = Declared();
  policy.mutable_categories(0)->set_type(v1::CATEGORY_TYPE_RESTRICTIVE);
  EXPECT_THAT(OnlyError(policy), HasSubstr("permissive by its meaning"));
  policy = Declared();
  policy.mutable_categories(1)->clear_type();
  EXPECT_THAT(OnlyError(policy), HasSubstr("policy.categories[1].type: the category Caveat has no type"));
  policy = Declared();
  policy.mutable_categories(1)->add_values("OTHER");
  EXPECT_THAT(OnlyError(policy), HasSubstr("the value OTHER is listed twice"));
  policy = Declared();
  policy.mutable_categories(0)->add_values("SWE");
  EXPECT_THAT(OnlyError(policy), HasSubstr("neither a nation nor a community"));
}

TEST(PolicyCheckTest, FindsHeldValuesThatNoLabelCanHave) {
  v1::ExercisePolicy policy = Declared();
  policy.mutable_nations(1)->add_restrictive_held("Cavaet/BOHEMIA");
  EXPECT_THAT(OnlyError(policy), HasSubstr("the category \"Cavaet\" of \"Cavaet/BOHEMIA\" is not declared"));
  policy = Declared();
  policy.mutable_nations(1)->add_restrictive_held("Caveat/MORAVIA");
  EXPECT_THAT(OnlyError(policy), HasSubstr("\"MORAVIA\" is no value of the category Caveat"));
}

TEST(PolicyCheckTest, FindsLabelsWithUndeclaredCategories) {
  const auto why = [](const v1::Label& label) {
    const std::vector<PolicyError> errors = LabelErrors(Declared(), label);
    EXPECT_EQ(errors.size(), 1U);
    return errors.empty() ? "" : errors.front().error.Text();
  };
  EXPECT_TRUE(LabelErrors(Declared(), testing::ReleasableTo(TestLabel("SECRET"), {"FRA"})).empty());
  EXPECT_THAT(why(testing::With(TestLabel("SECRET"), "Only", v1::CATEGORY_TYPE_RESTRICTIVE, {"X"})),
              HasSubstr("label.categories[0]: the category \"Only\" is not declared"));
  EXPECT_THAT(why(testing::With(TestLabel("SECRET"), "Caveat", v1::CATEGORY_TYPE_PERMISSIVE, {"OTHER"})),
              HasSubstr("the policy declares it as restrictive"));
  EXPECT_THAT(why(testing::With(TestLabel("SECRET"), "Caveat", v1::CATEGORY_TYPE_RESTRICTIVE, {"X"})),
              HasSubstr("\"X\" is no value"));
}

v1::ExercisePolicy Mapped() {
  v1::ExercisePolicy policy = Declared();
  v1::PolicyMapping& mapping = *policy.add_mappings();
  mapping.set_policy("NATO");
  v1::ValueMapping& classification = *mapping.add_classifications();
  classification.set_from("NATO SECRET");
  classification.set_to("SECRET");
  v1::CategoryMapping& category = *mapping.add_categories();
  category.set_from_tag("Special");
  category.set_to_tag("Caveat");
  return policy;
}

TEST(PolicyCheckTest, FindsMappingsThatLeadNowhere) {
  EXPECT_TRUE(CheckPolicy(Mapped()).has_value());
  v1::ExercisePolicy policy = Mapped();
  policy.mutable_mappings(0)->mutable_classifications(0)->set_to("SECERT");
  EXPECT_THAT(OnlyError(policy), HasSubstr("policy.mappings[0].classifications[0]: maps to \"SECERT\", which is not"));
  policy = Mapped();
  policy.mutable_mappings(0)->set_policy("EXERCISE");
  EXPECT_THAT(OnlyError(policy), HasSubstr("maps the policy EXERCISE to itself"));
  policy = Mapped();
  *policy.add_mappings() = policy.mappings(0);
  EXPECT_THAT(OnlyError(policy), HasSubstr("the policy NATO is mapped twice"));
  policy = Mapped();
  *policy.mutable_mappings(0)->add_classifications() = policy.mappings(0).classifications(0);
  EXPECT_THAT(OnlyError(policy), HasSubstr("\"NATO SECRET\" is mapped twice"));
  policy = Mapped();
  policy.mutable_mappings(0)->clear_classifications();
  EXPECT_THAT(OnlyError(policy), HasSubstr("maps no classification of NATO"));
  policy = Mapped();
  policy.mutable_mappings(0)->mutable_categories(0)->set_to_tag("Only");
  EXPECT_THAT(OnlyError(policy), HasSubstr("maps to the category \"Only\", which the policy does not declare"));
  policy = Mapped();
  v1::ValueMapping& value = *policy.mutable_mappings(0)->mutable_categories(0)->add_values();
  value.set_from("B");
  value.set_to("BOHEMA");
  EXPECT_THAT(OnlyError(policy), HasSubstr("\"BOHEMA\" is no value of the category Caveat"));
}

TEST(PolicyCheckTest, FindsMappingsThatChain) {
  v1::ExercisePolicy policy = Mapped();
  v1::PolicyMapping& other = *policy.add_mappings();
  other.set_policy("EU");
  v1::ValueMapping& classification = *other.add_classifications();
  classification.set_from("SECRET UE");
  classification.set_to("NATO SECRET");
  EXPECT_THAT(OnlyError(policy), HasSubstr("which is a classification of NATO; mappings do not chain"));
}

TEST(PolicyCheckTest, DefaultLabelsMayBeOfAMappedPolicy) {
  v1::ExercisePolicy policy = Mapped();
  v1::Label label = TestLabel("NATO SECRET");
  label.set_policy("NATO");
  AddNode(policy, "DEU/brigade", label);
  EXPECT_TRUE(CheckPolicy(policy).has_value());
  policy.mutable_nodes(0)->mutable_default_label()->set_classification("COSMIC");
  EXPECT_THAT(OnlyError(policy), HasSubstr("\"COSMIC\" is not among the mapped classifications of NATO"));
  *policy.mutable_nodes(0)->mutable_default_label() = testing::ReleasableTo(label, {"DEU"});
  EXPECT_THAT(OnlyError(policy), HasSubstr("\"Releasable To\" is not among the mapped ones of NATO"));
}

TEST(PolicyCheckTest, FindsIdentitiesThatContradictThemselves) {
  const auto with = [](const char* identity, v1::Role role, std::initializer_list<const char*> speaks_for) {
    v1::ExercisePolicy policy = TestPolicy();
    v1::IdentityPolicy& entry = *policy.add_identities();
    entry.set_identity(identity);
    entry.set_role(role);
    for (const char* node : speaks_for) entry.add_speaks_for(node);
    return policy;
  };
  EXPECT_TRUE(CheckPolicy(with("DEU/gateway", v1::ROLE_NODE, {"DEU/*", "FRA/hq"})).has_value());
  EXPECT_THAT(OnlyError(with("gateway", v1::ROLE_NODE, {})), HasSubstr("\"gateway\" is not the name in a certificate"));
  EXPECT_THAT(OnlyError(with("DEU/gateway", v1::ROLE_NODE, {"*"})), HasSubstr("neither a node nor all of a nation"));
  EXPECT_THAT(OnlyError(with("FRA/observer", v1::ROLE_OBSERVER, {})), HasSubstr("can attach as no node"));
  EXPECT_THAT(OnlyError(with("DEU/gateway", v1::ROLE_NODE, {"SWE/*"})), HasSubstr("the nation of SWE/* is not in the policy"));
  EXPECT_THAT(OnlyError(with("DEU/gateway", v1::ROLE_NODE, {"DEU/a", "DEU/a"})), HasSubstr("speaks for DEU/a twice"));
  v1::ExercisePolicy twice = with("DEU/gateway", v1::ROLE_NODE, {});
  *twice.add_identities() = twice.identities(0);
  EXPECT_THAT(OnlyError(twice), HasSubstr("the identity DEU/gateway is listed twice"));
}

}  // namespace
}  // namespace entente::broker
