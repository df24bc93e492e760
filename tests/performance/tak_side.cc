// SPDX-License-Identifier: Apache-2.0
// Both ends as TAK clients: CoT events on a TCP stream, through the gateway. A callsign carries the sequence.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>

#include "tests/performance/load_side.h"

namespace entente::performance {
namespace {

constexpr std::string_view kMark = "callsign=\"S";
constexpr std::size_t kSequenceDigits = 12;
constexpr std::size_t kFlushOctets = 32 * 1024;
constexpr int kPollMs = 20;

class Stream {
 public:
  explicit Stream(const std::string& endpoint) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const std::size_t colon = endpoint.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(endpoint.c_str() + colon + 1)));
    inet_pton(AF_INET, endpoint.substr(0, colon).c_str(), &address.sin_addr);
    if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      fmt::print(stderr, "bus_load: cannot connect to {}\n", endpoint);
      std::exit(1);
    }
  }
  ~Stream() { close(fd_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void Write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(fd_, text.data(), text.size());
      if (written <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  // Empty: nothing came for a moment.
  std::string_view Read() {
    pollfd waiting{fd_, POLLIN, 0};
    if (poll(&waiting, 1, kPollMs) <= 0) return {};
    const ssize_t got = ::read(fd_, block_.data(), block_.size());
    return {block_.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
  }

 private:
  int fd_;
  std::array<char, 256 * 1024> block_{};
};

// What a tablet says of its own position; a metre further each time.
std::string Event(std::uint64_t sequence) {
  constexpr std::string_view kEvent =
      R"(<event version="2.0" uid="ANDROID-0123456789abcdef" type="a-f-G-U-C-I" how="m-g" time="2026-06-01T10:15:30.250Z" )"
      R"(start="2026-06-01T10:15:30.250Z" stale="2036-06-01T10:21:45.250Z"><point lat="{:.6f}" lon="9.9135791" hae="47.5" ce="4.2" )"
      R"(le="9999999.0"/><detail><contact callsign="S{:0{}}"/><__group role="Team Member" name="Cyan"/><status battery="81"/>)"
      R"(<track course="114.66" speed="1.25"/></detail></event>)";
  const double latitude = 50.0 + static_cast<double>(sequence % 100'000) * 1e-5;
  return fmt::format(kEvent, latitude, sequence, kSequenceDigits);
}

class TakSender final : public Sender {
 public:
  explicit TakSender(const BusAddress& address) : stream_(address.endpoint) {}

  bool Send(std::uint64_t sequence, ByteView) override {
    pending_ += Event(sequence);
    if (pending_.size() >= kFlushOctets) Flush();
    return true;
  }
  void Flush() override {
    stream_.Write(pending_);
    pending_.clear();
  }
  void Drain() override { Flush(); }

 private:
  Stream stream_;
  std::string pending_;
};

}  // namespace

std::unique_ptr<Sender> ConnectTakSender(const BusAddress& address) {
  return std::make_unique<TakSender>(address);
}

void ReceiveAsTak(const BusAddress& address, Board& board, Receiver& receiver) {
  Stream stream(address.endpoint);
  receiver.Ready();
  std::string text;
  while (board.stop.Get() < 2) {
    text += stream.Read();
    std::size_t done = 0;
    for (std::size_t at = text.find(kMark); at != std::string::npos; at = text.find(kMark, done)) {
      const std::size_t digits = at + kMark.size();
      if (digits + kSequenceDigits > text.size()) break;
      std::uint64_t sequence = 0;
      std::from_chars(text.data() + digits, text.data() + digits + kSequenceDigits, sequence);
      receiver.OnSequence(sequence);
      done = digits + kSequenceDigits;
    }
    // What cannot be the beginning of a mark any more is read.
    const std::size_t kept =
        text.size() - done > kMark.size() + kSequenceDigits ? kMark.size() + kSequenceDigits : text.size() - done;
    text.erase(0, text.size() - kept);
  }
}

}  // namespace entente::performance
