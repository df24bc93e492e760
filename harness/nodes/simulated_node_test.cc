// SPDX-License-Identifier: Apache-2.0

// Every test runs with every protocol of the build, in every form.

#include "harness/nodes/simulated_node.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "adapters/api/registry.h"
#include "base/digest.h"
#include "harness/nodes/node_under_test.h"

namespace entente::harness {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using testing::NodeUnderTest;
using testing::PlanFor;

struct Case {
  const adapter::AdapterInfo* adapter;
  const adapter::Form* form;
};
void PrintTo(const Case& each, std::ostream* out) {
  *out << each.adapter->name << ' ' << each.form->name;
}

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const auto* adapter : adapter::Adapters()) {
    for (const auto& form : adapter->forms) cases.push_back({adapter, &form});
  }
  return cases;
}

class SimulatedNodeTest : public ::testing::TestWithParam<Case> {
 protected:
  [[nodiscard]] v1::NodePlan Plan() const { return PlanFor(*GetParam().adapter, *GetParam().form); }
  [[nodiscard]] NodeUnderTest Make(v1::NodePlan plan, std::uint64_t seed = 1) const {
    return NodeUnderTest(*GetParam().adapter, *GetParam().form, std::move(plan), seed);
  }
  [[nodiscard]] const adapter::FamilyCapability* Chat() const { return GetParam().form->capability.Find(v1::FAMILY_CHAT); }
};

TEST_P(SimulatedNodeTest, ReportsItsUnitsAndTheGatewayUnderstands) {
  NodeUnderTest test = Make(Plan());
  test.Connect();
  test.node->SetRunning(true, test.clock.Read());
  test.RunFor(60s);
  const auto composed = test.Composed();
  ASSERT_EQ(composed.size(), 6U);
  for (const auto& each : composed) {
    EXPECT_EQ(each.outcome(), v1::SEND_OUTCOME_SENT) << each.reason();
    EXPECT_FALSE(each.unit_hashes().empty());
    EXPECT_EQ(each.truth().reality(), v1::REALITY_EXERCISE);
    EXPECT_EQ(each.truth().label().classification(), "UNCLASSIFIED");
    EXPECT_EQ(each.truth().id().origin(), "DEU/alpha");
    EXPECT_FALSE(each.truth().native_id().value().empty());
  }
  EXPECT_TRUE(test.heard.refused.empty());
  const auto tracks = std::ranges::count_if(test.heard.messages, [](const auto& m) { return m.decoded.envelope.has_track(); });
  EXPECT_GE(tracks, 6);
}

TEST_P(SimulatedNodeTest, TruthIsFoundByUnitHashAndNativeId) {
  NodeUnderTest test = Make(Plan());
  test.Connect();
  test.node->SetRunning(true, test.clock.Read());
  test.RunFor(20s);
  const auto composed = test.Composed();
  ASSERT_FALSE(composed.empty());
  for (const auto& each : composed) {
    const auto heard = std::ranges::find_if(test.heard.messages, [&](const auto& message) {
      return std::ranges::any_of(message.units, [&](const Bytes& unit) { return UnitHash(unit) == each.unit_hashes(0); });
    });
    ASSERT_NE(heard, test.heard.messages.end());
    EXPECT_EQ(heard->decoded.envelope.native_id().value(), each.truth().native_id().value());
    EXPECT_EQ(heard->decoded.envelope.native_id().scheme(), each.truth().native_id().scheme());
  }
}

TEST_P(SimulatedNodeTest, SameSeedSaysTheSameAndAnotherSeedAtOtherTimes) {
  const auto record = [this](std::uint64_t seed) {
    NodeUnderTest test = Make(Plan(), seed);
    test.Connect();
    test.node->SetRunning(true, test.clock.Read());
    test.RunFor(30s);
    std::string text;
    for (const auto& event : test.events) text += event.SerializeAsString();
    return text;
  };
  EXPECT_EQ(record(1), record(1));
  EXPECT_NE(record(1), record(2));
}

