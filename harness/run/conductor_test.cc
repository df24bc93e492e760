// SPDX-License-Identifier: Apache-2.0
#include "harness/run/conductor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace entente::harness {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

// Writes down what it is told.
class NotingStage final : public Stage {
 public:
  void SetRunning(bool running, Now /*now*/) override { notes.emplace_back(running ? "run" : "rest"); }
  void Fire(const v1::Inject& inject, Now /*now*/) override { notes.push_back("fire " + inject.id()); }
  void StartFault(const v1::FaultPlan& fault, Now /*now*/) override { notes.push_back("start " + fault.id()); }
  std::string EndFault(const v1::FaultPlan& fault, Now /*now*/) override {
    notes.push_back("end " + fault.id());
    return "as made";
  }

  std::vector<std::string> notes;
};

v1::Exercise ExerciseWithAnInjectAt5sAndAFaultFrom10To40s() {
  v1::Exercise exercise;
  exercise.set_duration_ns(Duration(seconds(30)).count());
  v1::Inject& inject = *exercise.add_injects();
  inject.set_id("order");
  inject.set_at_ns(Duration(seconds(5)).count());
  v1::FaultPlan& fault = *exercise.add_faults();
  fault.set_id("cut");
  fault.set_node("DEU/hq");
  fault.set_at_ns(Duration(seconds(10)).count());
  fault.set_lease_ns(Duration(seconds(30)).count());
  fault.mutable_outage();
  return exercise;
}

class ConductorTest : public testing::Test {
 protected:
  void Begin() {
    conductor_.Ready(clock_.Read());
    conductor_.StartEx(clock_.Read());
    stage_.notes.clear();
  }
  // Carries out everything up to here.
  void PassTo(Duration instant) {
    while (const auto deadline = conductor_.NextDeadline()) {
      if (*deadline > Instant(instant)) break;
      clock_.AdvanceTo(*deadline);
      conductor_.OnDeadline(clock_.Read());
    }
    clock_.AdvanceTo(Instant(instant));
  }
  std::vector<std::string> EndedFaults() const {
    std::vector<std::string> ended;
    for (const v1::RecordEvent& event : events_) {
      if (event.has_fault_ended()) ended.push_back(event.fault_ended().fault() + " by " + event.fault_ended().reason());
    }
    return ended;
  }

  v1::Exercise exercise_ = ExerciseWithAnInjectAt5sAndAFaultFrom10To40s();
  VirtualClock clock_{UtcTime{}};
  NotingStage stage_;
  std::vector<v1::RecordEvent> events_;
  Conductor conductor_{exercise_, stage_, [this](v1::RecordEvent event) { events_.push_back(std::move(event)); }};
};

TEST_F(ConductorTest, CarriesOutTheTimelineAndEndsByItself) {
  Begin();
  PassTo(seconds(60));
  EXPECT_TRUE(conductor_.ended());
  EXPECT_FALSE(conductor_.aborted());
  EXPECT_THAT(stage_.notes, ElementsAre("fire order", "start cut", "end cut", "rest"));
}

// A fault's lease outlasts the exercise: ENDEX ends it, and the record says so.
TEST_F(ConductorTest, LeavesNoFaultBehind) {
  Begin();
  PassTo(seconds(12));
  EXPECT_THAT(conductor_.ActiveFaults(), ElementsAre("cut"));
  conductor_.EndEx("stopped by operator", true, clock_.Read());
  EXPECT_TRUE(conductor_.aborted());
  EXPECT_THAT(conductor_.ActiveFaults(), IsEmpty());
  EXPECT_THAT(EndedFaults(), ElementsAre("cut by ENDEX"));
}

TEST_F(ConductorTest, ExerciseTimeStandsStillInPausex) {
  Begin();
  PassTo(seconds(3));
  conductor_.PauseEx(clock_.Read());
  EXPECT_EQ(conductor_.NextDeadline(), std::nullopt);
  PassTo(seconds(100));
  EXPECT_THAT(stage_.notes, ElementsAre("rest"));
  EXPECT_EQ(conductor_.Elapsed(clock_.Read().instant), Duration(seconds(3)));
  conductor_.ResumeEx(clock_.Read());
  PassTo(seconds(102));
  EXPECT_THAT(stage_.notes, ElementsAre("rest", "run", "fire order"));
}

TEST_F(ConductorTest, EndsOnce) {
  Begin();
  conductor_.EndEx("first", false, clock_.Read());
  const std::size_t events = events_.size();
  conductor_.EndEx("second", true, clock_.Read());
  EXPECT_EQ(events_.size(), events);
  EXPECT_FALSE(conductor_.aborted());
}

}  // namespace
}  // namespace entente::harness
