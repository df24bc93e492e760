// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/geo/geocentric.h"

#include <GeographicLib/Geocentric.hpp>
#include <numbers>

namespace entente::geo {

Vector3 ToEcef(const Geodetic& place) {
  Vector3 ecef;
  GeographicLib::Geocentric::WGS84().Forward(place.latitude_deg, place.longitude_deg, place.height_m, ecef.x, ecef.y, ecef.z);
  return ecef;
}

Geodetic ToGeodetic(const Vector3& ecef) {
  Geodetic place;
  GeographicLib::Geocentric::WGS84().Reverse(ecef.x, ecef.y, ecef.z, place.latitude_deg, place.longitude_deg, place.height_m);
  return place;
}

Rotation EastNorthUpAxes(const Geodetic& place) {
  const double latitude = place.latitude_deg * std::numbers::pi / 180;
  const double longitude = place.longitude_deg * std::numbers::pi / 180;
  const double sin_lat = std::sin(latitude);
  const double cos_lat = std::cos(latitude);
  const double sin_lon = std::sin(longitude);
  const double cos_lon = std::cos(longitude);
  return {{Vector3{-sin_lon, cos_lon, 0}, Vector3{-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat},
           Vector3{cos_lat * cos_lon, cos_lat * sin_lon, sin_lat}}};
}

EastNorthUp ToEastNorthUp(const Vector3& ecef_vector, const Geodetic& place) {
  const Vector3 local = EastNorthUpAxes(place) * ecef_vector;
  return {local.x, local.y, local.z};
}

Vector3 ToEcefVector(const EastNorthUp& vector, const Geodetic& place) {
  return Transposed(EastNorthUpAxes(place)) * Vector3{vector.east, vector.north, vector.up};
}

}  // namespace entente::geo
