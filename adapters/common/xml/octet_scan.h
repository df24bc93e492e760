// SPDX-License-Identifier: Apache-2.0
#pragma once

// Looks for the first octet of some kind, sixteen at a time. The kind is a generic lambda over one octet or a vector of them, made
// of comparisons joined by & and |; GCC and Clang turn it into the machine's vector instructions where it has them.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace entente::xml {

using Octet = signed char;  // above 0x7F: negative

inline constexpr std::size_t kBlockOctets = 16;
using OctetBlock [[gnu::vector_size(kBlockOctets)]] = Octet;

// The place of the first octet of `found` that is not zero; kBlockOctets when all are.
inline std::size_t FirstFound(OctetBlock found) {
#ifdef __SSE2__
  const auto mask = static_cast<unsigned>(_mm_movemask_epi8(reinterpret_cast<__m128i>(found)));
  return static_cast<std::size_t>(std::countr_zero(mask | 1U << kBlockOctets));
#else
  std::array<std::uint64_t, 2> words;
  std::memcpy(&words, &found, kBlockOctets);
  const auto zeros = [](std::uint64_t word) {
    return static_cast<std::size_t>(std::endian::native == std::endian::little ? std::countr_zero(word) : std::countl_zero(word));
  };
  return (words[0] != 0 ? zeros(words[0]) : 64 + zeros(words[1])) / 8;
#endif
}

// In [at, end); `end` when there is none.
template <typename Kind>
inline const char* FindOctet(const char* at, const char* end, Kind kind) {
  for (; static_cast<std::size_t>(end - at) >= kBlockOctets; at += kBlockOctets) {
    OctetBlock block;
    std::memcpy(&block, at, kBlockOctets);
    const std::size_t first = FirstFound(kind(block));
    if (first != kBlockOctets) return at + first;
  }
  while (at != end && !kind(static_cast<Octet>(*at))) ++at;
  return at;
}

}  // namespace entente::xml
