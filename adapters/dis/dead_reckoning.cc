// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/dead_reckoning.h"

#include <algorithm>
#include <numbers>

namespace entente::dis {
namespace {

using geo::Rotation;
using geo::Vector3;

Vector3 Finite(const Vector32& v) {
  const Vector3 wide{v.x, v.y, v.z};
  return geo::IsFinite(wide) ? wide : Vector3{};
}

// a ww^T v + b v + c (w × v): the shape of every matrix of Annex E, applied.
Vector3 Apply(double a, double b, double c, const Vector3& w, const Vector3& v) {
  return a * geo::Dot(w, v) * w + b * v + c * geo::Cross(w, v);
}

// The body's axes after turning with body rates `w` for t seconds: rotation by |w| t about w, E.7.2.
Rotation Turned(const Rotation& axes, const Vector3& w, double t) {
  const double rate = geo::Norm(w);
  if (rate * std::abs(t) < 1e-12) return axes;
  const double angle = rate * t;
  const double a = (1 - std::cos(angle)) / (rate * rate);
  const double c = -std::sin(angle) / rate;
  // DR applied to each column of `axes`, which are the rows of its transpose.
  Rotation columns = Transposed(axes);
  for (Vector3& column : columns.rows) column = Apply(a, std::cos(angle), c, w, column);
  return Transposed(columns);
}

// Way made in the body's axes at the start: R1 v + R2 a, E.7.3. Close to no rotation the limits v t + a t²/2.
Vector3 BodyWay(const Vector3& v, const Vector3& acceleration, const Vector3& w, double t) {
  const double rate = geo::Norm(w);
  const double angle = rate * t;
  if (std::abs(angle) < 1e-4) return t * v + (t * t / 2) * acceleration + (t * t / 2) * geo::Cross(w, v);
  const double sine = std::sin(angle);
  const double cosine = std::cos(angle);
  const double rate2 = rate * rate;
  const Vector3 by_velocity = Apply((angle - sine) / (rate2 * rate), sine / rate, (1 - cosine) / rate2, w, v);
  const Vector3 by_acceleration =
      Apply((angle * angle / 2 - cosine - angle * sine + 1) / (rate2 * rate2), (cosine + angle * sine - 1) / rate2,
            (sine - angle * cosine) / (rate2 * rate), w, acceleration);
  return by_velocity + by_acceleration;
}

bool Rotates(Algorithm algorithm) {
  return algorithm == Algorithm::kRpw || algorithm == Algorithm::kRvw || algorithm == Algorithm::kRpb ||
         algorithm == Algorithm::kRvb;
}

bool Accelerates(Algorithm algorithm) {
  return algorithm == Algorithm::kRvw || algorithm == Algorithm::kFvw || algorithm == Algorithm::kRvb ||
         algorithm == Algorithm::kFvb;
}

}  // namespace

Pose PoseOf(const EntityState& state) {
  const Vector3 angles = Finite({state.orientation.psi, state.orientation.theta, state.orientation.phi});
  return {{state.location.x, state.location.y, state.location.z}, {angles.x, angles.y, angles.z}};
}

Pose DeadReckon(const EntityState& state, Duration elapsed) {
  Pose pose = PoseOf(state);
  const auto number = state.dead_reckoning.algorithm;
  if (number < Number(Algorithm::kFpw) || number > Number(Algorithm::kFvb)) return pose;
  const auto algorithm = static_cast<Algorithm>(number);
  const double t = ToSeconds(elapsed);
  const Vector3 velocity = Finite(state.velocity);
  const Vector3 acceleration = Accelerates(algorithm) ? Finite(state.dead_reckoning.acceleration) : Vector3{};
  const Vector3 rates = Rotates(algorithm) ? Finite(state.dead_reckoning.angular_velocity) : Vector3{};
  const Rotation axes = geo::BodyAxes(pose.orientation);
  if (InBodyAxes(number)) {
    pose.location = pose.location + Transposed(axes) * BodyWay(velocity, acceleration, rates, t);
  } else {
    pose.location = pose.location + t * velocity + (t * t / 2) * acceleration;
  }
  if (Rotates(algorithm)) pose.orientation = geo::AnglesOf(Turned(axes, rates, t));
  return pose;
}

double AngleBetweenDeg(const geo::Euler& a, const geo::Euler& b) {
  const Rotation first = geo::BodyAxes(a);
  const Rotation second = geo::BodyAxes(b);
  double squares = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const Vector3 difference = first.rows[i] - second.rows[i];
    squares += geo::Dot(difference, difference);
  }
  // |A - B|_F = 2 sqrt(2) sin(angle / 2).
  return 2 * std::asin(std::min(1.0, std::sqrt(squares / 8))) * 180 / std::numbers::pi;
}

}  // namespace entente::dis
