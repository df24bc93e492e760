// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/yaml_bounds.h"

#include <gmock/gmock.h>

#include "harness/exercise/exercise_file.h"
#include "harness/exercise/test_adapter.h"

namespace entente::harness {
namespace {

using ::testing::HasSubstr;

std::string What(const std::string& yaml) {
  const auto excess = FindYamlExcess(yaml);
  return excess ? excess->what : "within";
}

// Ten times ten times ... of it.
std::string Bomb(int levels) {
  std::string yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level <= levels; ++level) {
    const std::string alias = "*a" + std::to_string(level - 1);
    yaml += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + alias;
    for (int i = 1; i < 10; ++i) yaml += ", " + alias;
    yaml += "]\n";
  }
  return yaml;
}

TEST(YamlBoundsTest, AnAliasCountsAsWhatItStandsFor) {
  EXPECT_EQ(What(Bomb(3)), "within");
  EXPECT_THAT(What(Bomb(5)), HasSubstr("holds more than"));
  EXPECT_THAT(What(Bomb(200)), HasSubstr("holds more than"));
}

TEST(YamlBoundsTest, AnAliasInsideItselfIsRefused) {
  EXPECT_THAT(What("a: &a [*a]\n"), HasSubstr("endless"));
  EXPECT_THAT(What("a: &a {b: {c: *a}}\n"), HasSubstr("endless"));
}

TEST(YamlBoundsTest, DepthCountsThroughAliases) {
  EXPECT_EQ(What(std::string(kYamlDepth, '[') + std::string(kYamlDepth, ']')), "within");
  EXPECT_THAT(What(std::string(kYamlDepth + 1, '[') + std::string(kYamlDepth + 1, ']')), HasSubstr("nested deeper"));
  std::string chain = "a0: &a0 x\n";
  for (std::size_t i = 1; i <= kYamlDepth; ++i) {
    chain += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_THAT(What(chain), HasSubstr("nested deeper"));
}

TEST(YamlBoundsTest, ManyValuesAreRefusedBeforeTheyAreBuilt) {
  std::string many = "[";
  for (std::size_t i = 0; i <= kYamlValues; ++i) many += "a,";
  EXPECT_THAT(What(many + "]"), HasSubstr("holds more than"));
}

TEST(YamlBoundsTest, ReadingSaysWhereItBecameTooMuch) {
  const auto exercise = ReadExercise("version: 1\na: &a\n  - *a\n", "file.yaml", testing::kTestAdapters);
  ASSERT_FALSE(exercise);
  ASSERT_EQ(exercise.error().size(), 1U);
  EXPECT_THAT(exercise.error().front().Text(), HasSubstr("file.yaml:3:5: an alias stands inside what it stands for"));
}

}  // namespace
}  // namespace entente::harness
