// SPDX-License-Identifier: Apache-2.0
#pragma once

// Earth-centred, earth-fixed coordinates (x through 0°N 0°E, z through the north pole, metres) and WGS-84 latitude, longitude and
// height above the ellipsoid; and vectors between the ECEF axes and the local east, north, up ones. Pure, thread-safe, never
// throws.

#include "adapters/common/geo/vector3.h"

namespace entente::geo {

struct Geodetic {
  double latitude_deg = 0;   // -90 to 90
  double longitude_deg = 0;  // -180 to 180
  double height_m = 0;       // above the WGS-84 ellipsoid

  bool operator==(const Geodetic&) const = default;
};

struct EastNorthUp {
  double east = 0;
  double north = 0;
  double up = 0;

  bool operator==(const EastNorthUp&) const = default;
};

Vector3 ToEcef(const Geodetic& place);
// Right for every finite point; at the earth's centre the north pole's axis is taken.
Geodetic ToGeodetic(const Vector3& ecef);

// The rotation whose rows are east, north and up at the place, in ECEF. At a pole the longitude says which way "east" is.
Rotation EastNorthUpAxes(const Geodetic& place);
EastNorthUp ToEastNorthUp(const Vector3& ecef_vector, const Geodetic& place);
Vector3 ToEcefVector(const EastNorthUp& vector, const Geodetic& place);

}  // namespace entente::geo
