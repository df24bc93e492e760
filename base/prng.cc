// SPDX-License-Identifier: Apache-2.0
#include "base/prng.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "base/invariant.h"

namespace entente {
namespace {

std::uint64_t SplitMix(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = state;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
  return z ^ z >> 31;
}

constexpr std::uint64_t kFnvOffset = 0xCBF29CE484222325ULL;
constexpr std::uint64_t kFnvPrime = 0x100000001B3ULL;

void MixOctet(std::uint64_t& hash, std::uint8_t octet) {
  hash = (hash ^ octet) * kFnvPrime;
}

void MixNumber(std::uint64_t& hash, std::uint64_t number) {
  for (unsigned shift = 0; shift < 64; shift += 8) MixOctet(hash, static_cast<std::uint8_t>(number >> shift));
}

}  // namespace

Prng::Prng(std::uint64_t key) : state_{} {
  for (auto& word : state_) word = SplitMix(key);
}

Prng Prng::Derive(std::uint64_t seed, std::initializer_list<std::string_view> names, std::uint64_t number) {
  std::uint64_t hash = kFnvOffset;
  MixNumber(hash, seed);
  for (const std::string_view name : names) {
    for (const char c : name) MixOctet(hash, static_cast<std::uint8_t>(c));
    MixOctet(hash, 0xFF);
  }
  MixNumber(hash, number);
  return Prng(hash);
}

std::uint64_t Prng::Next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Prng::Uniform() {
  return static_cast<double>(Next() >> 11) * 0x1.0p-53;
}

std::uint64_t Prng::Below(std::uint64_t bound) {
  ENTENTE_INVARIANT(bound >= 1);
  const std::uint64_t threshold = (0 - bound) % bound;  // 2^64 mod bound
  for (;;) {
    const std::uint64_t value = Next();
    if (value >= threshold) return value % bound;
  }
}

double Prng::Normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - Uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * Uniform());
}

}  // namespace entente
