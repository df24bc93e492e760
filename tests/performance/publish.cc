// SPDX-License-Identifier: Apache-2.0
// The publisher's loop, the same for every bus.

#include <algorithm>
#include <thread>

#include "tests/performance/load_side.h"

namespace entente::performance {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds kNap = std::chrono::microseconds(50);
// How often the receivers' progress is looked at, in messages.
constexpr std::uint64_t kLookEvery = 64;

class Pace {
 public:
  Pace(Sender& sender, Board& board, const SendOptions& options)
      : sender_(sender), board_(board), options_(options), envelope_(options.labels) {}

  void Saturate() {
    while (!Stopped()) {
      if (sequence_ % kLookEvery == 0) AwaitReceivers();
      SendOne();
      if ((sequence_ - kFirstSequence) % options_.batch == 0) sender_.Flush();
    }
  }

  void KeepRate() {
    const double period_ns = 1e9 / options_.rate;
    const std::int64_t start = MonotonicNs();
    for (std::uint64_t due = 0; !Stopped();) {
      const std::int64_t now = MonotonicNs();
      const auto owed = static_cast<std::uint64_t>(static_cast<double>(now - start) / period_ns);
      for (; due < owed && !Stopped(); ++due) SendOne();
      sender_.Flush();
      const auto next = start + static_cast<std::int64_t>(static_cast<double>(due + 1) * period_ns);
      sender_.Wait(nanoseconds(std::max<std::int64_t>(next - MonotonicNs(), 0)));
    }
  }

  void Finish() {
    sender_.Drain();
    board_.published.store(sequence_ - kFirstSequence, std::memory_order_release);
    board_.publisher_done = 1;
    board_.progress.Increment();
  }

 private:
  [[nodiscard]] bool Stopped() const { return board_.stop.Get() != 0; }

  void SendOne() {
    while (!sender_.Send(sequence_, envelope_.Patch(sequence_, MonotonicNs()))) {
      if (Stopped()) return;
      sender_.Flush();
      sender_.Wait(kNap);
    }
    ++sequence_;
  }

  void AwaitReceivers() {
    if (options_.window == 0) return;
    while (Slowest() + options_.window < sequence_ && !Stopped()) {
      sender_.Flush();
      sender_.Wait(kNap);
    }
  }

  [[nodiscard]] std::uint64_t Slowest() const {
    std::uint64_t slowest = ~std::uint64_t{0};
    for (std::size_t i = 0; i < options_.receivers; ++i) {
      slowest = std::min(slowest, std::max(kFirstSequence, board_.receivers[i].last_sequence.load(std::memory_order_relaxed)));
    }
    return slowest;
  }

  Sender& sender_;
  Board& board_;
  const SendOptions options_;
  LoadEnvelope envelope_;
  std::uint64_t sequence_ = kFirstSequence;
};

}  // namespace

void Sender::Wait(nanoseconds at_most) {
  std::this_thread::sleep_for(at_most);
}

void Publish(Sender& sender, Board& board, const SendOptions& options) {
  board.publisher_ready = 1;
  board.progress.Increment();
  while (board.go.load(std::memory_order_acquire) == 0 && board.stop.Get() == 0) sender.Wait(std::chrono::milliseconds(1));
  Pace pace(sender, board, options);
  options.rate > 0 ? pace.KeepRate() : pace.Saturate();
  pace.Finish();
}

}  // namespace entente::performance
