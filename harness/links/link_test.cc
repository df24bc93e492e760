// SPDX-License-Identifier: Apache-2.0
#include "harness/links/link.h"

#include <gtest/gtest.h>

namespace entente::harness {
namespace {

using namespace std::chrono_literals;

class LinkTest : public ::testing::Test {
 protected:
  static Instant At(Duration time) { return Instant{} + time; }
  Link link_{"DEU/alpha", LinkCarrier::kStream, 1, {.latency = 10ms, .loss = 0.01}};
};

TEST_F(LinkTest, FaultActsOnItsDirectionAndReplacesWhatItNames) {
  link_.StartFault({.id = "slow", .direction = LinkDirection::kToNode, .conditions = {.latency = 1s}, .lease = 5s}, At(0s));
  EXPECT_EQ(link_.channel(LinkDirection::kToNode).conditions(), (Conditions{.latency = 1s, .loss = 0.01}));
  EXPECT_EQ(link_.channel(LinkDirection::kToGateway).conditions(), (Conditions{.latency = 10ms, .loss = 0.01}));
  EXPECT_FALSE(link_.restored());
}

TEST_F(LinkTest, EveryFaultEndsByItself) {
  link_.StartFault({.id = "cut", .outage = true, .lease = 5s}, At(1s));
  EXPECT_EQ(link_.NextDeadline(), At(6s));
  EXPECT_TRUE(link_.OnDeadline(At(5999ms)).empty());
  EXPECT_EQ(link_.OnDeadline(At(6s)), std::vector<std::string>{"cut"});
  EXPECT_TRUE(link_.restored());
  EXPECT_FALSE(link_.NextDeadline());
}

TEST_F(LinkTest, LeasesStandStillInPausex) {
  link_.StartFault({.id = "cut", .outage = true, .lease = 5s}, At(1s));
  link_.PauseLeases(At(2s));
  EXPECT_FALSE(link_.NextDeadline());
  EXPECT_TRUE(link_.OnDeadline(At(100s)).empty());
  link_.ResumeLeases(At(100s));
  EXPECT_EQ(link_.NextDeadline(), At(104s));
}

TEST_F(LinkTest, FaultsOverlapAndTheLaterOneDecides) {
  link_.StartFault({.id = "a", .conditions = {.latency = 1s, .rate_bps = 9600}, .lease = 5s}, At(0s));
  link_.StartFault({.id = "b", .conditions = {.latency = 2s}, .lease = 5s}, At(0s));
  EXPECT_EQ(link_.channel(LinkDirection::kToNode).conditions().latency, 2s);
  EXPECT_EQ(link_.channel(LinkDirection::kToNode).conditions().rate_bps, 9600U);
  EXPECT_TRUE(link_.EndFault("b", At(1s)));
  EXPECT_EQ(link_.channel(LinkDirection::kToNode).conditions().latency, 1s);
  EXPECT_FALSE(link_.EndFault("b", At(1s)));
}

TEST_F(LinkTest, AFaultStartedAgainHasANewLease) {
  link_.StartFault({.id = "cut", .outage = true, .lease = 5s}, At(0s));
  link_.StartFault({.id = "cut", .outage = true, .lease = 5s}, At(3s));
  EXPECT_EQ(link_.NextDeadline(), At(8s));
  EXPECT_EQ(link_.active_faults().size(), 1U);
}

TEST_F(LinkTest, ClearAllRestoresTheLinkAndReleasesWhatWasHeld) {
  link_.StartFault({.id = "cut", .outage = true, .refuse = true, .lease = 60s}, At(0s));
  link_.StartFault({.id = "slow", .conditions = {.latency = 1s}, .lease = 60s}, At(0s));
  EXPECT_TRUE(link_.refuses());
  link_.channel(LinkDirection::kToGateway).Offer(AsBytes("abc"), At(1s));
  EXPECT_EQ(link_.ClearAll(At(2s)), (std::vector<std::string>{"cut", "slow"}));
  EXPECT_TRUE(link_.restored());
  EXPECT_FALSE(link_.refuses());
  EXPECT_EQ(link_.NextDeadline(), At(2010ms));
  EXPECT_EQ(link_.TakeDecisions().size(), 1U);
  EXPECT_EQ(AsText(*link_.channel(LinkDirection::kToGateway).Take(At(2010ms))), "abc");
}

}  // namespace
}  // namespace entente::harness
