// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/raw_connection.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "tests/loopback/loopback.h"

namespace entente::hostile {
namespace {

constexpr int kPatienceMs = 30'000;
// RFC 9113 §6.
constexpr char kData = 0x0;
constexpr char kHeaders = 0x1;
constexpr char kRstStream = 0x3;
constexpr char kSettings = 0x4;
constexpr char kEndHeaders = 0x4;
constexpr char kInitialWindowSize = 0x4;
constexpr std::size_t kFrameHeader = 9;

std::string Number(std::uint32_t value, int octets) {
  std::string text;
  for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xFF);
  return text;
}

std::string Frame(char type, char flags, std::uint32_t stream, std::string_view payload) {
  return Number(static_cast<std::uint32_t>(payload.size()), 3) + type + flags + Number(stream, 4) + std::string(payload);
}

// A literal header field without indexing, new name (RFC 7541 §6.2.2).
std::string Header(std::string_view name, std::string_view value) {
  std::string field(1, '\0');
  field += static_cast<char>(name.size());
  field += name;
  field += static_cast<char>(value.size());
  return field.append(value);
}

}  // namespace

RawConnection::RawConnection(std::uint16_t port) : connection_(loopback::Connect(port)) {
  EXPECT_GE(connection_.number(), 0) << "nobody answers at port " << port;
}

void RawConnection::OpenAttach(std::uint32_t window) {
  const std::string settings = Number(kInitialWindowSize, 2) + Number(window, 4);
  const std::string headers = Header(":method", "POST") + Header(":scheme", "http") + Header(":path", "/entente.v1.Bus/Attach") +
                              Header(":authority", "127.0.0.1") + Header("content-type", "application/grpc") +
                              Header("te", "trailers");
  EXPECT_TRUE(Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
  EXPECT_TRUE(Send(Frame(kSettings, 0, 0, settings)));
  EXPECT_TRUE(Send(Frame(kHeaders, kEndHeaders, 1, headers)));
}

bool RawConnection::Send(std::string_view octets) {
  return send(connection_.number(), octets.data(), octets.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(octets.size());
}

RawConnection::Heard RawConnection::ReadSome() {
  pollfd waiting{connection_.number(), POLLIN, 0};
  std::array<char, 4096> block{};
  if (poll(&waiting, 1, kPatienceMs) <= 0) return Heard::kNothing;
  const ssize_t got = read(connection_.number(), block.data(), block.size());
  if (got <= 0) return Heard::kClosed;
  heard_.append(block.data(), static_cast<std::size_t>(got));
  return Heard::kSomething;
}

bool RawConnection::AwaitText(std::string_view text) {
  while (heard_.find(text) == std::string::npos) {
    if (ReadSome() != Heard::kSomething) return false;
  }
  return true;
}

bool RawConnection::AwaitReset() {
  for (std::size_t at = 0;;) {
    while (heard_.size() < at + kFrameHeader) {
      const Heard heard = ReadSome();
      if (heard != Heard::kSomething) return heard == Heard::kClosed;
    }
    if (heard_[at + 3] == kRstStream && heard_[at + 8] == 1) return true;
    std::size_t length = 0;
    for (std::size_t i = 0; i < 3; ++i) length = length << 8 | static_cast<std::uint8_t>(heard_[at + i]);
    at += kFrameHeader + length;
  }
}

std::string RawConnection::Data(std::string_view payload) {
  return Frame(kData, 0, 1, payload);
}

std::string RawConnection::GrpcMessage(std::string_view message) {
  return std::string(1, '\0') + Number(static_cast<std::uint32_t>(message.size()), 4) + std::string(message);
}

}  // namespace entente::hostile
