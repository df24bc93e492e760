// SPDX-License-Identifier: Apache-2.0
#pragma once

// AIS units and the numbers that mean "not available" or "or more" (ITU-R M.1371-5 Annex 8).

#include <cmath>
#include <cstdint>
#include <numbers>

namespace entente::ais {

inline constexpr double kMetresPerSecondPerKnot = 1852.0 / 3600.0;
inline constexpr double kSpeedStepMps = kMetresPerSecondPerKnot / 10;
inline constexpr double kPositionSteps = 600'000;       // per degree
inline constexpr double kLongRangePositionSteps = 600;  // per degree, message 27
inline constexpr std::uint32_t kSpeedUnknown = 1023;
inline constexpr std::uint32_t kSpeedBound = 1022;  // 102.2 knots or more; message 9: 1,022 knots or more
inline constexpr std::uint32_t kLongRangeSpeedUnknown = 63;
inline constexpr std::uint32_t kLongRangeSpeedBound = 62;
inline constexpr std::uint32_t kCourseUnknown = 3600;
inline constexpr std::uint32_t kLongRangeCourseUnknown = 511;
inline constexpr std::uint32_t kHeadingUnknown = 511;
inline constexpr std::uint32_t kSecondUnknown = 60;
inline constexpr std::uint32_t kSecondManual = 61;
inline constexpr std::uint32_t kSecondDeadReckoning = 62;
inline constexpr std::uint32_t kSecondInoperative = 63;
inline constexpr std::uint32_t kStatusUnknown = 15;
inline constexpr std::uint32_t kAltitudeUnknown = 4095;
inline constexpr std::uint32_t kAltitudeBound = 4094;
inline constexpr std::int32_t kTurnUnknown = -128;
inline constexpr std::int32_t kTurnBound = 126;        // 708 degrees a minute or more
inline constexpr std::int32_t kTurnNoIndicator = 127;  // more than 5 degrees in 30 s; how much is not measured
inline constexpr std::uint32_t kDraughtBound = 255;
inline constexpr double kGoodAccuracyM = 10;  // the accuracy bit: better than this, or not
inline constexpr std::uint32_t kLongDimensionBound = 511;
inline constexpr std::uint32_t kShortDimensionBound = 63;

inline constexpr std::size_t kNameCharacters = 20;
inline constexpr std::size_t kCallsignCharacters = 7;
inline constexpr std::size_t kDestinationCharacters = 20;
inline constexpr std::size_t kAidNameCharacters = 34;
inline constexpr std::size_t kTextCharacters = 161;
inline constexpr std::size_t kAddressedTextCharacters = 156;

// Rate of turn: 4.733 times the root of degrees a minute, with its sign.
inline double TurnToDegreesPerSecond(std::int32_t turn) {
  const double root = turn / 4.733;
  return std::copysign(root * root, turn) / 60;
}
inline std::int32_t TurnFromDegreesPerSecond(double degrees_per_second) {
  const double turn = 4.733 * std::sqrt(std::abs(degrees_per_second) * 60);
  return static_cast<std::int32_t>(std::lround(std::copysign(std::fmin(turn, kTurnBound), degrees_per_second)));
}

}  // namespace entente::ais
