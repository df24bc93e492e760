// SPDX-License-Identifier: Apache-2.0
#pragma once

// A sticky reader of big- or little-endian numbers: read straight through, check ok() once. After the first read past the end
// every read gives zero or an empty span and ok() stays false; failed_at() is the offset of the first read that failed.

#include <bit>
#include <concepts>
#include <cstring>

#include "base/bytes.h"

namespace entente {

class ByteReader {
 public:
  explicit ByteReader(ByteView octets) : octets_(octets) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] std::size_t failed_at() const { return failed_at_; }
  [[nodiscard]] std::size_t remaining() const { return ok_ ? octets_.size() - offset_ : 0; }

  std::uint8_t U8() { return Number<std::uint8_t, std::endian::big>(); }
  std::uint16_t U16Be() { return Number<std::uint16_t, std::endian::big>(); }
  std::uint32_t U32Be() { return Number<std::uint32_t, std::endian::big>(); }
  std::uint64_t U64Be() { return Number<std::uint64_t, std::endian::big>(); }
  std::uint16_t U16Le() { return Number<std::uint16_t, std::endian::little>(); }
  std::uint32_t U32Le() { return Number<std::uint32_t, std::endian::little>(); }
  std::uint64_t U64Le() { return Number<std::uint64_t, std::endian::little>(); }
  float F32Be() { return std::bit_cast<float>(U32Be()); }
  double F64Be() { return std::bit_cast<double>(U64Be()); }

  ByteView Take(std::size_t length) {
    if (!Has(length)) return {};
    const ByteView taken = octets_.subspan(offset_, length);
    offset_ += length;
    return taken;
  }
  void Skip(std::size_t length) { Take(length); }

  // Protobuf base-128 varint of at most ten octets.
  std::uint64_t Varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t octet = U8();
      if (!ok_) return 0;
      value |= static_cast<std::uint64_t>(octet & 0x7F) << shift;
      if ((octet & 0x80) == 0) return value;
    }
    Break();
    return 0;
  }

 private:
  bool Has(std::size_t length) {
    if (ok_ && octets_.size() - offset_ >= length) return true;
    Break();
    return false;
  }
  void Break() {
    if (ok_) failed_at_ = offset_;
    ok_ = false;
  }
  template <std::unsigned_integral T, std::endian kOrder>
  T Number() {
    if (!Has(sizeof(T))) return 0;
    T value;
    std::memcpy(&value, octets_.data() + offset_, sizeof(T));
    offset_ += sizeof(T);
    if constexpr (kOrder != std::endian::native && sizeof(T) > 1) value = Swap(value);
    return value;
  }
  static std::uint16_t Swap(std::uint16_t v) { return __builtin_bswap16(v); }
  static std::uint32_t Swap(std::uint32_t v) { return __builtin_bswap32(v); }
  static std::uint64_t Swap(std::uint64_t v) { return __builtin_bswap64(v); }

  ByteView octets_;
  std::size_t offset_ = 0;
  std::size_t failed_at_ = 0;
  bool ok_ = true;
};

}  // namespace entente
