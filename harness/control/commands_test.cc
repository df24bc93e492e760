// SPDX-License-Identifier: Apache-2.0
#include "harness/control/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace entente::harness {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kSecond = 1'000'000'000;

class NotingStage final : public Stage {
 public:
  void SetRunning(bool, Now) override {}
  void Fire(const v1::Inject& inject, Now) override { notes.push_back("fire " + inject.id()); }
  void StartFault(const v1::FaultPlan& fault, Now) override { notes.push_back("start " + fault.id()); }
  std::string EndFault(const v1::FaultPlan& fault, Now) override {
    notes.push_back("end " + fault.id());
    return {};
  }

  std::vector<std::string> notes;
};

v1::FaultPlan OutageOf5s(const std::string& id) {
  v1::FaultPlan fault;
  fault.set_id(id);
  fault.set_node("DEU/brigade");
  fault.set_lease_ns(5 * kSecond);
  fault.mutable_outage();
  return fault;
}

// A real system (FRA/hq) and a node; one fault planned from 20 to 25 s.
v1::Exercise ExerciseOf60s() {
  v1::Exercise exercise;
  exercise.set_name("small");
  exercise.set_duration_ns(60 * kSecond);
  exercise.add_nodes()->set_node("DEU/brigade");
  v1::NodePlan& real = *exercise.add_nodes();
  real.set_node("FRA/hq");
  real.set_external(true);
  *exercise.add_faults() = OutageOf5s("planned");
  exercise.mutable_faults(0)->set_at_ns(20 * kSecond);
  return exercise;
}

class CommandsTest : public testing::Test {
 protected:
  void SetUp() override {
    by_.identity.name = "EXCON/control";
    by_.identity.role = v1::ROLE_EXCON;
    conductor_.Ready(clock_.Read());
  }
  template <typename Request>
  auto Do(const Request& request) {
    return CarryOut(request, by_, desk_, clock_.Read());
  }
  // Its probes come back one after the other.
  Result<v1::ClearFaultsReply> Do(const v1::ClearFaultsRequest& request) {
    std::optional<Result<v1::ClearFaultsReply>> answer;
    CarryOut(request, by_, desk_, clock_.Read(), [&](const Result<v1::ClearFaultsReply>& reply) { answer = reply; });
    for (const auto& come_back : std::exchange(probes_, {})) {
      EXPECT_FALSE(answer) << "the answer waits for every probe";
      come_back();
    }
    EXPECT_TRUE(answer);
    return *answer;
  }
  auto Add(const v1::FaultPlan& fault) {
    v1::AddFaultRequest request;
    *request.mutable_fault() = fault;
    return Do(request);
  }
  void PassTo(Duration instant) {
    while (const auto deadline = conductor_.NextDeadline()) {
      if (*deadline > Instant(instant)) break;
      clock_.AdvanceTo(*deadline);
      conductor_.OnDeadline(clock_.Read());
    }
    clock_.AdvanceTo(Instant(instant));
  }

  v1::Exercise exercise_ = ExerciseOf60s();
  VirtualClock clock_{UtcTime{}};
  NotingStage stage_;
  std::vector<v1::RecordEvent> events_;
  EventSink sink_ = [this](v1::RecordEvent event) { events_.push_back(std::move(event)); };
  Conductor conductor_{exercise_, stage_, sink_};
  broker::StreamPeer by_;
  std::vector<std::function<void()>> probes_;  // under way
  RunDesk desk_{.exercise = exercise_,
                .conductor = conductor_,
                .record = sink_,
                .figures = [] { return Figures(); },
                .absent_nodes = [] { return std::vector<std::string>{"FRA/hq"}; },
                .probe =
                    [this](const v1::FaultPlan& fault, Now, std::function<void(const v1::LinkProbe&)> told) {
                      probes_.push_back([link = fault.node(), told] {
                        v1::LinkProbe probe;
                        probe.set_link(link);
                        probe.set_restored(true);
                        told(probe);
                      });
                    },
                .stop = [this](std::string_view reason) { conductor_.EndEx(reason, true, clock_.Read()); }};
};

