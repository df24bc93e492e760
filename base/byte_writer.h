// SPDX-License-Identifier: Apache-2.0
#pragma once

// Appends numbers to a growing vector, big- or little-endian; PatchU16Be and friends repair a length written earlier.

#include <bit>
#include <concepts>
#include <utility>

#include "base/bytes.h"
#include "base/invariant.h"

namespace entente {

class ByteWriter {
 public:
  ByteWriter() = default;
  explicit ByteWriter(std::size_t reserve_octets) { octets_.reserve(reserve_octets); }

  [[nodiscard]] std::size_t size() const { return octets_.size(); }
  [[nodiscard]] ByteView view() const { return octets_; }
  Bytes Release() && { return std::move(octets_); }

  void U8(std::uint8_t v) { octets_.push_back(v); }
  void U16Be(std::uint16_t v) { Big(v); }
  void U32Be(std::uint32_t v) { Big(v); }
  void U64Be(std::uint64_t v) { Big(v); }
  void U16Le(std::uint16_t v) { Little(v); }
  void U32Le(std::uint32_t v) { Little(v); }
  void U64Le(std::uint64_t v) { Little(v); }
  void F32Be(float v) { U32Be(std::bit_cast<std::uint32_t>(v)); }
  void F64Be(double v) { U64Be(std::bit_cast<std::uint64_t>(v)); }
  void Octets(ByteView octets) { octets_.insert(octets_.end(), octets.begin(), octets.end()); }
  void Text(std::string_view text) { Octets(AsBytes(text)); }
  void Zeros(std::size_t count) { octets_.insert(octets_.end(), count, 0); }

  void Varint(std::uint64_t v) {
    while (v >= 0x80) {
      U8(static_cast<std::uint8_t>(v | 0x80));
      v >>= 7;
    }
    U8(static_cast<std::uint8_t>(v));
  }

  void PatchU16Be(std::size_t offset, std::uint16_t v) {
    ENTENTE_INVARIANT(offset + 2 <= octets_.size());
    octets_[offset] = static_cast<std::uint8_t>(v >> 8);
    octets_[offset + 1] = static_cast<std::uint8_t>(v);
  }

 private:
  template <std::unsigned_integral T>
  void Big(T v) {
    for (std::size_t i = sizeof(T); i-- > 0;) U8(static_cast<std::uint8_t>(v >> (8 * i)));
  }
  template <std::unsigned_integral T>
  void Little(T v) {
    for (std::size_t i = 0; i < sizeof(T); ++i) U8(static_cast<std::uint8_t>(v >> (8 * i)));
  }

  Bytes octets_;
};

}  // namespace entente
