// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where an entity is some time after its last Entity State, by the algorithm that the Entity State names (IEEE 1278.1-2012 Annex E:
// 1 static; F or R: fixed or rotating; P or V: constant velocity or acceleration; W or B: world or body axes). Pure.

#include "adapters/common/geo/attitude.h"
#include "adapters/dis/pdu.h"
#include "base/time.h"

namespace entente::dis {

enum class Algorithm : std::uint8_t {
  kOther = 0,
  kStatic = 1,
  kFpw = 2,
  kRpw = 3,
  kRvw = 4,
  kFvw = 5,
  kFpb = 6,
  kRpb = 7,
  kRvb = 8,
  kFvb = 9,
};

constexpr std::uint8_t Number(Algorithm algorithm) {
  return static_cast<std::uint8_t>(algorithm);
}
constexpr bool InBodyAxes(std::uint8_t algorithm) {
  return algorithm >= 6 && algorithm <= 9;
}

struct Pose {
  geo::Vector3 location;  // metres, ECEF
  geo::Euler orientation;
};

Pose PoseOf(const EntityState& state);
// Unknown algorithms (0, 10 and above) stand still. Values that are not finite count as zero.
Pose DeadReckon(const EntityState& state, Duration elapsed);
// Degrees of the turn that takes one orientation to the other.
double AngleBetweenDeg(const geo::Euler& a, const geo::Euler& b);

}  // namespace entente::dis
