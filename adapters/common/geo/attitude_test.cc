// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/geo/attitude.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <numbers>

namespace entente::geo {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kMicroradian = 1e-6;

double Between(double low, double high) {
  return low + (high - low) * static_cast<double>(*rc::gen::inRange<std::int64_t>(0, 1'000'000'001)) / 1e9;
}

Geodetic AnyPlace() {
  return {*rc::gen::weightedElement<double>({{1, 90}, {1, -90}, {4, Between(-90, 90)}}),
          *rc::gen::weightedElement<double>({{1, 180}, {1, -180}, {4, Between(-180, 180)}}), 0};
}

LocalAttitude AnyAttitude() {
  return {Between(0, 359.999), *rc::gen::weightedElement<double>({{1, 90}, {1, -90}, {4, Between(-90, 90)}}), Between(-180, 180)};
}

// The angle of the turn that takes one orientation to the other: half the Frobenius distance, for small angles.
double AngleBetween(const Rotation& a, const Rotation& b) {
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) sum += Dot(a.rows[i] - b.rows[i], a.rows[i] - b.rows[i]);
  return std::sqrt(sum / 2);
}

Rotation AxesOf(const LocalAttitude& a) {
  return BodyAxes({a.heading_deg * kPi / 180, a.pitch_deg * kPi / 180, a.roll_deg * kPi / 180});
}

TEST(AttitudeTest, LevelAndNorthAtTheGulfOfGuineaIsNoseTowardsThePole) {
  const Euler angles = ToEcef(LocalAttitude{0, 0, 0}, {0, 0, 0});
  const Rotation axes = BodyAxes(angles);
  EXPECT_NEAR(Norm(axes.rows[0] - Vector3{0, 0, 1}), 0, kMicroradian);   // forward: north
  EXPECT_NEAR(Norm(axes.rows[1] - Vector3{0, 1, 0}), 0, kMicroradian);   // right: east
  EXPECT_NEAR(Norm(axes.rows[2] - Vector3{-1, 0, 0}), 0, kMicroradian);  // down: towards the centre
}

TEST(AttitudeTest, EulerZeroAtTheEquatorAndGreenwichIsStandingOnTheTail) {
  const LocalAttitude attitude = ToLocal(Euler{0, 0, 0}, {0, 0, 0});
  EXPECT_NEAR(attitude.pitch_deg, 90, 1e-6);
}

TEST(AttitudeTest, KnowsACaseWorkedByHand) {
  // At 0°N 90°E (ECEF y axis up) heading east, level: forward = -x, right = -z (south), down = -y.
  const Rotation axes = BodyAxes(ToEcef(LocalAttitude{90, 0, 0}, {0, 90, 0}));
  EXPECT_NEAR(Norm(axes.rows[0] - Vector3{-1, 0, 0}), 0, kMicroradian);
  EXPECT_NEAR(Norm(axes.rows[1] - Vector3{0, 0, -1}), 0, kMicroradian);
  EXPECT_NEAR(Norm(axes.rows[2] - Vector3{0, -1, 0}), 0, kMicroradian);
}

TEST(AttitudeTest, ComesBackToTheSameOrientationWithinAMicroradianEverywhere) {
  EXPECT_TRUE(rc::check([] {
    const Geodetic place = AnyPlace();
    const LocalAttitude attitude = AnyAttitude();
    const LocalAttitude back = ToLocal(ToEcef(attitude, place), place);
    RC_ASSERT(AngleBetween(AxesOf(attitude), AxesOf(back)) < kMicroradian);
    RC_ASSERT(back.heading_deg >= 0 && back.heading_deg < 360);
    RC_ASSERT(std::abs(back.pitch_deg) <= 90 && std::abs(back.roll_deg) <= 180);
  }));
}

TEST(AttitudeTest, ComesBackToTheSameAnglesAwayFromGimbalLock) {
  EXPECT_TRUE(rc::check([] {
    const Geodetic place = AnyPlace();
    const LocalAttitude attitude{Between(0, 359.999), Between(-85, 85), Between(-179.9, 179.9)};
    const LocalAttitude back = ToLocal(ToEcef(attitude, place), place);
    RC_ASSERT(std::abs(std::remainder(back.heading_deg - attitude.heading_deg, 360)) * kPi / 180 < kMicroradian);
    RC_ASSERT(std::abs(back.pitch_deg - attitude.pitch_deg) * kPi / 180 < kMicroradian);
    RC_ASSERT(std::abs(back.roll_deg - attitude.roll_deg) * kPi / 180 < kMicroradian);
  }));
}

TEST(AttitudeTest, AnyEulerAnglesComeBackAsTheSameOrientation) {
  EXPECT_TRUE(rc::check([] {
    const Euler angles{Between(-7, 7), *rc::gen::weightedElement<double>({{1, kPi / 2}, {1, -kPi / 2}, {4, Between(-7, 7)}}),
                       Between(-7, 7)};
    RC_ASSERT(AngleBetween(BodyAxes(AnglesOf(BodyAxes(angles))), BodyAxes(angles)) < kMicroradian);
  }));
}

TEST(AttitudeTest, InGimbalLockTheRollIsZeroAndTheHeadingKeepsTheOrientation) {
  const LocalAttitude straight_up = ToLocal(ToEcef(LocalAttitude{30, 90, 20}, {50, 8, 0}), {50, 8, 0});
  EXPECT_NEAR(straight_up.pitch_deg, 90, 1e-4);
  EXPECT_NEAR(AngleBetween(AxesOf(straight_up), AxesOf({30, 90, 20})), 0, kMicroradian);
}

}  // namespace
}  // namespace entente::geo
