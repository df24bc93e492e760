// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/leak_oracle.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace entente::harness {
namespace {

class LeakOracleTest : public ::testing::Test {
 protected:
  LeakOracleTest() {
    policy_.set_name("EXERCISE");
    for (const char* name : {"UNCLASSIFIED", "RESTRICTED", "SECRET"}) policy_.add_classifications(name);
    AddNation("DEU", "SECRET");
    AddNation("FRA", "RESTRICTED").add_restrictive_held("Project/NORTH");
    AddNation("CHE", "UNCLASSIFIED");
    v1::Community& community = *policy_.add_communities();
    community.set_name("NATO");
    community.add_nations("DEU");
    community.add_nations("FRA");
    policy_.set_unlabelled_egress_up_to("UNCLASSIFIED");
  }
  v1::NationPolicy& AddNation(const char* name, const char* clearance) {
    v1::NationPolicy& nation = *policy_.add_nations();
    nation.set_nation(name);
    nation.set_clearance(clearance);
    return nation;
  }
  static v1::Label Label(const char* classification) {
    v1::Label label;
    label.set_policy("EXERCISE");
    label.set_classification(classification);
    return label;
  }
  static v1::Label With(v1::Label label, const char* tag, v1::CategoryType type, std::initializer_list<const char*> values) {
    v1::LabelCategory& category = *label.add_categories();
    category.set_tag(tag);
    category.set_type(type);
    for (const char* value : values) category.add_values(value);
    return label;
  }
  bool May(const v1::Label& label, const char* nation) const { return !LeakOracle(policy_).WhyNot(label, nation); }

