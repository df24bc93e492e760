// SPDX-License-Identifier: Apache-2.0
#include "harness/links/link.h"

#include <gtest/gtest.h>

#include "harness/links/channel_rig_test.h"

namespace entente::harness {
namespace {

using namespace testing;

ImpairmentSpec Latency(Duration delay) {
  return SpecOf("latency", {{"delay", delay}});
}
ImpairmentSpec Loss(double share) {
  return SpecOf("loss", {{"share", share}});
}
ImpairmentSpec Rate(std::uint64_t bits_per_second) {
  return SpecOf("rate", {{"rate", bits_per_second}});
}
ImpairmentSpec Outage(std::string_view how = "silent") {
  return SpecOf("outage", {{"how", std::string(how)}});
}

class LinkTest : public ::testing::Test {
 protected:
  const Chain& Acting(LinkDirection direction) { return link_.channel(direction).chain(); }
  Link link_{"DEU/alpha", LinkCarrier::kStream, 1, {Latency(10ms), Loss(0.01)}};
};

TEST_F(LinkTest, ConditionsActOnTheirDirectionInPlaceOfTheSameKind) {
  link_.StartFault({.id = "slow", .direction = LinkDirection::kToNode, .chain = {Latency(1s)}, .in_place = true, .lease = 5s},
                   At(0s));
  EXPECT_EQ(Acting(LinkDirection::kToNode), (Chain{Latency(1s), Loss(0.01)}));
  EXPECT_EQ(Acting(LinkDirection::kToGateway), (Chain{Latency(10ms), Loss(0.01)}));
  EXPECT_FALSE(link_.restored());
}

TEST_F(LinkTest, AChainOfItsOwnActsBesideWhatIsThere) {
  Chain chain{Latency(1s)};
  NameRules(chain, "jam");
  link_.StartFault({.id = "jam", .chain = chain, .lease = 5s}, At(0s));
  const auto decisions = link_.channel(LinkDirection::kToNode).Offer(AsBytes("a"), At(1s));
  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_EQ(decisions[0].rule, "latency");
  EXPECT_EQ(decisions[1].rule, "jam/latency");
  EXPECT_EQ(link_.NextDeadline(), At(2010ms));
}

TEST_F(LinkTest, EveryFaultEndsByItself) {
  link_.StartFault({.id = "cut", .chain = {Outage()}, .lease = 5s}, At(1s));
  EXPECT_EQ(link_.NextDeadline(), At(6s));
  EXPECT_TRUE(link_.OnDeadline(At(5999ms)).empty());
  EXPECT_EQ(link_.OnDeadline(At(6s)), std::vector<std::string>{"cut"});
  EXPECT_TRUE(link_.restored());
  EXPECT_FALSE(link_.NextDeadline());
}

TEST_F(LinkTest, EveryKindEndsByItselfAndLeavesTheLinkAsItWas) {
  for (const LinkCarrier carrier : {LinkCarrier::kStream, LinkCarrier::kDatagram}) {
    for (const ImpairmentKind* kind : ImpairmentKinds()) {
      Link link("DEU/alpha", carrier, 1, {Latency(10ms)});
      Chain chain{SpecOf(kind->name)};
      NameRules(chain, "fault");
      link.StartFault({.id = "fault", .chain = chain, .lease = 5s}, At(1s));
      EXPECT_FALSE(link.restored()) << kind->name;
      link.channel(LinkDirection::kToNode).Offer(AsBytes("abc"), At(2s));
      EXPECT_EQ(link.OnDeadline(At(6s)).size(), 1U) << kind->name;
      EXPECT_TRUE(link.restored()) << kind->name;
      const LinkProbe probe = link.Probe(At(7s));
      EXPECT_TRUE(probe.as_made) << kind->name << ": " << probe.text;
    }
  }
}

TEST_F(LinkTest, LeasesStandStillInPausex) {
  link_.StartFault({.id = "cut", .chain = {Outage()}, .lease = 5s}, At(1s));
  link_.PauseLeases(At(2s));
  EXPECT_FALSE(link_.NextDeadline());
  EXPECT_TRUE(link_.OnDeadline(At(100s)).empty());
  link_.ResumeLeases(At(100s));
  EXPECT_EQ(link_.NextDeadline(), At(104s));
}

TEST_F(LinkTest, ConditionsOverlapAndTheLaterOneDecides) {
  link_.StartFault({.id = "a", .chain = {Latency(1s), Rate(9600)}, .in_place = true, .lease = 5s}, At(0s));
  link_.StartFault({.id = "b", .chain = {Latency(2s)}, .in_place = true, .lease = 5s}, At(0s));
  EXPECT_EQ(Acting(LinkDirection::kToNode), (Chain{Latency(2s), Loss(0.01), Rate(9600)}));
  EXPECT_TRUE(link_.EndFault("b", At(1s)));
  EXPECT_EQ(Acting(LinkDirection::kToNode), (Chain{Latency(1s), Loss(0.01), Rate(9600)}));
  EXPECT_FALSE(link_.EndFault("b", At(1s)));
}

TEST_F(LinkTest, AFaultStartedAgainHasANewLease) {
  link_.StartFault({.id = "cut", .chain = {Outage()}, .lease = 5s}, At(0s));
  link_.StartFault({.id = "cut", .chain = {Outage()}, .lease = 5s}, At(3s));
  EXPECT_EQ(link_.NextDeadline(), At(8s));
  EXPECT_EQ(link_.active_faults().size(), 1U);
}

TEST_F(LinkTest, ClearAllRestoresTheLinkAndReleasesWhatWasHeld) {
  link_.StartFault({.id = "cut", .chain = {Outage("refuse")}, .lease = 60s}, At(0s));
  link_.StartFault({.id = "slow", .chain = {Latency(1s)}, .in_place = true, .lease = 60s}, At(0s));
  EXPECT_TRUE(link_.refuses());
  link_.channel(LinkDirection::kToGateway).Offer(AsBytes("abc"), At(1s));
  EXPECT_EQ(link_.ClearAll(At(2s)), (std::vector<std::string>{"cut", "slow"}));
  EXPECT_TRUE(link_.restored());
  EXPECT_FALSE(link_.refuses());
  EXPECT_EQ(link_.NextDeadline(), At(2010ms));
  EXPECT_EQ(link_.TakeDecisions().size(), 1U) << "of the link's own latency";
  EXPECT_EQ(AsText(*link_.channel(LinkDirection::kToGateway).Take(At(2010ms))), "abc");
}

TEST_F(LinkTest, AProbeShowsWhatActsAndThatNothingIsLeft) {
  EXPECT_EQ(link_.Probe(At(0s)).text, "10.000 ms to-gateway, 10.000 ms to-node, as made");
  link_.StartFault({.id = "slow", .direction = LinkDirection::kToNode, .chain = {Latency(1s)}, .in_place = true, .lease = 60s},
                   At(0s));
  EXPECT_EQ(link_.Probe(At(0s)).text, "10.000 ms to-gateway, 1000.000 ms to-node, not as made");
  link_.StartFault({.id = "cut", .chain = {Outage()}, .lease = 60s}, At(0s));
  EXPECT_EQ(link_.Probe(At(0s)).text, "nothing came to-gateway, nothing came to-node, not as made");
  link_.ClearAll(At(1s));
  EXPECT_TRUE(link_.Probe(At(1s)).as_made);
  EXPECT_EQ(link_.channel(LinkDirection::kToNode).Offer(AsBytes("a"), At(2s)).at(0).unit, 0U) << "a probe uses up no unit";
}

TEST_F(LinkTest, GoesUpAndDownByItselfWithoutTraffic) {
  Chain chain{SpecOf("flap", {{"period", Duration(4s)}, {"how", std::string("refuse")}})};
  link_.StartFault({.id = "jam", .chain = chain, .lease = 60s}, At(0s));
  EXPECT_TRUE(link_.refuses());
  EXPECT_EQ(link_.NextDeadline(), At(2s));
  link_.OnDeadline(At(2s));
  EXPECT_FALSE(link_.refuses());
  EXPECT_EQ(link_.NextDeadline(), At(4s));
}

}  // namespace
}  // namespace entente::harness
