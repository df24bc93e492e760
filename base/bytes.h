// SPDX-License-Identifier: Apache-2.0
#pragma once

// Octets: owned (Bytes), shared and immutable (SharedBytes), and borrowed (ByteView, not kept after the call).

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace entente {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using SharedBytes = std::shared_ptr<const Bytes>;

inline ByteView AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(ByteView octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}
inline Bytes ToBytes(std::string_view text) {
  return {text.begin(), text.end()};
}
inline Bytes ToBytes(ByteView octets) {
  return {octets.begin(), octets.end()};
}
inline std::string ToText(ByteView octets) {
  return std::string(AsText(octets));
}
inline SharedBytes Share(Bytes octets) {
  return std::make_shared<const Bytes>(std::move(octets));
}

// Lower-case hexadecimal without separators; FromHex returns an empty vector unless every digit pair is valid.
std::string ToHex(ByteView octets);
Bytes FromHex(std::string_view hex);

}  // namespace entente
