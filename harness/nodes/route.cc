// SPDX-License-Identifier: Apache-2.0
#include "harness/nodes/route.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/invariant.h"

namespace entente::harness {
namespace {

constexpr double kRadians = std::numbers::pi / 180;

// Unit vector from the earth's centre: x to 0° E, y to 90° E, z to the north pole.
using Direction = std::array<double, 3>;

Direction ToDirection(const v1::Position& position) {
  const double latitude = position.latitude_deg() * kRadians;
  const double longitude = position.longitude_deg() * kRadians;
  return {std::cos(latitude) * std::cos(longitude), std::cos(latitude) * std::sin(longitude), std::sin(latitude)};
}

double Dot(const Direction& a, const Direction& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

Direction Cross(const Direction& a, const Direction& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

double AngleBetween(const Direction& a, const Direction& b) {
  const Direction normal = Cross(a, b);
  return std::atan2(std::sqrt(Dot(normal, normal)), Dot(a, b));
}

// The direction a share of the way from a to b along their great circle.
Direction Between(const Direction& a, const Direction& b, double share) {
  const double angle = AngleBetween(a, b);
  const double weight_a = std::sin((1 - share) * angle) / std::sin(angle);
  const double weight_b = std::sin(share * angle) / std::sin(angle);
  return {weight_a * a[0] + weight_b * b[0], weight_a * a[1] + weight_b * b[1], weight_a * a[2] + weight_b * b[2]};
}

// Course over ground at `here` for one who moves along the great circle from a to b.
double CourseDegrees(const Direction& a, const Direction& b, const Direction& here) {
  const Direction ahead = Cross(Cross(a, b), here);
  const double longitude = std::atan2(here[1], here[0]);
  const double latitude = std::atan2(here[2], std::hypot(here[0], here[1]));
  const Direction east{-std::sin(longitude), std::cos(longitude), 0};
  const Direction north{-std::sin(latitude) * std::cos(longitude), -std::sin(latitude) * std::sin(longitude), std::cos(latitude)};
  const double course = std::atan2(Dot(ahead, east), Dot(ahead, north)) / kRadians;
  return course < 0 ? course + 360 : course;
}

}  // namespace

double DistanceMetres(const v1::Position& from, const v1::Position& to) {
  return AngleBetween(ToDirection(from), ToDirection(to)) * kEarthRadiusMetres;
}

Route::Route(const v1::UnitPlan& plan) : start_(plan.route(0)), speed_mps_(plan.speed_mps()), closed_(plan.closed_route()) {
  ENTENTE_INVARIANT(!plan.route().empty());
  const int points = plan.route_size();
  const int legs = closed_ ? points : points - 1;
  for (int i = 0; i < legs; ++i) {
    const v1::RoutePoint& from = plan.route(i);
    const v1::RoutePoint& to = plan.route((i + 1) % points);
    const double length = DistanceMetres(from.position(), to.position());
    if (length <= 0) continue;
    legs_.push_back({from, to, length});
    length_m_ += length;
  }
}

Placement Route::At(Duration travelled) const {
  Placement placement{start_.position().latitude_deg(), start_.position().longitude_deg(), start_.altitude_m(), 0, 0, 0};
  if (legs_.empty() || speed_mps_ <= 0) return placement;

  double along = std::fmod(ToSeconds(travelled) * speed_mps_, closed_ ? length_m_ : 2 * length_m_);
  const bool back = along > length_m_;
  if (back) along = 2 * length_m_ - along;
  auto leg = legs_.begin();
  while (along > leg->length_m && std::next(leg) != legs_.end()) along -= (leg++)->length_m;

  const double share = std::min(along / leg->length_m, 1.0);
  const Direction from = ToDirection(leg->from.position());
  const Direction to = ToDirection(leg->to.position());
  const Direction here = Between(from, to, share);
  placement.latitude_deg = std::atan2(here[2], std::hypot(here[0], here[1])) / kRadians;
  placement.longitude_deg = std::atan2(here[1], here[0]) / kRadians;
  const double climb = leg->to.altitude_m() - leg->from.altitude_m();
  placement.altitude_m = leg->from.altitude_m() + share * climb;
  placement.course_deg = back ? CourseDegrees(to, from, here) : CourseDegrees(from, to, here);
  placement.speed_mps = speed_mps_;
  placement.vertical_rate_mps = (back ? -climb : climb) * speed_mps_ / leg->length_m;
  return placement;
}

}  // namespace entente::harness
