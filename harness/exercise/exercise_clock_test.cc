// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/exercise_clock.h"

#include <gtest/gtest.h>

namespace entente::harness {
namespace {

using namespace std::chrono_literals;

class ExerciseClockTest : public ::testing::Test {
 protected:
  void Run() {
    ASSERT_TRUE(clock_.Ready());
    ASSERT_TRUE(clock_.Start(At(10s)));
  }
  static Instant At(Duration since) { return Instant{} + since; }
  ExerciseClock clock_;
};

TEST_F(ExerciseClockTest, TimeBeginsAtStartex) {
  EXPECT_EQ(clock_.Elapsed(At(99s)), 0s);
  Run();
  EXPECT_EQ(clock_.Elapsed(At(13s)), 3s);
  EXPECT_EQ(clock_.InstantOf(5s), At(15s));
}

TEST_F(ExerciseClockTest, TimeStandsStillInPausex) {
  Run();
  ASSERT_TRUE(clock_.Pause(At(13s)));
  EXPECT_EQ(clock_.Elapsed(At(100s)), 3s);
  EXPECT_FALSE(clock_.InstantOf(5s));
  ASSERT_TRUE(clock_.Resume(At(100s)));
  EXPECT_EQ(clock_.Elapsed(At(101s)), 4s);
  EXPECT_EQ(clock_.InstantOf(5s), At(102s));
}

TEST_F(ExerciseClockTest, TimeStopsAtTheEnd) {
  Run();
  ASSERT_TRUE(clock_.End(At(20s)));
  EXPECT_EQ(clock_.state(), v1::EXERCISE_STATE_ENDED);
  EXPECT_EQ(clock_.Elapsed(At(99s)), 10s);
}

TEST_F(ExerciseClockTest, RefusesWhatTheStateDoesNotAllowAndSaysWhy) {
  const Status started = clock_.Start(At(0s));
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().what, "the exercise is planned, so it cannot become running");
  EXPECT_EQ(clock_.state(), v1::EXERCISE_STATE_PLANNED);
  Run();
  EXPECT_FALSE(clock_.Resume(At(11s)));
  ASSERT_TRUE(clock_.Abort(At(12s)));
  EXPECT_FALSE(clock_.Abort(At(13s)));
  EXPECT_FALSE(clock_.End(At(13s)));
  EXPECT_EQ(clock_.Elapsed(At(99s)), 2s);
}

}  // namespace
}  // namespace entente::harness
