// SPDX-License-Identifier: Apache-2.0
#include "broker/core/appended_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace entente::broker {
namespace {

using ::testing::HasSubstr;

const Identity kGateway{"DEU/gateway", v1::ROLE_NODE, {"DEU/*"}};

v1::RecordEvent Received(const char* node, const char* writer = "gateway") {
  v1::RecordEvent event;
  event.set_writer(writer);
  event.mutable_unit_received()->set_node(node);
  return event;
}

std::string Check(const v1::RecordEvent& event, const Identity& identity = kGateway) {
  const Status checked = CheckAppended(event, identity);
  return checked ? "" : checked.error().Text();
}

TEST(AppendedEventTest, ObservationsOfItsOwnNodesAreTaken) {
  EXPECT_EQ(Check(Received("DEU/brigade")), "");
  v1::RecordEvent fault;
  fault.set_writer("gateway");
  fault.mutable_process_fault()->set_text("out of descriptors");
  EXPECT_EQ(Check(fault), "");
}

TEST(AppendedEventTest, ObservationsOfOtherNodesAreNot) {
  EXPECT_THAT(Check(Received("FRA/hq")), HasSubstr("DEU/gateway does not speak for \"FRA/hq\""));
  EXPECT_THAT(Check(Received("")), HasSubstr("does not speak for \"\""));
}

TEST(AppendedEventTest, ABackboneLinkIsItsNodes) {
  v1::RecordEvent event;
  event.set_writer("gateway");
  event.mutable_link_decision()->set_link("backbone DEU/brigade");
  EXPECT_EQ(Check(event), "");
  event.mutable_link_probed()->set_link("backbone FRA/hq");
  EXPECT_THAT(Check(event), HasSubstr("does not speak for \"FRA/hq\""));
}

// Every kind of event there is, so that a new one must be thought about.
TEST(AppendedEventTest, WhatBrokerAndHarnessSayIsTheirsAlone) {
  int taken = 0;
  const auto* kinds = v1::RecordEvent::descriptor()->oneof_decl(0);
  for (int i = 0; i < kinds->field_count(); ++i) {
    v1::RecordEvent event;
    event.set_writer("gateway");
    auto* said = event.GetReflection()->MutableMessage(&event, kinds->field(i));
    for (const char* name : {"node", "link"}) {
      if (const auto* field = said->GetDescriptor()->FindFieldByName(name))
        said->GetReflection()->SetString(said, field, "DEU/brigade");
    }
    const std::string refused = Check(event);
    if (refused.empty()) ++taken;
    const bool of_the_broker =
        event.event_case() >= v1::RecordEvent::kMessageAccepted && event.event_case() <= v1::RecordEvent::kBrokerStarted;
    const bool of_the_run =
        event.has_run_started() || event.has_run_ended() || event.has_exercise_state_changed() || event.has_inject_fired();
    if (of_the_broker || of_the_run) {
      EXPECT_THAT(refused, HasSubstr("is not a peer's to say")) << kinds->field(i)->name();
    }
  }
  EXPECT_EQ(taken, 14);
}

TEST(AppendedEventTest, NobodySignsAsBrokerOrHarness) {
  EXPECT_THAT(Check(Received("DEU/brigade", "broker")), HasSubstr("is not a peer's to say"));
  EXPECT_THAT(Check(Received("DEU/brigade", "harness")), HasSubstr("is not a peer's to say"));
  EXPECT_EQ(Check(Received("DEU/brigade", "node DEU/brigade")), "");
}

TEST(AppendedEventTest, AnObserverAppendsNothing) {
  EXPECT_THAT(Check(Received("FRA/observer"), {"FRA/observer", v1::ROLE_OBSERVER, {"FRA/observer"}}), HasSubstr("may not append"));
}

TEST(AppendedEventTest, AnEventOfNoKindIsNone) {
  EXPECT_THAT(Check({}), HasSubstr("no kind"));
}

}  // namespace
}  // namespace entente::broker
