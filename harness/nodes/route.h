// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a unit is on its route: legs along great circles on a sphere of the earth's mean radius, altitude linear between points, at
// constant speed; round and round when closed, else to and fro.

#include <vector>

#include "base/time.h"
#include "entente/v1/exercise.pb.h"

namespace entente::harness {

// IUGG mean radius R1 of the earth.
inline constexpr double kEarthRadiusMetres = 6'371'008.8;

struct Placement {
  double latitude_deg = 0;
  double longitude_deg = 0;
  double altitude_m = 0;
  double course_deg = 0;         // true, [0, 360); meaningless when speed is 0
  double speed_mps = 0;          // over ground
  double vertical_rate_mps = 0;  // up positive
};

// Metres along the great circle.
double DistanceMetres(const v1::Position& from, const v1::Position& to);

class Route {
 public:
  // At least one point; a route whose points all coincide stays there.
  explicit Route(const v1::UnitPlan& plan);
  // `travelled`: how long the unit has moved.
  [[nodiscard]] Placement At(Duration travelled) const;

 private:
  struct Leg {
    v1::RoutePoint from;
    v1::RoutePoint to;
    double length_m = 0;
  };
  std::vector<Leg> legs_;
  v1::RoutePoint start_;
  double length_m_ = 0;
  double speed_mps_ = 0;
  bool closed_ = false;
};

}  // namespace entente::harness