TEST_P(SimulatedNodeTest, StandsStillAndSaysNothingInPausex) {
  NodeUnderTest test = Make(Plan());
  test.Connect();
  test.RunFor(30s);
  EXPECT_TRUE(test.Composed().empty());
  test.node->SetRunning(true, test.clock.Read());
  test.RunFor(30s);
  test.node->SetRunning(false, test.clock.Read());
  const auto before = test.Composed();
  test.RunFor(5min);
  EXPECT_EQ(test.Composed().size(), before.size());
  test.node->SetRunning(true, test.clock.Read());
  test.RunFor(10s);
  const auto after = test.Composed();
  ASSERT_EQ(after.size(), before.size() + 1);
  // 10 m/s for 10 s of movement, whatever the clock says: about 0.0015° of longitude at 54° N.
  const double moved =
      after.back().truth().track().position().longitude_deg() - before.back().truth().track().position().longitude_deg();
  EXPECT_NEAR(moved, 100 / (111'195 * 0.5878), 1e-5);
}

TEST_P(SimulatedNodeTest, WhatItMeantToSayWhileTheLinkIsDownIsDroppedWithAReason) {
  NodeUnderTest test = Make(Plan());
  test.node->SetRunning(true, test.clock.Read());
  test.RunFor(10s);
  const auto composed = test.Composed();
  ASSERT_EQ(composed.size(), 1U);
  EXPECT_EQ(composed[0].outcome(), v1::SEND_OUTCOME_DROPPED);
  EXPECT_EQ(composed[0].reason(), "the link is down");
}

TEST_P(SimulatedNodeTest, SpeaksAgainAfterALostConnection) {
  NodeUnderTest test = Make(Plan());
  test.Connect();
  test.node->SetRunning(true, test.clock.Read());
  test.RunFor(10s);
  test.Disconnect("connection reset");
  test.RunFor(10s);
  test.Connect();
  test.RunFor(10s);
  const auto composed = test.Composed();
  ASSERT_EQ(composed.size(), 3U);
  EXPECT_EQ(composed[1].outcome(), v1::SEND_OUTCOME_DROPPED);
  EXPECT_EQ(composed[2].outcome(), v1::SEND_OUTCOME_SENT);
  EXPECT_THAT(test.States(), Contains(v1::NODE_STATE_LOST));
  EXPECT_EQ(std::ranges::count(test.States(), v1::NODE_STATE_CONNECTED), 2);
}

TEST_P(SimulatedNodeTest, MutedNodeComposesButNeverSpeaks) {
  v1::NodePlan plan = Plan();
  plan.mutable_defects()->set_muted(true);
  NodeUnderTest test = Make(plan);
  test.Connect();
  test.node->SetRunning(true, test.clock.Read());
  test.RunFor(30s);
  ASSERT_FALSE(test.Composed().empty());
  for (const auto& each : test.Composed()) EXPECT_EQ(each.outcome(), v1::SEND_OUTCOME_MUTED);
  EXPECT_TRUE(test.heard.messages.empty());
}

TEST_P(SimulatedNodeTest, DeafNodeUnderstandsNothing) {
  v1::NodePlan plan = Plan();
  plan.mutable_defects()->set_deaf(true);
  NodeUnderTest speaker = Make(Plan());
  speaker.Connect();
  speaker.node->SetRunning(true, speaker.clock.Read());
  speaker.RunFor(10s);
  NodeUnderTest deaf = Make(plan);
  NodeUnderTest hearing = Make(Plan());
  EXPECT_FALSE(deaf.node->wants_input());
  for (NodeUnderTest* each : {&deaf, &hearing}) {
    each->Connect();
    each->Tell(speaker.Composed().front().truth());
  }
  EXPECT_TRUE(deaf.Understood().empty());
  ASSERT_FALSE(hearing.Understood().empty());
  EXPECT_EQ(hearing.Understood()[0].evidence(), "decoder");
}

TEST_P(SimulatedNodeTest, OmittedFieldIsInTheTruthButNotOnTheLink) {
  v1::NodePlan plan = Plan();
  plan.mutable_defects()->add_omits(v1::FIELD_CALLSIGN);
  NodeUnderTest test = Make(plan);
  test.Connect();
  test.node->SetRunning(true, test.clock.Read());
  test.RunFor(10s);
  ASSERT_EQ(test.Composed().size(), 1U);
  EXPECT_EQ(test.Composed()[0].truth().track().callsign(), "DELTA1");
  for (const auto& message : test.heard.messages) EXPECT_NE(message.decoded.envelope.track().callsign(), "DELTA1");
}

TEST_P(SimulatedNodeTest, InjectIsSaidOrItsOutcomeSaysWhyNot) {
  NodeUnderTest test = Make(Plan());
  test.Connect();
  v1::Inject inject;
  inject.set_id("hello");
  inject.set_text("GOOD MORNING");
  inject.set_precedence(v1::PRECEDENCE_FLASH);
  inject.mutable_chat();
  test.node->Fire(inject, test.clock.Read());
  EXPECT_TRUE(test.Composed().empty()) << "said before STARTEX";

  test.node->SetRunning(true, test.clock.Read());
  test.node->Fire(inject, test.clock.Read());
  inject.mutable_alert()->set_event(v1::ALERT_EVENT_EMERGENCY);
  test.node->Fire(inject, test.clock.Read());
  inject.mutable_weapon()->set_phase(v1::WEAPON_PHASE_DETONATION);
  inject.mutable_weapon()->mutable_position()->set_latitude_deg(54);
  test.node->Fire(inject, test.clock.Read());
  inject.mutable_control()->set_action(v1::CONTROL_ACTION_STOP_FREEZE);
  test.node->Fire(inject, test.clock.Read());
  test.Pump();
  const auto composed = test.Composed();
  ASSERT_EQ(composed.size(), 4U);
  for (const auto& each : composed) {
    const auto* family = GetParam().form->capability.Find(each.truth().family());
    if (each.outcome() == v1::SEND_OUTCOME_SENT) {
      EXPECT_TRUE(family != nullptr && family->encodes) << v1::Family_Name(each.truth().family());
    } else {
      EXPECT_EQ(each.outcome(), v1::SEND_OUTCOME_UNSUPPORTED) << v1::Family_Name(each.truth().family());
      EXPECT_FALSE(each.reason().empty());
    }
    EXPECT_EQ(each.truth().id().precedence(), v1::PRECEDENCE_FLASH);
  }
  EXPECT_TRUE(test.heard.refused.empty());
}

TEST_P(SimulatedNodeTest, TextIsAnsweredWithAReceiptWhereTheProtocolHasOne) {
  const auto delivery = GetParam().form->capability.Find(v1::FAMILY_CHAT, v1::FIELD_CHAT_DELIVERY).carriage;
  if (Chat() == nullptr || !Chat()->encodes || delivery == adapter::Carriage::kNone) {
    GTEST_SKIP() << GetParam().adapter->name << " has no receipts";
  }
  NodeUnderTest sender = Make(Plan());
  sender.Connect();
  sender.node->SetRunning(true, sender.clock.Read());
  v1::Inject inject;
  inject.set_id("hello");
  inject.set_text("good morning");
  inject.mutable_chat();
  sender.node->Fire(inject, sender.clock.Read());
  const v1::Envelope text = sender.Composed().front().truth();

  NodeUnderTest test = Make(Plan());
  test.Connect();
  test.node->SetRunning(true, test.clock.Read());
  test.Tell(text);
  ASSERT_EQ(test.Understood().size(), 1U);
  const auto composed = test.Composed();
  if (test.Understood()[0].understood().native_message_id().empty()) {
    EXPECT_TRUE(composed.empty());
    GTEST_SKIP() << GetParam().adapter->name << " gives texts no id that a receipt could name";
  }
  ASSERT_EQ(composed.size(), 1U);
  EXPECT_EQ(composed[0].truth().chat().delivery(), v1::CHAT_DELIVERY_DELIVERED);
  EXPECT_EQ(composed[0].truth().in_reply_to(), text.native_message_id());
  EXPECT_EQ(composed[0].outcome(), v1::SEND_OUTCOME_SENT) << composed[0].reason();
  test.Tell(composed[0].truth());
  EXPECT_EQ(test.Composed().size(), 1U) << "a receipt was answered";
}

TEST_P(SimulatedNodeTest, NoiseIsRefusedOrWaitedForAndTheNodeGoesOn) {
  NodeUnderTest test = Make(Plan());
  test.Connect();
  test.node->SetRunning(true, test.clock.Read());
  test.node->OnReceived(AsBytes("\x01\x02 noise \r\n</event>\n"), test.clock.Read());
  test.RunFor(10s);
  for (const auto& event : test.events) {
    if (!event.has_unit_refused()) continue;
    EXPECT_EQ(event.unit_refused().side(), v1::SIDE_NODE);
    EXPECT_FALSE(event.unit_refused().refusal().text().empty());
  }
  EXPECT_TRUE(test.Understood().empty());
}

std::string NameOf(const ::testing::TestParamInfo<Case>& each) {
  std::string name = std::string(each.param.adapter->name) + "_" + std::string(each.param.form->name);
  std::ranges::replace(name, '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(EveryForm, SimulatedNodeTest, ::testing::ValuesIn(Cases()), NameOf);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SimulatedNodeTest);

TEST(SimulatedNodeMakeTest, PlanThatDoesNotFitTheAdapterIsAnError) {
  ASSERT_FALSE(adapter::Adapters().empty());
  const adapter::AdapterInfo& adapter = *adapter::Adapters().front();
  const auto make = [&](v1::NodePlan plan) {
    return SimulatedNode::Make({std::move(plan), &adapter, {}, 1, "trial", 1}, [](v1::RecordEvent) {});
  };
  v1::NodePlan plan = PlanFor(adapter, adapter.forms.front());
  EXPECT_TRUE(make(plan));
  plan.set_form("semaphore");
  EXPECT_FALSE(make(plan));
  plan = PlanFor(adapter, adapter.forms.front());
  plan.set_transport("pigeon");
  EXPECT_FALSE(make(plan));
  plan = PlanFor(adapter, adapter.forms.front());
  (*plan.mutable_options())["colour"] = "red";
  EXPECT_FALSE(make(plan));
  plan = PlanFor(adapter, adapter.forms.front());
  plan.mutable_units(0)->clear_route();
  EXPECT_FALSE(make(plan));
}

}  // namespace
}  // namespace entente::harness
