// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/dead_reckoning.h"

#include <gtest/gtest.h>

#include <numbers>

namespace entente::dis {
namespace {

using namespace std::chrono_literals;
using geo::Vector3;

constexpr float kPi = std::numbers::pi_v<float>;

EntityState Moving(Algorithm algorithm) {
  EntityState state;
  state.location = {6378137, 0, 0};
  state.velocity = {10, 0, 0};
  state.dead_reckoning.algorithm = Number(algorithm);
  state.dead_reckoning.acceleration = {0, 2, 0};
  state.dead_reckoning.angular_velocity = {0, 0, kPi / 20};
  return state;
}

Vector3 Way(const EntityState& state, Duration elapsed) {
  return DeadReckon(state, elapsed).location - PoseOf(state).location;
}

void ExpectNear(const Vector3& got, const Vector3& wanted, double tolerance = 1e-4) {
  EXPECT_NEAR(geo::Norm(got - wanted), 0, tolerance) << got.x << ' ' << got.y << ' ' << got.z;
}

TEST(DeadReckoningTest, StandsStillWithStaticOtherAndUnknownAlgorithms) {
  for (const int algorithm : {0, 1, 10, 255}) {
    EntityState state = Moving(Algorithm::kFpw);
    state.dead_reckoning.algorithm = static_cast<std::uint8_t>(algorithm);
    ExpectNear(Way(state, 10s), {0, 0, 0});
  }
}

TEST(DeadReckoningTest, GoesStraightAtConstantVelocity) {
  ExpectNear(Way(Moving(Algorithm::kFpw), 10s), {100, 0, 0});
  ExpectNear(Way(Moving(Algorithm::kRpw), 10s), {100, 0, 0});
}

TEST(DeadReckoningTest, AcceleratesWhereTheAlgorithmDoes) {
  ExpectNear(Way(Moving(Algorithm::kRvw), 10s), {100, 100, 0});
  ExpectNear(Way(Moving(Algorithm::kFvw), 10s), {100, 100, 0});
}

TEST(DeadReckoningTest, TurnsTheBodyAtItsRatesWhereTheAlgorithmDoes) {
  const EntityState turning = Moving(Algorithm::kRpw);
  const Pose pose = DeadReckon(turning, 10s);  // a quarter turn about z
  EXPECT_NEAR(pose.orientation.psi, std::numbers::pi / 2, 1e-6);
  EXPECT_NEAR(pose.orientation.theta, 0, 1e-6);
  EXPECT_EQ(DeadReckon(Moving(Algorithm::kFpw), 10s).orientation, PoseOf(turning).orientation);
}

TEST(DeadReckoningTest, TakesBodyVelocitiesAlongTheBodysAxes) {
  EntityState state = Moving(Algorithm::kFpb);
  state.orientation = {kPi / 2, 0, 0};  // forward is ECEF y
  ExpectNear(Way(state, 10s), {0, 100, 0}, 1e-3);
}

TEST(DeadReckoningTest, DrivesACircleWhenTheBodyTurnsAsItGoes) {
  // 10 m/s turning at pi/20 rad/s: a circle of radius 200/pi m; a quarter after 10 s, the whole after 40 s.
  const EntityState state = Moving(Algorithm::kRpb);
  const double radius = 200 / std::numbers::pi;
  ExpectNear(Way(state, 10s), {radius, radius, 0}, 1e-3);
  ExpectNear(Way(state, 40s), {0, 0, 0}, 1e-3);
}

// RVB: integrate v + a t in axes that turn with the body, in small steps.
TEST(DeadReckoningTest, AgreesWithSmallStepsWhenTheBodyTurnsAndAccelerates) {
  const EntityState state = Moving(Algorithm::kRvb);
  Vector3 way;
  constexpr int kSteps = 20000;
  for (int i = 0; i < kSteps; ++i) {
    const double t = 10.0 * (i + 0.5) / kSteps;
    const double angle = t * std::numbers::pi / 20;
    const double forward = 10;
    const double right = 2 * t;
    way = way + (10.0 / kSteps) * Vector3{forward * std::cos(angle) - right * std::sin(angle),
                                          forward * std::sin(angle) + right * std::cos(angle), 0};
  }
  ExpectNear(Way(state, 10s), way, 1e-3);
}

TEST(DeadReckoningTest, IsContinuousWhereTheTurnVanishes) {
  EntityState turning = Moving(Algorithm::kRvb);
  turning.dead_reckoning.angular_velocity = {0, 0, 1.1e-5F};
  EntityState straight = turning;
  straight.dead_reckoning.angular_velocity = {0, 0, 0.9e-5F};
  ExpectNear(Way(turning, 10s), Way(straight, 10s), 0.1);
}

TEST(DeadReckoningTest, TakesValuesThatAreNoNumbersForZero) {
  EntityState state = Moving(Algorithm::kRvb);
  state.velocity.x = std::numeric_limits<float>::quiet_NaN();
  state.dead_reckoning.acceleration.y = std::numeric_limits<float>::infinity();
  ExpectNear(Way(state, 10s), {0, 0, 0});
}

TEST(DeadReckoningTest, MeasuresTheAngleBetweenOrientations) {
  EXPECT_NEAR(AngleBetweenDeg({0, 0, 0}, {std::numbers::pi / 6, 0, 0}), 30, 1e-9);
  EXPECT_NEAR(AngleBetweenDeg({0, 0, 0}, {0, 0, std::numbers::pi}), 180, 1e-4);
}

}  // namespace
}  // namespace entente::dis
