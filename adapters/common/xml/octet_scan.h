// SPDX-License-Identifier: Apache-2.0
#pragma once

// Looks for the first octet of some kind, sixteen at a time. The kind is a generic lambda over one octet or a vector of them, made
// of comparisons joined by & and |; GCC and Clang turn it into the machine's vector instructions where it has them.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace entente::xml {

using Octet = signed char;  // above 0x7F: negative

// In [at, end); `end` when there is none.
template <typename Kind>
inline const char* FindOctet(const char* at, const char* end, Kind kind) {
  constexpr std::size_t kWidth = 16;
  using Block [[gnu::vector_size(kWidth)]] = Octet;
  for (; static_cast<std::size_t>(end - at) >= kWidth; at += kWidth) {
    Block block;
    std::memcpy(&block, at, kWidth);
    const Block found = kind(block);  // all bits set where it is of the kind
    std::array<std::uint64_t, 2> words;
    std::memcpy(&words, &found, kWidth);
    if ((words[0] | words[1]) == 0) continue;
    const std::uint64_t word = words[0] != 0 ? words[0] : words[1];
    const int bits = std::endian::native == std::endian::little ? std::countr_zero(word) : std::countl_zero(word);
    return at + (words[0] != 0 ? 0 : kWidth / 2) + bits / 8;
  }
  while (at != end && !kind(static_cast<Octet>(*at))) ++at;
  return at;
}

}  // namespace entente::xml
