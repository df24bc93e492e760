// SPDX-License-Identifier: Apache-2.0
#include "base/node_id.h"

#include <gtest/gtest.h>

namespace entente {
namespace {

TEST(NodeId, HasANationAndAName) {
  const auto id = NodeId::Parse("DEU/brigade-1.s2_main");
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(id->text(), "DEU/brigade-1.s2_main");
  EXPECT_EQ(id->nation(), "DEU");
  EXPECT_EQ(id->name(), "brigade-1.s2_main");
}

TEST(NodeId, RefusesWhatIsNotANationAndAName) {
  for (const std::string_view text : {"", "/", "DEU", "DEU/", "/brigade", "deu/brigade", "D/brigade", "DEU/Brigade", "DEU/a b",
                                      "DEU/a/b", "1EU/brigade", "NATOORGAN/hq", "DEU/brigäde", " DEU/brigade"}) {
    EXPECT_FALSE(NodeId::Parse(text).has_value()) << text;
  }
}

TEST(NodeId, NameHasAtMostSixtyFourCharacters) {
  EXPECT_TRUE(NodeId::Parse("DEU/" + std::string(64, 'a')).has_value());
  EXPECT_FALSE(NodeId::Parse("DEU/" + std::string(65, 'a')).has_value());
}

TEST(NodeId, NationCodesHaveTwoToEightCapitalsAndDigits) {
  for (const std::string_view code : {"EU", "DEU", "NATO", "UN1", "ABCDEFGH"}) EXPECT_TRUE(IsNationCode(code)) << code;
  for (const std::string_view code : {"", "D", "ABCDEFGHI", "deu", "2DE", "D-U"}) EXPECT_FALSE(IsNationCode(code)) << code;
}

TEST(NodeId, NationOfANodeOrOfANationAlone) {
  EXPECT_EQ(NationOf("FRA/hq"), "FRA");
  EXPECT_EQ(NationOf("FRA"), "FRA");
  EXPECT_EQ(NationOf(""), "");
}

TEST(NodeId, OrdersByText) {
  EXPECT_LT(*NodeId::Parse("DEU/a"), *NodeId::Parse("DEU/b"));
  EXPECT_LT(*NodeId::Parse("DEU/z"), *NodeId::Parse("FRA/a"));
  EXPECT_EQ(*NodeId::Parse("DEU/a"), *NodeId::Parse("DEU/a"));
}

}  // namespace
}  // namespace entente
