// SPDX-License-Identifier: Apache-2.0
// Each rule broken in each vector that it applies to: the decoder reacts as the rule says, for the clause that was broken.
#include "adapters/dis/damage_rules.h"

#include <gtest/gtest.h>

#include "adapters/dis/test_vectors.h"

namespace entente::dis {
namespace {

using adapter::DamageRule;
using adapter::Reaction;

class DamageRulesTest : public testing::TestWithParam<const DamageRule*> {};

TEST_P(DamageRulesTest, IsMetAsItSays) {
  const DamageRule& rule = *GetParam();
  const auto options = OptionsWith({});
  int applied = 0;
  for (const Vector& vector : Vectors()) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      Prng prng = Prng::Derive(seed, {rule.id});
      const auto damaged = rule.apply(vector.octets, prng);
      if (!damaged) continue;
      ++applied;
      EXPECT_NE(*damaged, vector.octets) << vector.name;
      const auto decoded = Info().codec->Decode(*damaged, {vector.form, options, VectorTime()});
      if (rule.expected == Reaction::kRefused) {
        ASSERT_FALSE(decoded.has_value()) << vector.name << ' ' << ToHex(*damaged);
        EXPECT_EQ(decoded.error().clause, rule.clause) << vector.name << ": " << decoded.error().text;
      } else {
        ASSERT_TRUE(decoded.has_value()) << vector.name << ": " << decoded.error().text;
        bool found = false;
        for (const adapter::Finding& finding : decoded->messages.at(0).findings)
          found |= adapter::NamesClause(rule.clause, finding.clause, finding.field);
        EXPECT_TRUE(found) << vector.name;
      }
    }
  }
  EXPECT_GT(applied, 0) << "the rule applies to no vector";
}

std::vector<const DamageRule*> Rules() {
  std::vector<const DamageRule*> rules;
  for (const DamageRule& rule : DamageRules()) rules.push_back(&rule);
  return rules;
}

std::string NameOf(const DamageRule* rule) {
  std::string name(rule->id.substr(4));
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, DamageRulesTest, testing::ValuesIn(Rules()), [](const auto& test) { return NameOf(test.param); });

}  // namespace
}  // namespace entente::dis