TEST_F(CommandsTest, AFaultBeginsAtOnceEndsWithItsLeaseAndIsRecordedWithWhoAddedIt) {
  conductor_.StartEx(clock_.Read());
  PassTo(seconds(3));
  const auto added = Add(OutageOf5s(""));
  ASSERT_TRUE(added) << added.error().Text();
  EXPECT_EQ(added->fault().plan().id(), "live-1");
  EXPECT_EQ(added->fault().state(), v1::FAULT_STATE_ACTIVE);
  EXPECT_EQ(added->fault().ends_ns(), 8 * kSecond);
  PassTo(seconds(9));
  EXPECT_THAT(stage_.notes, ElementsAre("start live-1", "end live-1"));
  const auto given = std::ranges::find_if(events_, [](const v1::RecordEvent& event) { return event.has_command_given(); });
  ASSERT_NE(given, events_.end());
  EXPECT_EQ(given->command_given().identity(), "EXCON/control");
  EXPECT_EQ(given->command_given().command(), "add fault");
  EXPECT_EQ(given->command_given().exercise_time_ns(), 3 * kSecond);
  v1::AddFaultRequest request;
  ASSERT_TRUE(request.ParseFromString(given->command_given().request()));
  EXPECT_EQ(request.fault().id(), "live-1") << "so that it can be repeated";
  EXPECT_EQ(request.fault().at_ns(), 3 * kSecond);
}

TEST_F(CommandsTest, BeforeStartexAndInPausexAFaultWaits) {
  ASSERT_TRUE(Add(OutageOf5s("early")));
  EXPECT_TRUE(stage_.notes.empty());
  conductor_.StartEx(clock_.Read());
  PassTo(seconds(1));
  EXPECT_THAT(stage_.notes, ElementsAre("start early"));
  PassTo(seconds(10));
  ASSERT_TRUE(Do(v1::PauseRequest()));
  ASSERT_TRUE(Add(OutageOf5s("later")));
  PassTo(seconds(30));
  EXPECT_THAT(stage_.notes, ElementsAre("start early", "end early"));
  ASSERT_TRUE(Do(v1::ResumeRequest()));
  PassTo(seconds(31));
  EXPECT_THAT(stage_.notes, ElementsAre("start early", "end early", "start later"));
}

