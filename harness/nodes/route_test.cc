// SPDX-License-Identifier: Apache-2.0
#include "harness/nodes/route.h"

#include <gtest/gtest.h>

namespace entente::harness {
namespace {

using namespace std::chrono_literals;

v1::UnitPlan Plan(std::vector<std::array<double, 3>> points, double speed_mps, bool closed = false) {
  v1::UnitPlan plan;
  for (const auto& [latitude, longitude, altitude] : points) {
    auto* point = plan.add_route();
    point->mutable_position()->set_latitude_deg(latitude);
    point->mutable_position()->set_longitude_deg(longitude);
    point->set_altitude_m(altitude);
  }
  plan.set_speed_mps(speed_mps);
  plan.set_closed_route(closed);
  return plan;
}

// One degree along a meridian or the equator.
const double kDegree = kEarthRadiusMetres * 3.14159265358979323846 / 180;

TEST(RouteTest, OnePointStaysThere) {
  const Placement placement = Route(Plan({{53.5, 9.9, 12}}, 0)).At(1h);
  EXPECT_EQ(placement.latitude_deg, 53.5);
  EXPECT_EQ(placement.altitude_m, 12);
  EXPECT_EQ(placement.speed_mps, 0);
}

TEST(RouteTest, PointsThatCoincideAreOnePlace) {
  EXPECT_EQ(Route(Plan({{1, 2, 0}, {1, 2, 0}}, 10, true)).At(1h).speed_mps, 0);
}

TEST(RouteTest, MovesAlongTheEquatorAtItsSpeed) {
  const Placement placement = Route(Plan({{0, 0, 0}, {0, 1, 1000}}, kDegree / 100)).At(25s);
  EXPECT_NEAR(placement.latitude_deg, 0, 1e-9);
  EXPECT_NEAR(placement.longitude_deg, 0.25, 1e-9);
  EXPECT_NEAR(placement.course_deg, 90, 1e-6);
  EXPECT_NEAR(placement.altitude_m, 250, 1e-6);
  EXPECT_NEAR(placement.vertical_rate_mps, 10, 1e-9);
}

TEST(RouteTest, GoesToAndFro) {
  const Route route(Plan({{0, 0, 0}, {1, 0, 1000}}, kDegree / 100));
  const Placement back = route.At(175s);
  EXPECT_NEAR(back.latitude_deg, 0.25, 1e-9);
  EXPECT_NEAR(back.course_deg, 180, 1e-6);
  EXPECT_NEAR(back.vertical_rate_mps, -10, 1e-9);
  EXPECT_NEAR(route.At(225s).latitude_deg, 0.25, 1e-9);
}

TEST(RouteTest, GoesRoundWhenClosed) {
  const Route route(Plan({{0, 0, 0}, {0, 1, 0}, {1, 0.5, 0}}, kDegree / 100, true));
  const Placement third_leg = route.At(Duration(250s));
  EXPECT_GT(third_leg.course_deg, 180);
  EXPECT_LT(third_leg.course_deg, 270);
}

TEST(RouteTest, GreatCircleLeavesTheParallel) {
  const Placement middle = Route(Plan({{50, 0, 0}, {50, 60, 0}}, 1000)).At(FromSeconds(2089));
  EXPECT_GT(middle.latitude_deg, 52);
}

TEST(RouteTest, DistanceOfOneDegree) {
  v1::Position a;
  v1::Position b;
  b.set_latitude_deg(1);
  EXPECT_NEAR(DistanceMetres(a, b), 111195, 1);
}

}  // namespace
}  // namespace entente::harness
