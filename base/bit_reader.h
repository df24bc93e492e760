// SPDX-License-Identifier: Apache-2.0
#pragma once

// A sticky reader of bit fields, most significant bit first, as AIS and other packed formats use. Same rules as ByteReader:
// a read past the end gives zero, and ok() stays false from then on.

#include "base/bytes.h"
#include "base/endian.h"
#include "base/invariant.h"

namespace entente {

class BitReader {
 public:
  // `length_bits` may be less than the octets hold (fill bits, a larger buffer); it is capped at what they hold.
  BitReader(ByteView octets, std::size_t length_bits)
      : octets_(octets), length_bits_(length_bits < octets.size() * 8 ? length_bits : octets.size() * 8) {}
  explicit BitReader(ByteView octets) : BitReader(octets, octets.size() * 8) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t offset_bits() const { return offset_bits_; }
  [[nodiscard]] std::size_t failed_at_bits() const { return failed_at_bits_; }
  [[nodiscard]] std::size_t remaining_bits() const { return ok_ ? length_bits_ - offset_bits_ : 0; }

  // `width` of 1 to 64 bits.
  std::uint64_t Unsigned(unsigned width) {
    ENTENTE_INVARIANT(width >= 1 && width <= 64);
    if (!Has(width)) return 0;
    // One load of eight octets holds every field but the widest, and those next to the end of the octets.
    if (width <= kWindowBits && octets_.size() - offset_bits_ / 8 >= sizeof(std::uint64_t)) {
      const std::uint64_t window = LoadBigEndian64(octets_.data() + offset_bits_ / 8) << offset_bits_ % 8;
      offset_bits_ += width;
      return window >> (64 - width);
    }
    return OctetByOctet(width);
  }
  // Two's complement of `width` bits.
  std::int64_t Signed(unsigned width) {
    const std::uint64_t raw = Unsigned(width);
    const std::uint64_t sign = std::uint64_t{1} << (width - 1);
    return static_cast<std::int64_t>((raw ^ sign) - sign);
  }
  bool Flag() { return Unsigned(1) != 0; }
  void Skip(std::size_t bits) {
    if (Has(bits)) offset_bits_ += bits;
  }

 private:
  static constexpr unsigned kWindowBits = 57;  // of 64, at any bit of the first octet

  std::uint64_t OctetByOctet(unsigned width) {
    std::uint64_t value = 0;
    for (unsigned left = width; left > 0;) {
      const std::uint8_t octet = octets_[offset_bits_ / 8];
      const unsigned available = 8 - static_cast<unsigned>(offset_bits_ % 8);
      const unsigned taken = left < available ? left : available;
      const std::uint8_t bits =
          static_cast<std::uint8_t>(octet >> (available - taken)) & static_cast<std::uint8_t>((1U << taken) - 1U);
      value = value << taken | bits;
      offset_bits_ += taken;
      left -= taken;
    }
    return value;
  }
  bool Has(std::size_t bits) {
    if (ok_ && length_bits_ - offset_bits_ >= bits) return true;
    if (ok_) failed_at_bits_ = offset_bits_;
    ok_ = false;
    return false;
  }

  ByteView octets_;
  std::size_t length_bits_;
  std::size_t offset_bits_ = 0;
  std::size_t failed_at_bits_ = 0;
  bool ok_ = true;
};

}  // namespace entente
