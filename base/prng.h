// SPDX-License-Identifier: Apache-2.0
#pragma once

// Repeatable chance. Algorithm: xoshiro256** 1.0 (Blackman and Vigna, public domain specification), its state filled by SplitMix64
// from a 64-bit key; the same numbers on every machine, compiler and library.
//
// One root seed per exercise; every use derives its own stream by name, so that adding a use moves no other's numbers:
//   Prng prng = Prng::Derive(seed, {"link DEU/brigade to-gateway", "loss#1"}, unit_number);

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace entente {

class Prng {
 public:
  explicit Prng(std::uint64_t key);

  // A stream keyed by the seed, each name in order, and a number. The names are hashed with FNV-1a 64, each closed by a 0xFF octet,
  // so that {"a","b"} and {"ab"} differ.
  static Prng Derive(std::uint64_t seed, std::initializer_list<std::string_view> names, std::uint64_t number = 0);

  std::uint64_t Next();
  // Uniform in [0, 1), 53 bits.
  double Uniform();
  // Uniform in [0, bound); bound >= 1. Unbiased (rejection).
  std::uint64_t Below(std::uint64_t bound);
  // True with the given probability in [0, 1].
  bool Chance(double probability) { return Uniform() < probability; }
  // Standard normal deviate (Box–Muller, one of the pair).
  double Normal();

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace entente
