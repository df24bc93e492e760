// SPDX-License-Identifier: Apache-2.0
#pragma once

// Appends bit fields, most significant bit first; the last octet is padded with zero bits.

#include <utility>

#include "base/bytes.h"
#include "base/invariant.h"

namespace entente {

class BitWriter {
 public:
  [[nodiscard]] std::size_t size_bits() const { return size_bits_; }
  [[nodiscard]] ByteView view() const { return octets_; }
  Bytes Release() && { return std::move(octets_); }

  // The low `width` bits of `value`; 1 to 64.
  void Unsigned(std::uint64_t value, unsigned width) {
    ENTENTE_INVARIANT(width >= 1 && width <= 64);
    for (unsigned left = width; left > 0;) {
      if (size_bits_ % 8 == 0) octets_.push_back(0);
      const unsigned room = 8 - static_cast<unsigned>(size_bits_ % 8);
      const unsigned put = left < room ? left : room;
      const std::uint64_t bits = value >> (left - put) & ((std::uint64_t{1} << put) - 1);
      octets_.back() = static_cast<std::uint8_t>(octets_.back() | bits << (room - put));
      size_bits_ += put;
      left -= put;
    }
  }
  void Signed(std::int64_t value, unsigned width) { Unsigned(static_cast<std::uint64_t>(value), width); }
  void Flag(bool value) { Unsigned(value ? 1 : 0, 1); }

 private:
  Bytes octets_;
  std::size_t size_bits_ = 0;
};

}  // namespace entente
