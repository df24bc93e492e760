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

#ifdef __SSE2__
// A bit per octet.
inline unsigned FoundBits(OctetBlock found) {
  return static_cast<unsigned>(_mm_movemask_epi8(reinterpret_cast<__m128i>(found)));
}
inline bool AnyFound(OctetBlock found) {
  return FoundBits(found) != 0;
}
// The place of the first octet of `found` that is not zero; there is one.
inline std::size_t FirstFound(OctetBlock found) {
  return static_cast<unsigned>(std::countr_zero(FoundBits(found)));
}
#else
using BlockWords = std::array<std::uint64_t, 2>;
inline bool AnyFound(OctetBlock found) {
  const auto words = std::bit_cast<BlockWords>(found);
  return (words[0] | words[1]) != 0;
}
inline std::size_t FirstFound(OctetBlock found) {
  const auto words = std::bit_cast<BlockWords>(found);
  const auto zeros = [](std::uint64_t word) {
    return static_cast<std::size_t>(std::endian::native == std::endian::little ? std::countr_zero(word) : std::countl_zero(word));
  };
  return (words[0] != 0 ? zeros(words[0]) : 64 + zeros(words[1])) / 8;
}
#endif

inline OctetBlock LoadBlock(const char* at) {
  OctetBlock block;
  std::memcpy(&block, at, kBlockOctets);
  return block;
}

// In [at, end); `end` when there is none.
template <typename Kind>
inline const char* FindOctet(const char* at, const char* end, Kind kind) {
  for (; static_cast<std::size_t>(end - at) >= kBlockOctets; at += kBlockOctets) {
    const OctetBlock found = kind(LoadBlock(at));
    if (AnyFound(found)) return at + FirstFound(found);
  }
  while (at != end && !kind(static_cast<Octet>(*at))) ++at;
  return at;
}

// Past what holds none of the kind, in strides of four blocks: for kinds that are not expected.
template <typename Kind>
inline const char* SkipStridesWithout(const char* at, const char* end, Kind kind) {
  constexpr std::size_t kStride = 4 * kBlockOctets;
  for (; static_cast<std::size_t>(end - at) >= kStride; at += kStride) {
    if (AnyFound(kind(LoadBlock(at)) | kind(LoadBlock(at + kBlockOctets)) | kind(LoadBlock(at + 2 * kBlockOctets)) |
                 kind(LoadBlock(at + 3 * kBlockOctets)))) {
      break;
    }
  }
  return at;
}

}  // namespace entente::xml
