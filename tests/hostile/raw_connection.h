// SPDX-License-Identifier: Apache-2.0
#pragma once

// One TCP connection to a gRPC server with HTTP/2 written by hand (RFC 9113), for what no client library does: no window, frames in
// drips. Knows one stream, number 1. Blocking; half a minute of patience.

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/process/descriptor.h"

namespace entente::hostile {

class RawConnection {
 public:
  static constexpr std::uint32_t kUsualWindow = 65'535;

  explicit RawConnection(std::uint16_t port);

  // Preface, settings with this window for each stream, and the headers of a call to Bus.Attach.
  void OpenAttach(std::uint32_t window);
  [[nodiscard]] bool Send(std::string_view octets);
  // Until these characters stand in what the server sent; false when it closed, or nothing more came.
  [[nodiscard]] bool AwaitText(std::string_view text);
  // Until the server resets stream 1, or the connection.
  [[nodiscard]] bool AwaitReset();

  // A DATA frame of stream 1.
  static std::string Data(std::string_view payload);
  // Length-prefixed, as gRPC puts it into DATA.
  static std::string GrpcMessage(std::string_view message);

 private:
  enum class Heard { kSomething, kClosed, kNothing };
  Heard ReadSome();

  process::Descriptor connection_;
  std::string heard_;
};

}  // namespace entente::hostile