TEST_F(CommandsTest, ANameIsNeverGivenTwice) {
  conductor_.StartEx(clock_.Read());
  ASSERT_TRUE(Add(OutageOf5s("jam")));
  EXPECT_EQ(Add(OutageOf5s("jam")).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(Add(OutageOf5s("planned")).error().code, ErrorCode::kAlreadyExists);
  PassTo(seconds(10));
  EXPECT_EQ(Add(OutageOf5s("jam")).error().code, ErrorCode::kAlreadyExists) << "chance is derived from it";
}

TEST_F(CommandsTest, ClearingEndsActiveOnesAndProbesTheirLinks) {
  conductor_.StartEx(clock_.Read());
  ASSERT_TRUE(Add(OutageOf5s("jam")));
  v1::ClearFaultsRequest all;
  all.set_all(true);
  const auto cleared = Do(all);
  ASSERT_TRUE(cleared);
  EXPECT_THAT(cleared->cleared(), ElementsAre("jam"));
  ASSERT_EQ(cleared->probes_size(), 1);
  EXPECT_EQ(cleared->probes(0).link(), "DEU/brigade");
  EXPECT_THAT(conductor_.ActiveFaults(), testing::IsEmpty());
  PassTo(seconds(22));
  EXPECT_THAT(stage_.notes, ElementsAre("start jam", "end jam", "start planned")) << "what is planned still comes";
}

TEST_F(CommandsTest, EachPlaceIsProbedOnceHoweverManyFaultsItHad) {
  conductor_.StartEx(clock_.Read());
  ASSERT_TRUE(Add(OutageOf5s("jam")));
  ASSERT_TRUE(Add(OutageOf5s("cut")));
  v1::FaultPlan backbone = OutageOf5s("backbone");
  backbone.set_link(v1::LINK_KIND_BACKBONE);
  ASSERT_TRUE(Add(backbone));
  v1::ClearFaultsRequest all;
  all.set_all(true);
  const auto cleared = Do(all);
  ASSERT_TRUE(cleared);
  EXPECT_EQ(cleared->cleared_size(), 3);
  EXPECT_EQ(cleared->probes_size(), 2) << "access link and backbone link";
}

TEST_F(CommandsTest, AClearedPlannedFaultNeverBegins) {
  conductor_.StartEx(clock_.Read());
  v1::ClearFaultsRequest request;
  request.add_faults("planned");
  ASSERT_TRUE(Do(request));
  EXPECT_EQ(Do(v1::ListFaultsRequest())->faults(0).state(), v1::FAULT_STATE_OVER);
  PassTo(seconds(50));
  EXPECT_TRUE(stage_.notes.empty());
  EXPECT_FALSE(Do(request)) << "it is over";
}

TEST_F(CommandsTest, ClearingSaysWhatIsMeant) {
  v1::ClearFaultsRequest nothing;
  EXPECT_THAT(Do(nothing).error().Text(), HasSubstr("which fault"));
  v1::ClearFaultsRequest unknown;
  unknown.add_faults("nothing-such");
  EXPECT_EQ(Do(unknown).error().code, ErrorCode::kNotFound);
}

TEST_F(CommandsTest, WhatNothingCouldActOnIsRefusedAndRecorded) {
  conductor_.StartEx(clock_.Read());
  v1::FaultPlan fault = OutageOf5s("forgery");
  fault.set_node("FRA/hq");
  fault.mutable_damage()->set_share(0.5);
  fault.set_direction(v1::DIRECTION_TO_GATEWAY);
  EXPECT_FALSE(Add(fault));
  EXPECT_TRUE(stage_.notes.empty());
  ASSERT_TRUE(events_.back().has_command_given());
  EXPECT_THAT(events_.back().command_given().refused(), HasSubstr("FRA/hq is a real system"));
}

// What is sent to it is ours, and it is the one that is tested.
TEST_F(CommandsTest, WhatIsSentToARealSystemMayBeDamaged) {
  conductor_.StartEx(clock_.Read());
  v1::FaultPlan fault = OutageOf5s("forgery");
  fault.set_node("FRA/hq");
  fault.mutable_damage()->set_share(0.5);
  fault.set_direction(v1::DIRECTION_TO_NODE);
  const auto added = Add(fault);
  EXPECT_TRUE(added) << added.error().Text();
}

TEST_F(CommandsTest, AnObservationIsEvidenceOfARealSystemOnly) {
  v1::ObserveRequest request;
  request.set_node("FRA/hq");
  request.mutable_understood()->mutable_id()->set_origin("DEU/brigade");
  ASSERT_TRUE(Do(request));
  ASSERT_TRUE(events_.back().has_message_understood());
  EXPECT_EQ(events_.back().message_understood().evidence(), "observation");
  request.set_node("DEU/brigade");
  EXPECT_EQ(Do(request).error().code, ErrorCode::kNotFound);
  request.set_node("FRA/hq");
  request.mutable_understood()->clear_id();
  EXPECT_FALSE(Do(request));
}

TEST_F(CommandsTest, NothingIsCommandedAfterEndex) {
  conductor_.StartEx(clock_.Read());
  ASSERT_TRUE(Do(v1::StopRequest()));
  EXPECT_TRUE(conductor_.aborted());
  EXPECT_FALSE(Add(OutageOf5s("jam")));
  EXPECT_FALSE(Do(v1::PauseRequest()));
  EXPECT_FALSE(Do(v1::StopRequest()));
}

}  // namespace
}  // namespace entente::harness
