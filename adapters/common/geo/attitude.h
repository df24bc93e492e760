// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a body is turned. Simulations say it as Euler angles ψ θ φ: turn the ECEF axes by ψ about z, then by θ about the new y, then
// by φ about the new x, and they lie along the body's (x forward, y right, z down; IEEE 1278.1-2012 §1.6.3). Everybody else says
// heading, pitch and roll: the same three turns from the local north-east-down axes. Pure, thread-safe, never throws.

#include "adapters/common/geo/geocentric.h"

namespace entente::geo {

// Radians. psi and phi in (-pi, pi], theta in [-pi/2, pi/2] when computed here; any finite value is understood.
struct Euler {
  double psi = 0;
  double theta = 0;
  double phi = 0;

  bool operator==(const Euler&) const = default;
};

// Degrees. heading [0, 360) true, pitch [-90, 90] nose up, roll (-180, 180] right wing down.
struct LocalAttitude {
  double heading_deg = 0;
  double pitch_deg = 0;
  double roll_deg = 0;

  bool operator==(const LocalAttitude&) const = default;
};

// Rows are the body's axes in the frame that the angles start from.
Rotation BodyAxes(const Euler& angles);
// The inverse. In gimbal lock (theta = ±pi/2) only psi - phi or psi + phi is defined: phi is taken as 0.
Euler AnglesOf(const Rotation& body_axes);

LocalAttitude ToLocal(const Euler& in_ecef, const Geodetic& place);
Euler ToEcef(const LocalAttitude& attitude, const Geodetic& place);

}  // namespace entente::geo
