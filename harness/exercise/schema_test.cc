// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/schema.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/exercise/test_adapter.h"

namespace entente::harness {
namespace {

using nlohmann::json;

TEST(SchemaTest, IsJsonAndEveryReferenceResolves) {
  const json schema = json::parse(ExerciseSchema(testing::kTestAdapters));
  EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
  const std::string text = schema.dump();
  constexpr std::string_view kPrefix = "#/$defs/";
  std::size_t references = 0;
  for (std::size_t at = text.find(kPrefix); at != std::string::npos; at = text.find(kPrefix, at + 1)) {
    const std::size_t begin = at + kPrefix.size();
    EXPECT_TRUE(schema["$defs"].contains(text.substr(begin, text.find('"', begin) - begin)));
    ++references;
  }
  EXPECT_GT(references, 20U);
}

TEST(SchemaTest, OptionsFollowTheProtocol) {
  const json schema = json::parse(ExerciseSchema(testing::kTestAdapters));
  const json& rules = schema["$defs"]["nodes"]["allOf"];
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[1]["if"]["properties"]["protocol"]["const"], "lamp");
  EXPECT_EQ(rules[1]["then"]["properties"]["options"]["properties"]["power"]["maximum"], 100);
}

TEST(SchemaTest, ClosedSetsAreEnumerated) {
  const json schema = json::parse(ExerciseSchema(testing::kTestAdapters));
  const json& precedence = schema["$defs"]["injects"]["properties"]["precedence"]["enum"];
  EXPECT_EQ(precedence, json::array({"ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH"}));
  EXPECT_EQ(schema["$defs"]["exercise"]["properties"]["version"]["enum"], json::array({1}));
}

TEST(SchemaTest, TheCommittedSchemaIsThatOfThisBuild) {
  std::ifstream file(ENTENTE_SOURCE_DIR "/exercises/exercise.schema.json");
  std::ostringstream committed;
  committed << file.rdbuf();
  EXPECT_EQ(committed.str(), ExerciseSchema())
      << "build the target exercise_schema and write its output to exercises/exercise.schema.json";
}

}  // namespace
}  // namespace entente::harness
