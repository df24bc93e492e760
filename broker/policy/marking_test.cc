// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/marking.h"

#include <gmock/gmock.h>

#include "broker/policy/test_policy.h"

namespace entente::broker {
namespace {

using ::testing::HasSubstr;
using testing::ReleasableTo;
using testing::TestLabel;
using testing::With;

v1::ExercisePolicy MarkedPolicy() {
  v1::ExercisePolicy policy = testing::TestPolicy();
  policy.add_classifications("TOP SECRET");
  policy.add_classifications("TOP");
  v1::CategoryPolicy& project = *policy.add_categories();
  project.set_tag("Project");
  project.set_type(v1::CATEGORY_TYPE_PERMISSIVE);
  v1::PolicyMapping& nato = *policy.add_mappings();
  nato.set_policy("NATO");
  nato.add_classifications()->set_from("SECRET");
  nato.add_classifications()->set_from("CONFIDENTIAL");
  return policy;
}

std::string Again(std::string_view text) {
  const auto label = ParseMarking(text, MarkedPolicy());
  EXPECT_TRUE(label) << text << ": " << (label ? "" : label.error().Text());
  return label ? Marking(*label) : "";
}

TEST(MarkingTest, SaysPolicyClassificationReleasabilityAndCategories) {
  EXPECT_EQ(Marking(v1::Label()), "no label");
  EXPECT_EQ(Marking(TestLabel("SECRET")), "EXERCISE SECRET");
  const v1::Label label =
      With(ReleasableTo(TestLabel("RESTRICTED"), {"DEU", "FRA"}), "Caveat", v1::CATEGORY_TYPE_RESTRICTIVE, {"BOHEMIA"});
  EXPECT_EQ(Marking(label), "EXERCISE RESTRICTED REL DEU, FRA - Caveat: BOHEMIA");
  EXPECT_EQ(Marking(ReleasableTo(TestLabel("SECRET"), {})), "EXERCISE SECRET REL nobody");
}

TEST(MarkingTest, IsOneLineWhateverStandsInTheLabel) {
  v1::Label label = TestLabel("SECRET\nreleased to everybody");
  label.set_privacy_mark("a\tb\x7F");
  EXPECT_EQ(Marking(label), "EXERCISE SECRET released to everybody (a b )");
}

TEST(MarkingTest, ReadsBackWhatItSays) {
  for (const char* text :
       {"EXERCISE SECRET", "EXERCISE TOP SECRET REL DEU, FRA", "EXERCISE TOP REL NORTH", "NATO CONFIDENTIAL REL DEU",
        "EXERCISE SECRET REL nobody", "EXERCISE SECRET REL DEU - Caveat: A, B - Project: C D"}) {
    EXPECT_EQ(Again(text), text);
  }
  EXPECT_EQ(Again("RESTRICTED rel DEU,FRA"), "EXERCISE RESTRICTED REL DEU, FRA");
  EXPECT_EQ(Again("  NATO SECRET"), "NATO SECRET");
}

TEST(MarkingTest, ACategoryIsOfItsDeclaredTypeElseRestrictive) {
  const auto label = ParseMarking("SECRET - Project: A - Caveat: B", MarkedPolicy());
  ASSERT_TRUE(label);
  EXPECT_EQ(label->categories(0).type(), v1::CATEGORY_TYPE_PERMISSIVE);
  EXPECT_EQ(label->categories(1).type(), v1::CATEGORY_TYPE_RESTRICTIVE);
  EXPECT_EQ(label->origin(), v1::LABEL_ORIGIN_OPERATOR);
}

TEST(MarkingTest, SaysWhatIsNotUnderstood) {
  const auto why = [](std::string_view text) {
    const auto label = ParseMarking(text, MarkedPolicy());
    EXPECT_FALSE(label) << text;
    return label ? "" : label.error().Text();
  };
  EXPECT_THAT(why(""), HasSubstr("known: UNCLASSIFIED, RESTRICTED, SECRET, TOP SECRET, TOP"));
  EXPECT_THAT(why("SECERT REL DEU"), HasSubstr("begins with no classification of EXERCISE"));
  EXPECT_THAT(why("NATO RESTRICTED"), HasSubstr("begins with no classification of NATO"));
  EXPECT_THAT(why("SECRET DEU"), HasSubstr("write REL and the nations"));
  EXPECT_THAT(why("SECRET - Caveat"), HasSubstr("write it as <tag>: <value>"));
}

}  // namespace
}  // namespace entente::broker
