// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/words.h"

#include <gtest/gtest.h>

#include "entente/v1/exercise.pb.h"
#include "harness/exercise/label_text.h"

namespace entente::harness {
namespace {

TEST(WordsTest, EnumerationsReadAsPeopleWriteThem) {
  const auto& families = *google::protobuf::GetEnumDescriptor<v1::Family>();
  EXPECT_EQ(WordOf(families, v1::FAMILY_WEAPON_EVENT), "weapon-event");
  EXPECT_EQ(ParseWord(families, "track"), v1::FAMILY_TRACK);
  EXPECT_FALSE(ParseWord(families, "unspecified"));
  EXPECT_EQ(WordOf(*google::protobuf::GetEnumDescriptor<v1::Precedence>(), v1::PRECEDENCE_FLASH), "FLASH");
}

TEST(WordsTest, EveryWordReadsBack) {
  const auto& fields = *google::protobuf::GetEnumDescriptor<v1::Field>();
  for (const std::string& word : WordsOf(fields)) EXPECT_EQ(WordOf(fields, *ParseWord(fields, word)), word);
}

TEST(WordsTest, SuggestsWhatIsNearAndNothingElse) {
  EXPECT_EQ(Nearest("latncy", {"loss", "latency", "rate"}), "latency");
  EXPECT_EQ(Nearest("Flash", {"ROUTINE", "FLASH"}), "FLASH");
  EXPECT_EQ(Nearest("weather", {"loss", "latency", "rate"}), "");
}

TEST(LabelTextTest, ClassificationThenNations) {
  const auto label = ParseLabel("TOP SECRET rel DEU FRA");
  ASSERT_TRUE(label);
  EXPECT_EQ(label->classification(), "TOP SECRET");
  ASSERT_EQ(label->categories_size(), 1);
  EXPECT_EQ(label->categories(0).tag(), "Releasable To");
  EXPECT_EQ(label->categories(0).type(), v1::CATEGORY_TYPE_PERMISSIVE);
  EXPECT_EQ(label->categories(0).values_size(), 2);
  EXPECT_EQ(LabelText(*label), "TOP SECRET rel DEU FRA");
}

TEST(LabelTextTest, ReadsAMarkingToo) {
  const auto label = ParseLabel("TOP SECRET REL DEU, FRA");
  ASSERT_TRUE(label);
  EXPECT_EQ(LabelText(*label), "TOP SECRET rel DEU FRA");
}

TEST(LabelTextTest, RelWithoutNationOrClassificationIsRefused) {
  EXPECT_FALSE(ParseLabel("RESTRICTED rel"));
  EXPECT_FALSE(ParseLabel("rel DEU"));
  EXPECT_FALSE(ParseLabel(""));
}

}  // namespace
}  // namespace entente::harness
