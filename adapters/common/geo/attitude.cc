// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/geo/attitude.h"

#include <numbers>

namespace entente::geo {
namespace {

constexpr double kDegree = std::numbers::pi / 180;
// Below this cosine of theta, psi and phi can no longer be told apart in double precision.
constexpr double kGimbal = 1e-9;

// Rows are north, east and down in ECEF.
Rotation NorthEastDownAxes(const Geodetic& place) {
  const Rotation enu = EastNorthUpAxes(place);
  return {{enu.rows[1], enu.rows[0], -1.0 * enu.rows[2]}};
}

double Wrapped360(double degrees) {
  const double wrapped = std::fmod(degrees, 360.0);
  const double positive = wrapped < 0 ? wrapped + 360 : wrapped;
  return positive < 360 ? positive : 0;
}

}  // namespace

Rotation BodyAxes(const Euler& angles) {
  const double sin_psi = std::sin(angles.psi);
  const double cos_psi = std::cos(angles.psi);
  const double sin_theta = std::sin(angles.theta);
  const double cos_theta = std::cos(angles.theta);
  const double sin_phi = std::sin(angles.phi);
  const double cos_phi = std::cos(angles.phi);
  return {{Vector3{cos_theta * cos_psi, cos_theta * sin_psi, -sin_theta},
           Vector3{sin_phi * sin_theta * cos_psi - cos_phi * sin_psi, sin_phi * sin_theta * sin_psi + cos_phi * cos_psi,
                   sin_phi * cos_theta},
           Vector3{cos_phi * sin_theta * cos_psi + sin_phi * sin_psi, cos_phi * sin_theta * sin_psi - sin_phi * cos_psi,
                   cos_phi * cos_theta}}};
}

Euler AnglesOf(const Rotation& body_axes) {
  const auto& [forward, right, down] = body_axes.rows;
  const double cos_theta = std::hypot(forward.x, forward.y);
  const double theta = std::atan2(-forward.z, cos_theta);
  if (cos_theta < kGimbal) return {std::atan2(-right.x, right.y), theta, 0};
  return {std::atan2(forward.y, forward.x), theta, std::atan2(right.z, down.z)};
}

LocalAttitude ToLocal(const Euler& in_ecef, const Geodetic& place) {
  // Each body axis along the local axes: (R_body)(R_local)^T.
  const Euler local = AnglesOf(BodyAxes(in_ecef) * Transposed(NorthEastDownAxes(place)));
  return {Wrapped360(local.psi / kDegree), local.theta / kDegree, local.phi / kDegree};
}

Euler ToEcef(const LocalAttitude& attitude, const Geodetic& place) {
  const Euler local{attitude.heading_deg * kDegree, attitude.pitch_deg * kDegree, attitude.roll_deg * kDegree};
  return AnglesOf(BodyAxes(local) * NorthEastDownAxes(place));
}

}  // namespace entente::geo
