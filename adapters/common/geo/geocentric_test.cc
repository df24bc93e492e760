// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/geo/geocentric.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <GeographicLib/Geocentric.hpp>
#include <GeographicLib/LocalCartesian.hpp>

namespace entente::geo {
namespace {

constexpr double kMillimetre = 1e-3;

double Between(double low, double high) {
  return low + (high - low) * static_cast<double>(*rc::gen::inRange<std::int64_t>(0, 1'000'000'001)) / 1e9;
}

Geodetic AnyPlace() {
  return {*rc::gen::weightedElement<double>({{1, 90}, {1, -90}, {1, 0}, {5, Between(-90, 90)}}),
          *rc::gen::weightedElement<double>({{1, 180}, {1, -180}, {1, 0}, {5, Between(-180, 180)}}), Between(-11'000, 40'000'000)};
}

TEST(GeocentricTest, KnowsTheAxesOfTheFrame) {
  EXPECT_NEAR(Norm(ToEcef({0, 0, 0}) - Vector3{6378137, 0, 0}), 0, kMillimetre);
  EXPECT_NEAR(Norm(ToEcef({0, 90, 100}) - Vector3{0, 6378237, 0}), 0, kMillimetre);
  EXPECT_NEAR(Norm(ToEcef({90, 0, 0}) - Vector3{0, 0, 6356752.314245}), 0, kMillimetre);
}

TEST(GeocentricTest, ComesBackToTheSamePointWithinAMillimetreEverywhere) {
  EXPECT_TRUE(rc::check([] {
    const Vector3 ecef = ToEcef(AnyPlace());
    RC_ASSERT(Norm(ToEcef(ToGeodetic(ecef)) - ecef) < kMillimetre);
  }));
}

TEST(GeocentricTest, GivesLatitudeAndHeightBackEvenAtPolesAndAntimeridian) {
  EXPECT_TRUE(rc::check([] {
    const Geodetic place = AnyPlace();
    const Geodetic back = ToGeodetic(ToEcef(place));
    RC_ASSERT(std::abs(back.height_m - place.height_m) < kMillimetre);
    RC_ASSERT(std::abs(back.latitude_deg - place.latitude_deg) < 1e-9);
    RC_ASSERT(std::abs(back.longitude_deg) <= 180);
  }));
}

TEST(GeocentricTest, LocalVectorsAgreeWithDisplacementsOfGeographicLibsLocalCartesian) {
  EXPECT_TRUE(rc::check([] {
    const Geodetic place = AnyPlace();
    const EastNorthUp step{Between(-1000, 1000), Between(-1000, 1000), Between(-1000, 1000)};
    const GeographicLib::LocalCartesian local(place.latitude_deg, place.longitude_deg, place.height_m);
    Geodetic there;
    local.Reverse(step.east, step.north, step.up, there.latitude_deg, there.longitude_deg, there.height_m);
    const EastNorthUp ours = ToEastNorthUp(ToEcef(there) - ToEcef(place), place);
    RC_ASSERT(std::hypot(ours.east - step.east, ours.north - step.north, ours.up - step.up) < kMillimetre);
  }));
}

TEST(GeocentricTest, TurnsVectorsThereAndBack) {
  EXPECT_TRUE(rc::check([] {
    const Geodetic place = AnyPlace();
    const Vector3 v{Between(-3000, 3000), Between(-3000, 3000), Between(-3000, 3000)};
    RC_ASSERT(Norm(ToEcefVector(ToEastNorthUp(v, place), place) - v) < 1e-9);
  }));
}

TEST(GeocentricTest, IsFiniteAtTheEarthsCentre) {
  const Geodetic place = ToGeodetic({0, 0, 0});
  EXPECT_TRUE(std::isfinite(place.latitude_deg) && std::isfinite(place.longitude_deg) && std::isfinite(place.height_m));
}

}  // namespace
}  // namespace entente::geo
