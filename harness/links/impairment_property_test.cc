// SPDX-License-Identifier: Apache-2.0
// Laws that hold for every kind of impairment, one by one and together: an impairment that breaks one does not belong here.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "harness/links/channel_rig_test.h"

namespace entente::harness {
namespace {

using namespace testing;

// Settings under which a kind decides often. What is not here acts without settings.
ImpairmentSpec Busy(const ImpairmentKind& kind) {
  ImpairmentSpec spec = SpecOf(kind.name);
  for (const Parameter& parameter : kind.parameters) {
    if (parameter.name == "share" || parameter.name == "p" || parameter.name == "r") spec.settings.Set(parameter.name, 0.2);
    if (parameter.name == "jitter") spec.settings.Set(parameter.name, Duration(20ms));
    if (parameter.name == "rate") spec.settings.Set(parameter.name, std::uint64_t{50'000});
    if (parameter.name == "period") spec.settings.Set(parameter.name, Duration(700ms));
  }
  return spec;
}

bool ActsOn(const ImpairmentKind& kind, LinkCarrier carrier) {
  return carrier == LinkCarrier::kStream ? kind.on_streams : kind.on_datagrams;
}

// Those whose decisions say what became of a unit. The others end or shut the connection, so that nothing else can decide.
bool LeavesTheRestAlone(const ImpairmentKind& kind) {
  static const std::set<std::string_view> kEnds{"reset", "truncate", "half-open", "outage", "flap"};
  return !kEnds.contains(kind.name);
}

Chain BusyChain(LinkCarrier carrier) {
  Chain chain;
  for (const ImpairmentKind* kind : ImpairmentKinds()) {
    if (ActsOn(*kind, carrier) && LeavesTheRestAlone(*kind)) chain.push_back(Busy(*kind));
  }
  NameRules(chain);
  return chain;
}

class EveryKind : public ::testing::TestWithParam<const ImpairmentKind*> {};

TEST_P(EveryKind, SaysWhatItIs) {
  const ImpairmentKind& kind = *GetParam();
  EXPECT_FALSE(kind.summary.empty());
  EXPECT_FALSE(kind.source.empty());
  EXPECT_TRUE(kind.on_streams || kind.on_datagrams);
  EXPECT_NE(kind.make, nullptr);
  std::set<std::string_view> names;
  for (const Parameter& parameter : kind.parameters) {
    EXPECT_TRUE(names.insert(parameter.name).second) << parameter.name;
    EXPECT_FALSE(parameter.description.empty()) << parameter.name;
    EXPECT_EQ(parameter.type == ParameterType::kChoice, !parameter.choices.empty()) << parameter.name;
    EXPECT_NE(parameter.name, "kind") << "the word that says the kind itself";
  }
}

TEST_P(EveryKind, DecidesTheSameWhateverTheSlicing) {
  const ImpairmentKind& kind = *GetParam();
  if (!kind.on_streams) GTEST_SKIP() << "not on streams";
  EXPECT_TRUE(rc::check("any seed, any slicing", [&] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1000);
    const auto slicing = *rc::gen::inRange<std::uint64_t>(1, 1000);
    const Chain chain{Busy(kind)};
    const Outcome whole = RunStream(chain, seed, 0, 20'000);
    const Outcome sliced = RunStream(chain, seed, slicing, 20'000);
    RC_ASSERT(sliced.decisions == whole.decisions);
    RC_ASSERT(sliced.octets == whole.octets);
    RC_ASSERT(sliced.last == whole.last);
  }));
}

TEST_P(EveryKind, DecidesTheSameForTheSameSeed) {
  const ImpairmentKind& kind = *GetParam();
  if (!kind.on_datagrams) GTEST_SKIP() << "not on datagrams";
  EXPECT_TRUE(rc::check("any seed", [&] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const Outcome first = RunDatagrams({Busy(kind)}, seed, 60);
    const Outcome second = RunDatagrams({Busy(kind)}, seed, 60);
    RC_ASSERT(first.decisions == second.decisions);
    RC_ASSERT(first.datagrams == second.datagrams);
  }));
}

// The chain of all, and without this one: every other rule decides the same on the same units.
TEST_P(EveryKind, AddedOrRemovedMovesNoOthersDecisions) {
  const ImpairmentKind& kind = *GetParam();
  for (const LinkCarrier carrier : {LinkCarrier::kStream, LinkCarrier::kDatagram}) {
    if (!ActsOn(kind, carrier) || !LeavesTheRestAlone(kind)) continue;
    const Chain all = BusyChain(carrier);
    Chain without = all;
    std::erase_if(without, [&](const ImpairmentSpec& spec) { return spec.kind == &kind; });
    const auto run = [&](const Chain& chain) {
      return carrier == LinkCarrier::kStream ? RunStream(chain, 1, 0) : RunDatagrams(chain, 1);
    };
    const Outcome with = run(all);
    const Outcome other = run(without);
    EXPECT_TRUE(other.Of(kind.name).empty());
    for (const ImpairmentSpec& spec : without) EXPECT_EQ(other.Of(spec.rule), with.Of(spec.rule)) << spec.rule;
  }
}

// What ends or shuts a connection decides for itself alone, too: where units still pass, others decide as without it.
TEST_P(EveryKind, WhereUnitsStillPassOthersDecideAsWithoutIt) {
  const ImpairmentKind& kind = *GetParam();
  for (const LinkCarrier carrier : {LinkCarrier::kStream, LinkCarrier::kDatagram}) {
    if (!ActsOn(kind, carrier)) continue;
    const Chain all = {Busy(*FindImpairmentKind("corrupt")), Busy(*FindImpairmentKind("reorder"))};
    Chain with = all;
    with.push_back(SpecOf(kind.name));
    with.back() = Busy(kind);
    NameRules(with, "fault");
    for (std::size_t i = 0; i < all.size(); ++i) with[i].rule = all[i].rule;
    const auto run = [&](const Chain& chain) {
      return carrier == LinkCarrier::kStream ? RunStream(chain, 3, 0) : RunDatagrams(chain, 3);
    };
    const Outcome alone = run(all);
    const Outcome beside = run(with);
    for (const ImpairmentSpec& spec : all) {
      std::set<std::uint64_t> expected;
      for (const Decision& decision : alone.Of(spec.rule)) expected.insert(decision.unit);
      for (const Decision& decision : beside.Of(spec.rule)) EXPECT_TRUE(expected.contains(decision.unit)) << spec.rule;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryKind, ::testing::ValuesIn(ImpairmentKinds().begin(), ImpairmentKinds().end()),
                         [](const auto& tested) {
                           std::string name(tested.param->name);
                           std::erase(name, '-');
                           return name;
                         });

TEST(ImpairmentKindsTest, AreAllThere) {
  std::vector<std::string_view> names;
  for (const ImpairmentKind* kind : ImpairmentKinds()) names.push_back(kind->name);
  EXPECT_EQ(std::set(names.begin(), names.end()).size(), names.size());
  for (const std::string_view name :
       {"latency", "rate", "loss", "burst-loss", "duplicate", "reorder", "corrupt", "truncate", "slice", "slow-drip", "slow-open",
        "slow-close", "reset", "half-open", "outage", "flap", "clock-skew"}) {
    EXPECT_NE(FindImpairmentKind(name), nullptr) << name;
  }
}

// Those that leave something to chance decide otherwise under another seed.
TEST(ImpairmentKindsTest, AnotherSeedDecidesOtherwise) {
  for (const std::string_view name : {"latency", "loss", "burst-loss", "duplicate", "reorder", "corrupt", "truncate"}) {
    const Chain chain{Busy(*FindImpairmentKind(name))};
    EXPECT_EQ(RunDatagrams(chain, 1).decisions, RunDatagrams(chain, 1).decisions) << name;
    EXPECT_NE(RunDatagrams(chain, 2).decisions, RunDatagrams(chain, 1).decisions) << name;
  }
}

TEST(ImpairmentKindsTest, TwoOfAKindDecideEachForItself) {
  Chain chain{Busy(*FindImpairmentKind("loss")), Busy(*FindImpairmentKind("loss"))};
  NameRules(chain, "jam");
  const Outcome outcome = RunDatagrams(chain, 1);
  EXPECT_FALSE(outcome.Of("jam/loss").empty());
  EXPECT_FALSE(outcome.Of("jam/loss#2").empty());
  EXPECT_NE(outcome.Of("jam/loss").front().unit, outcome.Of("jam/loss#2").front().unit);
}

}  // namespace
}  // namespace entente::harness
