// SPDX-License-Identifier: Apache-2.0
#include "harness/run/repeated_plan.h"

#include <gtest/gtest.h>

#include "entente/v1/control.pb.h"

namespace entente::harness {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

v1::RecordEvent StartWithAFaultFrom20To30s() {
  v1::Exercise exercise;
  exercise.set_name("small");
  exercise.set_duration_ns(60 * kSecond);
  v1::FaultPlan& fault = *exercise.add_faults();
  fault.set_id("planned");
  fault.set_at_ns(20 * kSecond);
  fault.set_lease_ns(10 * kSecond);
  exercise.add_injects()->set_id("order");
  exercise.mutable_injects(0)->set_at_ns(50 * kSecond);
  v1::RecordEvent event;
  event.mutable_run_started()->set_plan(exercise.SerializeAsString());
  event.mutable_run_started()->set_exercise_file("version: 1");
  return event;
}

v1::RecordEvent Given(const std::string& command, std::int64_t second, const google::protobuf::Message& request) {
  v1::RecordEvent event;
  event.mutable_command_given()->set_command(command);
  event.mutable_command_given()->set_exercise_time_ns(second * kSecond);
  event.mutable_command_given()->set_request(request.SerializeAsString());
  return event;
}

v1::RecordEvent Cleared(std::int64_t second, const std::string& fault = {}) {
  v1::ClearFaultsRequest request;
  request.set_all(fault.empty());
  if (!fault.empty()) request.add_faults(fault);
  return Given("clear faults", second, request);
}

class RepeatedPlanTest : public testing::Test {
 protected:
  RepeatedPlanTest() { plan_.Take(StartWithAFaultFrom20To30s()); }
  const v1::Exercise& exercise() const { return plan_.exercise(); }

  RepeatedPlan plan_;
};

TEST_F(RepeatedPlanTest, AddedFaultsBelongToThePlan) {
  v1::AddFaultRequest request;
  request.mutable_fault()->set_id("live-1");
  request.mutable_fault()->set_at_ns(3 * kSecond);
  plan_.Take(Given("add fault", 3, request));
  ASSERT_EQ(exercise().faults_size(), 2);
  EXPECT_EQ(exercise().faults(1).id(), "live-1");
  EXPECT_EQ(plan_.commands(), 1U);
  EXPECT_TRUE(plan_.readable());
}

TEST_F(RepeatedPlanTest, AClearedFaultEndsWhereItWasCleared) {
  plan_.Take(Cleared(24));
  ASSERT_EQ(exercise().faults_size(), 1);
  EXPECT_EQ(exercise().faults(0).lease_ns(), 4 * kSecond);
}

TEST_F(RepeatedPlanTest, APlannedFaultThatWasClearedNeverBegins) {
  plan_.Take(Cleared(10));
  EXPECT_EQ(exercise().faults_size(), 1) << "all means those that are active";
  plan_.Take(Cleared(10, "planned"));
  EXPECT_EQ(exercise().faults_size(), 0);
}

TEST_F(RepeatedPlanTest, InjectsAreFiredWhenTheyWere) {
  v1::FireInjectRequest planned;
  planned.set_planned("order");
  plan_.Take(Given("fire inject", 7, planned));
  EXPECT_EQ(exercise().injects(0).at_ns(), 7 * kSecond);
  v1::FireInjectRequest added;
  added.mutable_added()->set_id("live-1");
  added.mutable_added()->set_at_ns(8 * kSecond);
  plan_.Take(Given("fire inject", 8, added));
  EXPECT_EQ(exercise().injects(1).at_ns(), 8 * kSecond);
}

TEST_F(RepeatedPlanTest, WhatWasRefusedChangesNothing) {
  v1::RecordEvent refused = Cleared(24);
  refused.mutable_command_given()->set_refused("nobody knows why");
  plan_.Take(refused);
  EXPECT_EQ(exercise().faults(0).lease_ns(), 10 * kSecond);
  EXPECT_EQ(plan_.commands(), 0U);
}

TEST_F(RepeatedPlanTest, AStoppedRunIsRepeatedUpToThere) {
  plan_.Take(Given("stop", 25, v1::StopRequest()));
  EXPECT_EQ(exercise().duration_ns(), 25 * kSecond);
}

TEST(RepeatedPlan, ARecordWithoutABeginCannotBeRepeated) {
  EXPECT_FALSE(RepeatedPlan().readable());
  RepeatedPlan garbled;
  v1::RecordEvent event;
  event.mutable_run_started()->set_plan("\xff\xff\xff");
  garbled.Take(event);
  EXPECT_FALSE(garbled.readable());
}

}  // namespace
}  // namespace entente::harness
