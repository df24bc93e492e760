// SPDX-License-Identifier: Apache-2.0
#include "harness/run/restored_relay.h"

#include <gmock/gmock.h>

#include "broker/core/test_envelope.h"
#include "broker/record/record_fixture.h"

namespace entente::harness {
namespace {

using ::testing::HasSubstr;

v1::Exercise ExerciseOf(const std::string& name) {
  v1::Exercise exercise;
  exercise.set_name(name);
  *exercise.mutable_policy() = broker::testing::TestPolicy();
  return exercise;
}

v1::RecordEvent StartOf(const v1::Exercise& exercise) {
  v1::RecordEvent event;
  event.mutable_run_started()->set_exercise(exercise.name());
  event.mutable_run_started()->set_plan(exercise.SerializeAsString());
  return event;
}

class RestoredRelayTest : public ::testing::Test {
 protected:
  RestoredRelayTest() : log_(record::OpenLog({.directory = folder_.path(), .simulated = true}, clock_)) {}

  void Append(std::vector<v1::RecordEvent> events) {
    ASSERT_TRUE(log_->Append(std::span<const v1::RecordEvent>(events)));
    ASSERT_TRUE(log_->Flush());
  }
  Status Restore(broker::Relay& relay, const v1::Exercise& exercise) { return RestoreRelay(*log_, exercise, relay, clock_.Read()); }
  // What came of restoring, in words.
  std::string Outcome(const v1::Exercise& exercise) {
    broker::Relay relay({.exercise = exercise.name(), .mode = broker::DeliveryMode::kDurable}, guard_, [](v1::RecordEvent) {});
    const Status restored = Restore(relay, exercise);
    return restored ? "restored" : restored.error().Text();
  }

  VirtualClock clock_{record::Noon()};
  record::TemporaryFolder folder_;
  std::unique_ptr<record::SegmentLog> log_;
  broker::PolicyGuard guard_{broker::testing::TestPolicy()};
};

TEST_F(RestoredRelayTest, EmptyRecordIsABeginning) {
  EXPECT_FALSE(IsBegun(*log_));
  EXPECT_EQ(Outcome(ExerciseOf("first")), "restored");
}

TEST_F(RestoredRelayTest, GoesOnFrameByFrame) {
  const v1::Exercise exercise = ExerciseOf("first");
  std::vector<v1::RecordEvent> said;
  broker::Relay before({.exercise = "first", .mode = broker::DeliveryMode::kDurable}, guard_,
                       [&](v1::RecordEvent event) { said.push_back(std::move(event)); });
  v1::Hello hello;
  hello.set_version(1);
  hello.set_node("DEU/brigade");
  hello.set_incarnation(7);
  ASSERT_TRUE(before.Attach(hello, {}, clock_.Read()));
  before.OnRecorded(before.counters().events, clock_.Read());
  v1::ClientFrame frame;
  frame.add_envelope(broker::testing::TestTrack("DEU/brigade", 7, v1::PRECEDENCE_FLASH, 1).SerializeAsString());
  ASSERT_TRUE(before.OnFrame("DEU/brigade", broker::SharedSlice(broker::testing::Octets(frame)), clock_.Read()));
  Append({StartOf(exercise)});
  Append(said);

  std::vector<v1::RecordEvent> says;
  broker::Relay after({.exercise = "first", .mode = broker::DeliveryMode::kDurable}, guard_,
                      [&](v1::RecordEvent event) { says.push_back(std::move(event)); });
  ASSERT_TRUE(Restore(after, exercise));
  EXPECT_TRUE(IsBegun(*log_));
  EXPECT_TRUE(says.at(0).broker_started().resumed());
  EXPECT_EQ(says.at(1).message_routed().first().sequence(), 1U);
  EXPECT_EQ(says.at(2).node_detached().node(), "DEU/brigade");
}

TEST_F(RestoredRelayTest, RefusesTheRecordOfAnotherExerciseOrPolicy) {
  Append({StartOf(ExerciseOf("first"))});
  EXPECT_EQ(Outcome(ExerciseOf("first")), "restored");
  EXPECT_THAT(Outcome(ExerciseOf("second")), HasSubstr("the record is of exercise first, not of second"));
  v1::Exercise other = ExerciseOf("first");
  other.mutable_policy()->mutable_nations(2)->set_clearance("SECRET");
  EXPECT_THAT(Outcome(other), HasSubstr("policy is not the one that the record was begun under"));
}

TEST_F(RestoredRelayTest, RefusesARecordThatBeginsWithSomethingElse) {
  Append({record::InjectEvent(1)});
  EXPECT_THAT(Outcome(ExerciseOf("first")), HasSubstr("does not begin with the start of a run"));
}

}  // namespace
}  // namespace entente::harness
