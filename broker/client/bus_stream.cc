// SPDX-License-Identifier: Apache-2.0
#include "broker/client/bus_stream.h"

#include <algorithm>
#include <utility>

#include "broker/client/bus_wire.h"

namespace entente::broker {
namespace {

// Octets handed to the wire and not written yet, past which FLASH would wait too long behind them.
constexpr std::size_t kOctetsAhead = 64 * 1024;

}  // namespace

// Lives on the owner's thread; a thread of the wire's holds weak references, which only functions run by the executor lock.
class BusStream::Impl : public std::enable_shared_from_this<BusStream::Impl> {
 public:
  Impl(BusStreamConfig config, BusClient& client, const Clock& clock, Executor executor)
      : config_(std::move(config)), client_(client), clock_(clock), executor_(std::move(executor)) {}

  void Start() {
    if (wire_ != nullptr) return;
    wire_ = executor_ ? std::make_unique<BusWire>(config_.endpoint, config_.credentials, BusWire::Polled::kByItself,
                                                  std::make_unique<Relayed>(weak_from_this(), executor_))
                      : std::make_unique<BusWire>(config_.endpoint, config_.credentials, BusWire::Polled::kByOwner,
                                                  std::make_unique<Direct>(*this));
    wire_->Open(Duration::zero(), {}, HostAt(0));
  }

  // One frame is in flight, and full ones wait behind it; what would make a small frame waits for company.
  void Flush() {
    if (wire_ == nullptr || !open_) return;
    for (;;) {
      const BusWire::Ahead ahead = wire_->ahead();
      if (ahead.frames > 0 && (ahead.octets >= kOctetsAhead || !client_.FullFrameWaits())) return;
      const Now now = clock_.Read();
      std::optional<Bytes> frame = client_.NextFrame(now);
      if (!frame) {
        if (const auto deadline = client_.NextDeadline()) wire_->RemindIn(*deadline - now.instant);
        return;
      }
      wire_->Write(std::move(*frame));
    }
  }

  void Poll(Duration at_most) {
    if (wire_ != nullptr) wire_->Poll(at_most);
  }

  void Stop() {
    if (wire_ == nullptr) return;
    wire_.reset();
    Close("stopped");
  }

 private:
  // Carries what happened on the wire to the owner's thread.
  class Relayed final : public BusWire::Listener {
   public:
    Relayed(std::weak_ptr<Impl> impl, Executor executor) : impl_(std::move(impl)), executor_(std::move(executor)) {}
    void OnOpen() override {
      Tell([](Impl& impl) { impl.OnOpen(); });
    }
    void OnFrame(Bytes frame) override {
      Tell([octets = std::move(frame)](Impl& impl) { impl.OnFrame(octets); });
    }
    void OnWritten() override {
      Tell([](Impl& impl) { impl.OnWritten(); });
    }
    void OnReminded() override {
      Tell([](Impl& impl) { impl.Flush(); });
    }
    void OnClosed(std::string reason) override {
      Tell([text = std::move(reason)](Impl& impl) { impl.OnClosed(text); });
    }

   private:
    template <typename What>
    void Tell(What what) {
      executor_([impl = impl_, what = std::move(what)] {
        const auto alive = impl.lock();
        if (alive != nullptr && alive->wire_ != nullptr) what(*alive);
      });
    }
    std::weak_ptr<Impl> impl_;
    Executor executor_;
  };

  // What happens on the wire when the owner polls it.
  class Direct final : public BusWire::Listener {
   public:
    explicit Direct(Impl& impl) : impl_(impl) {}
    void OnOpen() override { impl_.OnOpen(); }
    void OnFrame(Bytes frame) override { impl_.OnFrame(frame); }
    void OnWritten() override { impl_.OnWritten(); }
    void OnReminded() override { impl_.Flush(); }
    void OnClosed(std::string reason) override { impl_.OnClosed(reason); }

   private:
    Impl& impl_;
  };

  void OnOpen() {
    open_ = true;
    client_.OnConnected(clock_.Read());
    Flush();
  }

  void OnFrame(const Bytes& frame) {
    if (!open_) return;
    if (const Status taken = client_.OnFrame(frame, clock_.Read()); !taken) {
      const std::string text = taken.error().Text();
      wire_->Cancel();
      return Close(text);
    }
    if (client_.welcomed()) attempts_ = 0;
    Flush();
  }

  void OnWritten() { Flush(); }

  void OnClosed(const std::string& reason) {
    Close(reason);
    if (config_.on_closed) config_.on_closed(reason);
    if (config_.backoff.empty()) return;
    const std::size_t brokers = 1 + config_.others.size();
    at_ = (at_ + 1) % brokers;
    // Each round over the brokers waits once.
    const std::size_t round = attempts_++ / brokers;
    const bool waits = attempts_ % brokers == 0;
    const Duration after = waits ? config_.backoff[std::min(round, config_.backoff.size() - 1)] : Duration::zero();
    wire_->Open(after, at_ == 0 ? config_.endpoint : config_.others[at_ - 1], HostAt(at_));
  }

  [[nodiscard]] std::string HostAt(std::size_t at) const { return at < config_.hosts.size() ? config_.hosts[at] : std::string(); }

  void Close(std::string_view reason) {
    if (std::exchange(open_, false)) client_.OnDisconnected(reason, clock_.Read());
  }

  const BusStreamConfig config_;
  BusClient& client_;
  const Clock& clock_;
  const Executor executor_;
  std::unique_ptr<BusWire> wire_;
  bool open_ = false;
  std::size_t attempts_ = 0;  // since the last welcome
  std::size_t at_ = 0;        // which broker
};

BusStream::BusStream(BusStreamConfig config, BusClient& client, const Clock& clock, Executor executor)
    : impl_(std::make_shared<Impl>(std::move(config), client, clock, std::move(executor))) {}

BusStream::BusStream(BusStreamConfig config, BusClient& client, const Clock& clock)
    : BusStream(std::move(config), client, clock, nullptr) {}

BusStream::~BusStream() {
  impl_->Stop();
}

void BusStream::Start() {
  impl_->Start();
}
void BusStream::Flush() {
  impl_->Flush();
}
void BusStream::Poll(Duration at_most) {
  impl_->Poll(at_most);
}
void BusStream::Stop() {
  impl_->Stop();
}

}  // namespace entente::broker
