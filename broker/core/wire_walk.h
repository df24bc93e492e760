// SPDX-License-Identifier: Apache-2.0
#pragma once

// A sticky walk over the fields of a protobuf message: https://protobuf.dev/programming-guides/encoding/. Bounded by its view;
// groups (wire types 3 and 4, long deprecated) are not framing that we accept. After the first fault Next gives false and ok() is
// false.

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace entente::broker {

enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };

struct WireField {
  std::uint32_t number = 0;
  WireType type = WireType::kVarint;
  std::uint64_t value = 0;  // of varint and fixed types
  ByteView payload;         // of kLength
};

class WireWalk {
 public:
  explicit WireWalk(ByteView message) : begin_(message.data()), at_(begin_), end_(begin_ + message.size()) {}

  [[nodiscard]] bool ok() const { return ok_; }
  // Of the next field; after a fault, of the field that is at fault.
  [[nodiscard]] std::size_t offset() const { return static_cast<std::size_t>(field_ - begin_); }
  [[nodiscard]] const std::uint8_t* position() const { return at_; }

  bool Next(WireField& field) {
    field_ = at_;
    if (at_ == end_ || !ok_) return false;
    std::uint64_t tag = 0;
    if (!Varint(tag) || tag > 0xFFFFFFFFU || (tag >> 3) == 0) return Break();
    field.number = static_cast<std::uint32_t>(tag >> 3);
    field.type = static_cast<WireType>(tag & 7);
    if (!Value(field)) return Break();
    return true;
  }

 private:
  bool Value(WireField& field) {
    switch (field.type) {
      case WireType::kVarint:
        return Varint(field.value);
      case WireType::kFixed64:
        return Fixed<std::uint64_t>(field.value);
      case WireType::kFixed32:
        return Fixed<std::uint32_t>(field.value);
      case WireType::kLength: {
        std::uint64_t length = 0;
        if (!Varint(length) || length > Remaining()) return false;
        field.payload = {at_, static_cast<std::size_t>(length)};
        at_ += length;
        return true;
      }
    }
    return false;
  }
  bool Varint(std::uint64_t& value) {
    if (at_ != end_ && *at_ < 0x80) {
      value = *at_++;
      return true;
    }
    std::uint64_t read = 0;
    for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const std::uint8_t octet = *at_++;
      if (shift == 63 && octet > 1) return false;  // more than 64 bits
      read |= static_cast<std::uint64_t>(octet & 0x7F) << shift;
      if (octet < 0x80) {
        value = read;
        return true;
      }
    }
    return false;
  }
  // Little-endian on the wire, as on every machine that we build for.
  template <typename T>
  bool Fixed(std::uint64_t& value) {
    static_assert(std::endian::native == std::endian::little);
    if (Remaining() < sizeof(T)) return false;
    T read;
    std::memcpy(&read, at_, sizeof(T));
    at_ += sizeof(T);
    value = read;
    return true;
  }
  [[nodiscard]] std::size_t Remaining() const { return static_cast<std::size_t>(end_ - at_); }
  bool Break() {
    ok_ = false;
    return false;
  }

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* field_ = begin_;
  const std::uint8_t* end_;
  bool ok_ = true;
};

}  // namespace entente::broker