  v1::ExercisePolicy policy_;
};

TEST_F(LeakOracleTest, ClearanceMustReachTheClassification) {
  EXPECT_TRUE(May(Label("RESTRICTED"), "FRA"));
  EXPECT_FALSE(May(Label("SECRET"), "FRA"));
  EXPECT_FALSE(May(Label("RESTRICTED"), "CHE"));
}

TEST_F(LeakOracleTest, WhatThePolicyDoesNotKnowIsNotReleased) {
  EXPECT_FALSE(May({}, "DEU"));
  EXPECT_FALSE(May(Label("COSMIC"), "DEU"));
  EXPECT_FALSE(May(Label("UNCLASSIFIED"), "ITA"));
  v1::Label foreign = Label("UNCLASSIFIED");
  foreign.set_policy("OTHER");
  EXPECT_FALSE(May(foreign, "DEU"));
}

TEST_F(LeakOracleTest, PermissiveCategoriesWantOneValueOrACommunity) {
  const v1::Label label = With(Label("UNCLASSIFIED"), "Releasable To", v1::CATEGORY_TYPE_PERMISSIVE, {"NATO"});
  EXPECT_TRUE(May(label, "FRA"));
  EXPECT_FALSE(May(label, "CHE"));
  EXPECT_FALSE(May(With(Label("UNCLASSIFIED"), "Releasable To", v1::CATEGORY_TYPE_PERMISSIVE, {}), "FRA"));
}

TEST_F(LeakOracleTest, OtherPermissiveCategoriesWantWhatANationHolds) {
  EXPECT_TRUE(May(With(Label("UNCLASSIFIED"), "Project", v1::CATEGORY_TYPE_PERMISSIVE, {"SOUTH", "NORTH"}), "FRA"));
  EXPECT_FALSE(May(With(Label("UNCLASSIFIED"), "Project", v1::CATEGORY_TYPE_PERMISSIVE, {"FRA"}), "FRA"));
}

TEST_F(LeakOracleTest, RestrictiveCategoriesWantEveryValue) {
  EXPECT_TRUE(May(With(Label("UNCLASSIFIED"), "Project", v1::CATEGORY_TYPE_RESTRICTIVE, {"NORTH"}), "FRA"));
  EXPECT_FALSE(May(With(Label("UNCLASSIFIED"), "Project", v1::CATEGORY_TYPE_RESTRICTIVE, {"NORTH", "SOUTH"}), "FRA"));
  EXPECT_FALSE(May(With(Label("UNCLASSIFIED"), "Project", v1::CATEGORY_TYPE_RESTRICTIVE, {"NORTH"}), "DEU"));
}

TEST_F(LeakOracleTest, InformativeCategoriesDoNotActAndUnknownOnesForbid) {
  EXPECT_TRUE(May(With(Label("UNCLASSIFIED"), "Context", v1::CATEGORY_TYPE_INFORMATIVE, {"x"}), "CHE"));
  EXPECT_FALSE(May(With(Label("UNCLASSIFIED"), "Context", v1::CATEGORY_TYPE_UNSPECIFIED, {"x"}), "CHE"));
}

TEST_F(LeakOracleTest, EgressWithoutALabelIsLimited) {
  EXPECT_FALSE(LeakOracle(policy_).WhyNotUnlabelled(Label("UNCLASSIFIED"), "FRA/air"));
  EXPECT_TRUE(LeakOracle(policy_).WhyNotUnlabelled(Label("RESTRICTED"), "FRA/air"));
  policy_.clear_unlabelled_egress_up_to();
  EXPECT_TRUE(LeakOracle(policy_).WhyNotUnlabelled(Label("UNCLASSIFIED"), "FRA/air"));
}

TEST_F(LeakOracleTest, EgressWithoutALabelIsForTheNamedNodesOnly) {
  policy_.add_unlabelled_egress_nodes("FRA/air");
  EXPECT_FALSE(LeakOracle(policy_).WhyNotUnlabelled(Label("UNCLASSIFIED"), "FRA/air"));
  EXPECT_TRUE(LeakOracle(policy_).WhyNotUnlabelled(Label("UNCLASSIFIED"), "FRA/hq"));
}

TEST_F(LeakOracleTest, CategoriesThatThePolicyDoesNotDeclareForbid) {
  v1::CategoryPolicy& project = *policy_.add_categories();
  project.set_tag("Project");
  project.set_type(v1::CATEGORY_TYPE_PERMISSIVE);
  project.add_values("NORTH");
  EXPECT_TRUE(May(Label("UNCLASSIFIED"), "FRA"));
  EXPECT_TRUE(May(With(Label("UNCLASSIFIED"), "Project", v1::CATEGORY_TYPE_PERMISSIVE, {"NORTH"}), "FRA"));
  EXPECT_FALSE(May(With(Label("UNCLASSIFIED"), "Project", v1::CATEGORY_TYPE_RESTRICTIVE, {"NORTH"}), "FRA"));
  EXPECT_FALSE(May(With(Label("UNCLASSIFIED"), "Project", v1::CATEGORY_TYPE_PERMISSIVE, {"NORTH", "SOUTH"}), "FRA"));
  EXPECT_FALSE(May(With(Label("UNCLASSIFIED"), "Context", v1::CATEGORY_TYPE_INFORMATIVE, {}), "FRA"));
  *policy_.add_categories() = policy_.categories(0);
  EXPECT_FALSE(May(With(Label("UNCLASSIFIED"), "Project", v1::CATEGORY_TYPE_PERMISSIVE, {"NORTH"}), "FRA"));
}

TEST_F(LeakOracleTest, LabelsOfAMappedPolicyMeanWhatTheyAreMappedTo) {
  v1::PolicyMapping& mapping = *policy_.add_mappings();
  mapping.set_policy("OTHER");
  const auto add = [](auto& rows, const char* from, const char* to) {
    v1::ValueMapping& row = *rows.Add();
    row.set_from(from);
    row.set_to(to);
  };
  add(*mapping.mutable_classifications(), "GREEN", "UNCLASSIFIED");
  add(*mapping.mutable_classifications(), "AMBER", "RESTRICTED");
  v1::CategoryMapping& category = *mapping.add_categories();
  category.set_from_tag("For");
  category.set_to_tag("Releasable To");
  add(*category.mutable_values(), "ALLIES", "NATO");
  const auto other = [](const char* classification) {
    v1::Label label = Label(classification);
    label.set_policy("OTHER");
    return label;
  };
  EXPECT_TRUE(May(other("GREEN"), "CHE"));
  EXPECT_FALSE(May(other("AMBER"), "CHE"));
  EXPECT_TRUE(May(other("AMBER"), "FRA"));
  EXPECT_FALSE(May(other("RED"), "DEU"));
  EXPECT_TRUE(May(With(other("GREEN"), "For", v1::CATEGORY_TYPE_PERMISSIVE, {"ALLIES"}), "FRA"));
  EXPECT_FALSE(May(With(other("GREEN"), "For", v1::CATEGORY_TYPE_PERMISSIVE, {"ALLIES"}), "CHE"));
  EXPECT_FALSE(May(With(other("GREEN"), "Caveat", v1::CATEGORY_TYPE_INFORMATIVE, {}), "DEU"));
  EXPECT_FALSE(LeakOracle(policy_).WhyNotUnlabelled(other("GREEN"), "FRA/air"));
  EXPECT_TRUE(LeakOracle(policy_).WhyNotUnlabelled(other("AMBER"), "FRA/air"));
  add(*mapping.mutable_classifications(), "GREEN", "SECRET");
  EXPECT_FALSE(May(other("GREEN"), "DEU"));
}

TEST_F(LeakOracleTest, AMessageWithoutALabelHasItsNodesDefault) {
  v1::NodePolicy& node = *policy_.add_nodes();
  node.set_node("DEU/a");
  *node.mutable_default_label() = Label("RESTRICTED");
  EXPECT_EQ(LeakOracle(policy_).LabelOf({}, "DEU/a").classification(), "RESTRICTED");
  EXPECT_EQ(LeakOracle(policy_).LabelOf(Label("SECRET"), "DEU/a").classification(), "SECRET");
  EXPECT_EQ(LeakOracle(policy_).LabelOf({}, "FRA/b").classification(), "");
}

}  // namespace
}  // namespace entente::harness
