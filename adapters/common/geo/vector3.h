// SPDX-License-Identifier: Apache-2.0
#pragma once

// Three numbers, and a rotation as nine: just what frames and dead reckoning need. Values, header-only, no dependencies.

#include <array>
#include <cmath>

namespace entente::geo {

struct Vector3 {
  double x = 0;
  double y = 0;
  double z = 0;

  bool operator==(const Vector3&) const = default;
};

constexpr Vector3 operator+(const Vector3& a, const Vector3& b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
constexpr Vector3 operator-(const Vector3& a, const Vector3& b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
constexpr Vector3 operator*(double factor, const Vector3& v) {
  return {factor * v.x, factor * v.y, factor * v.z};
}
constexpr double Dot(const Vector3& a, const Vector3& b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
constexpr Vector3 Cross(const Vector3& a, const Vector3& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline double Norm(const Vector3& v) {
  return std::hypot(v.x, v.y, v.z);
}
inline bool IsFinite(const Vector3& v) {
  return std::isfinite(v.x) && std::isfinite(v.y) && std::isfinite(v.z);
}

// Rows are the axes of the new frame, written in the old one: `rotation * v` gives v's components along those axes.
struct Rotation {
  std::array<Vector3, 3> rows{Vector3{1, 0, 0}, Vector3{0, 1, 0}, Vector3{0, 0, 1}};

  bool operator==(const Rotation&) const = default;
};

constexpr Vector3 operator*(const Rotation& r, const Vector3& v) {
  return {Dot(r.rows[0], v), Dot(r.rows[1], v), Dot(r.rows[2], v)};
}
constexpr Rotation Transposed(const Rotation& r) {
  return {{Vector3{r.rows[0].x, r.rows[1].x, r.rows[2].x}, Vector3{r.rows[0].y, r.rows[1].y, r.rows[2].y},
           Vector3{r.rows[0].z, r.rows[1].z, r.rows[2].z}}};
}
constexpr Rotation operator*(const Rotation& a, const Rotation& b) {
  const Rotation columns = Transposed(b);
  Rotation product;
  for (std::size_t i = 0; i < 3; ++i) product.rows[i] = columns * a.rows[i];
  return product;
}

}  // namespace entente::geo
