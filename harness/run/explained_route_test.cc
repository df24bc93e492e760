// SPDX-License-Identifier: Apache-2.0
#include "harness/run/explained_route.h"

#include <gmock/gmock.h>

#include "broker/policy/marking.h"
#include "harness/run/prepared_run.h"

namespace entente::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kExercise = R"(
version: 1
name: routes
duration: 30 s
policy:
  classifications: [OPEN, RESTRICTED, SECRET]
  mappings: {UN: {classifications: {RESTRICTED: RESTRICTED}}}
  unlabelled-egress-up-to: OPEN
  identities: {FRA/guest: {role: observer, speaks-for: FRA/guest}}
nations:
  DEU:
    clearance: SECRET
    label: RESTRICTED
    nodes:
      hq: {protocol: cot}
      air: {protocol: dis, transport: udp, options: {site: 1, application: 1}}
      coast: {protocol: ais, transport: tcp}
  FRA:
    clearance: SECRET
    label: RESTRICTED
    nodes:
      hq: {protocol: cot}
      guest: {protocol: cot}
      air: {protocol: dis, transport: udp, options: {site: 2, application: 1}}
      quiet: {protocol: cot, receives: chat}
  NOR:
    clearance: OPEN
    label: OPEN
    nodes:
      hq: {protocol: cot}
      mission: {protocol: cot, options: {label-policy: UN}, label: {policy: UN, classification: RESTRICTED}}
)";

class ExplainedRouteTest : public ::testing::Test {
 protected:
  ExplainedRouteTest() {
    auto plan = PrepareRun(std::string(kExercise), "routes.yaml", {});
    EXPECT_TRUE(plan) << (plan ? "" : plan.error().Text());
    if (plan) exercise_ = plan->exercise;
  }
  ExplainedRoute Explain(std::string_view from, std::string_view label, v1::Family family = v1::FAMILY_TRACK) const {
    SaidMessage message{.from = std::string(from), .family = family};
    if (!label.empty()) message.label = broker::ParseMarking(label, exercise_.policy()).value();
    const auto published = PublishedOf(exercise_, message);
    EXPECT_TRUE(published) << (published ? "" : published.error().Text());
    return published ? ExplainRoute(exercise_, *published) : ExplainedRoute{};
  }
  static std::vector<std::string> WhoGets(const ExplainedRoute& route) {
    std::vector<std::string> nodes;
    for (const ExplainedRecipient& recipient : route.recipients) {
      if (recipient.gets) nodes.push_back(recipient.node);
    }
    return nodes;
  }
  static std::string WhyNot(const ExplainedRoute& route, std::string_view node) {
    for (const ExplainedRecipient& recipient : route.recipients) {
      if (recipient.node == node) return recipient.why;
    }
    return "not listed";
  }

  v1::Exercise exercise_;
};

TEST_F(ExplainedRouteTest, SaysWhoGetsItAndWhyOthersDoNot) {
  const ExplainedRoute route = Explain("DEU/hq", "SECRET REL DEU, FRA");
  EXPECT_TRUE(route.accepted);
  EXPECT_EQ(route.label, "EXERCISE SECRET REL DEU, FRA");
  EXPECT_THAT(WhoGets(route), ElementsAre("FRA/hq", "FRA/guest"));
  EXPECT_EQ(WhyNot(route, "NOR/hq"), "above clearance");
  EXPECT_EQ(WhyNot(route, "FRA/quiet"), "not subscribed: receives chat");
  EXPECT_THAT(WhyNot(route, "FRA/air"), HasSubstr("has no place for the label"));
  EXPECT_EQ(WhyNot(route, "DEU/hq"), "not listed");
}

TEST_F(ExplainedRouteTest, WhatMayGoWithoutALabelReachesASimulator) {
  EXPECT_THAT(WhoGets(Explain("DEU/hq", "OPEN")), ::testing::Contains("FRA/air"));
}

TEST_F(ExplainedRouteTest, AProtocolThatCannotSayItGetsNothing) {
  const ExplainedRoute route = Explain("DEU/hq", "OPEN", v1::FAMILY_ALERT);
  EXPECT_THAT(WhyNot(route, "DEU/air"), HasSubstr("cannot say alert"));
}

TEST_F(ExplainedRouteTest, WithoutALabelSlotTheDefaultCounts) {
  const ExplainedRoute route = Explain("DEU/air", "SECRET");
  EXPECT_EQ(route.label, "EXERCISE RESTRICTED");
  ASSERT_GE(route.steps.size(), 2U);
  EXPECT_THAT(route.steps[1].why, HasSubstr("has no place for a label, so the node's default counts"));
  EXPECT_EQ(Explain("DEU/hq", "").label, "EXERCISE RESTRICTED");
}

TEST_F(ExplainedRouteTest, ALabelOfAnotherPolicyIsMappedAtTheGateway) {
  const ExplainedRoute route = Explain("NOR/mission", "UN RESTRICTED");
  EXPECT_EQ(route.label, "EXERCISE RESTRICTED");
  EXPECT_THAT(route.steps[1].why, HasSubstr("mapped to EXERCISE RESTRICTED"));
  EXPECT_THAT(WhoGets(route), ::testing::Contains("DEU/hq"));
  // Its words are the mission's, whatever the person meant.
  EXPECT_THAT(WhoGets(Explain("NOR/mission", "EXERCISE OPEN")), ElementsAre("NOR/hq"));
}

TEST_F(ExplainedRouteTest, WhoMayNotPublishReachesNobody) {
  const ExplainedRoute route = Explain("FRA/guest", "OPEN");
  EXPECT_FALSE(route.accepted);
  EXPECT_THAT(route.steps.back().why, HasSubstr("observer"));
  EXPECT_TRUE(WhoGets(route).empty());
  EXPECT_EQ(WhyNot(route, "DEU/hq"), "the message does not get as far");
}

TEST_F(ExplainedRouteTest, WhatTheSendersProtocolCannotSayIsNeverHeard) {
  const ExplainedRoute route = Explain("DEU/coast", "", v1::FAMILY_WEAPON_EVENT);
  EXPECT_FALSE(route.accepted);
  EXPECT_EQ(route.steps.front().hop, "access");
  EXPECT_THAT(route.steps.front().why, HasSubstr("cannot say weapon event"));
}

TEST_F(ExplainedRouteTest, UnknownNodesAreNamedWithTheKnownOnes) {
  const auto published = PublishedOf(exercise_, {.from = "DEU/qh"});
  ASSERT_FALSE(published);
  EXPECT_THAT(published.error().Text(), HasSubstr("its nodes: DEU/hq, DEU/air"));
}

TEST_F(ExplainedRouteTest, TheAnswerOfARunningBrokerCounts) {
  const auto published =
      PublishedOf(exercise_, {.from = "DEU/hq", .label = broker::ParseMarking("OPEN", exercise_.policy()).value()});
  ASSERT_TRUE(published);
  v1::ExplainReply reply;
  v1::ExplainedRecipient& france = *reply.add_recipients();
  france.set_node("FRA/hq");
  france.set_subscribed(true);
  france.set_released(true);
  france.set_reason("released");
  const ExplainedRoute route = ExplainRoute(exercise_, *published, &reply);
  EXPECT_THAT(WhoGets(route), ElementsAre("FRA/hq"));
  EXPECT_THAT(WhyNot(route, "NOR/hq"), HasSubstr("not attached to the broker"));
  reply.set_refused("too large");
  EXPECT_FALSE(ExplainRoute(exercise_, *published, &reply).accepted);
}

}  // namespace
}  // namespace entente::harness
