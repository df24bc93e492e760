// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/damage.h"

#include <gtest/gtest.h>

#include <set>

#include "adapters/api/loss_ledger.h"

namespace entente::adapter {
namespace {

TEST(Mutate, NeverGivesTheUnitBackUnchanged) {
  Prng prng(1);
  const Bytes unit = ToBytes("one unit of some protocol, with a checksum*4A");
  for (int i = 0; i < 2000; ++i) EXPECT_NE(Mutate(unit, prng), unit);
  const Bytes one = {0x42};
  for (int i = 0; i < 200; ++i) EXPECT_NE(Mutate(one, prng), one);
}

TEST(Mutate, LeavesAnEmptyUnitEmpty) {
  Prng prng(1);
  EXPECT_TRUE(Mutate({}, prng).empty());
}

TEST(Mutate, RepeatsFromTheSameSeed) {
  Prng one = Prng::Derive(9, {"mutate"});
  Prng other = Prng::Derive(9, {"mutate"});
  const Bytes unit(64, 0x55);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(Mutate(unit, one), Mutate(unit, other));
}

TEST(Mutate, MakesShorterLongerAndEquallyLongUnits) {
  Prng prng(2);
  const Bytes unit(40, 0xA5);
  std::set<int> lengths;
  for (int i = 0; i < 300; ++i) {
    const Bytes mutated = Mutate(unit, prng);
    EXPECT_LE(mutated.size(), unit.size() + 48) << "three times sixteen octets at most";
    lengths.insert(mutated.size() < unit.size() ? -1 : mutated.size() > unit.size() ? 1 : 0);
  }
  EXPECT_EQ(lengths, (std::set<int>{-1, 0, 1}));
}

TEST(NamesClause, MeansTheClauseItselfOrASubsection) {
  EXPECT_TRUE(NamesClause("IEEE 1278.1-2012 §6.2.66", "IEEE 1278.1-2012 §6.2.66", "Length"));
  EXPECT_TRUE(NamesClause("ITU-R M.1371-5 Annex 8 §3", "ITU-R M.1371-5 Annex 8 §3.1", "user ID"));
  EXPECT_FALSE(NamesClause("ITU-R M.1371-5 Annex 8 §3.1", "ITU-R M.1371-5 Annex 8 §3.11", "user ID"));
  EXPECT_FALSE(NamesClause("IEEE 1278.1-2012 §6.2.66", "IEEE 1278.1-2012 §6.2.6", "Length"));
}

TEST(NamesClause, MeansTheFieldWhereTheRuleNamesOne) {
  EXPECT_TRUE(NamesClause("ITU-R M.1371-5 Annex 8 §3, user ID", "ITU-R M.1371-5 Annex 8 §3.16", "user ID"));
  EXPECT_FALSE(NamesClause("ITU-R M.1371-5 Annex 8 §3, user ID", "ITU-R M.1371-5 Annex 8 §3.16", "position"));
  EXPECT_TRUE(NamesClause("CoT Base-Event Schema 2.0, lat", "CoT Base-Event Schema 2.0, lat", ""));
  EXPECT_FALSE(NamesClause("CoT Base-Event Schema 2.0, lat", "CoT Base-Event Schema 2.0, lon", "lon"));
}

TEST(DamageCategory, EachHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const DamageCategory category : kDamageCategories) names.insert(CategoryName(category));
  EXPECT_EQ(names.size(), kDamageCategories.size());
  EXPECT_FALSE(names.contains("unknown"));
}

TEST(LossLedger, FindsAFieldAndGoesToTheRecord) {
  LossLedger ledger;
  ledger.Kept(v1::FIELD_POSITION);
  ledger.Approximated(v1::FIELD_SPEED, 0.02, "0.1 knot");
  ledger.Defaulted(v1::FIELD_DIMENSION, "ships only");
  ledger.Dropped(v1::FIELD_REMARKS);
  ASSERT_EQ(ledger.entries().size(), 4U);
  EXPECT_EQ(ledger.Find(v1::FIELD_COURSE), nullptr);
  google::protobuf::RepeatedPtrField<v1::LedgerEntry> said;
  said.Add()->set_rule("of another message");
  ToProto(ledger, said);
  ASSERT_EQ(said.size(), 4);
  const v1::LedgerEntry& speed = said[1];
  EXPECT_EQ(speed.field(), v1::FIELD_SPEED);
  EXPECT_EQ(speed.outcome(), v1::LEDGER_OUTCOME_APPROXIMATED);
  EXPECT_EQ(speed.error(), 0.02);
  EXPECT_EQ(speed.rule(), "0.1 knot");
  EXPECT_EQ(ledger.Find(v1::FIELD_REMARKS)->rule, "no slot");
}

TEST(LossLedger, EqualEntriesAreEqual) {
  LossLedger one;
  LossLedger other;
  other.Reserve(8);
  EXPECT_EQ(one, other);
  one.Kept(v1::FIELD_POSITION);
  EXPECT_NE(one, other);
  other.Kept(v1::FIELD_POSITION);
  EXPECT_EQ(one, other);
}

}  // namespace
}  // namespace entente::adapter
