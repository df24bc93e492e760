// SPDX-License-Identifier: Apache-2.0
#pragma once

// A node on a thread of its own, attached to a broker through real gRPC; for tests. Its functions may be called from the test's
// thread.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/io/system_clock.h"
#include "broker/client/bus_stream.h"
#include "broker/core/test_envelope.h"
#include "proto/message_id.h"

namespace entente::broker::testing {

// Runs functions in order on one thread.
class OwnerThread {
 public:
  OwnerThread() : thread_([this] { Loop(); }) {}
  ~OwnerThread() {
    Post({});
    thread_.join();
  }
  void Post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
    wake_.notify_one();
  }

 private:
  void Loop() {
    while (true) {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return !work_.empty(); });
      const std::vector<std::function<void()>> work = std::exchange(work_, {});
      lock.unlock();
      for (const auto& each : work) {
        if (!each) return;
        each();
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::function<void()>> work_;
  std::thread thread_;
};

class TestNode : private BusClientSink {
 public:
  TestNode(std::string endpoint, std::string node, std::uint64_t incarnation = 7,
           std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr, std::vector<std::string> others = {})
      : node_(std::move(node)), incarnation_(incarnation) {
    owner_.Post([this, endpoint, credentials, others] {
      const BusClientConfig config{.node = node_, .incarnation = incarnation_, .subscriptions = {v1::Subscription()}};
      client_ = std::make_unique<BusClient>(config, static_cast<BusClientSink&>(*this));
      const BusStreamConfig stream{.endpoint = endpoint,
                                   .credentials = credentials,
                                   .others = others,
                                   .backoff = {std::chrono::milliseconds(5)},
                                   .on_closed = [this](const std::string& reason) { Note([&] { closed_ = reason; }); }};
      stream_ = std::make_unique<BusStream>(stream, *client_, clock_,
                                            [this](std::function<void()> work) { owner_.Post(std::move(work)); });
      stream_->Start();
    });
  }
  ~TestNode() { Stop(); }

  void Stop() {
    Run([this] { stream_.reset(); });
  }
  // Runs on the node's thread and waits for it.
  void Run(const std::function<void()>& work) {
    bool done = false;
    owner_.Post([&] {
      work();
      const std::lock_guard lock(mutex_);
      done = true;
      changed_.notify_all();
    });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return done; });
  }
  void Publish(v1::Precedence precedence, std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t sequence = first; sequence < first + count;) {
      bool taken = false;
      Run([&] {
        const v1::Envelope envelope = TestTrack(node_, incarnation_, precedence, sequence);
        taken = client_->Publish(envelope.id(), Share(Octets(envelope)));
        stream_->Flush();
      });
      if (taken) {
        ++sequence;
      } else {
        if (!Await([&] { return writable_; })) return;
        const std::lock_guard lock(mutex_);
        writable_ = false;
      }
    }
  }
  void PublishOctets(const v1::MessageId& id, Bytes octets) {
    Run([&] {
      client_->Publish(id, Share(std::move(octets)));
      stream_->Flush();
    });
  }
  void AppendEvent(const v1::RecordEvent& event) {
    Run([&] {
      client_->AppendEvent(event);
      stream_->Flush();
    });
  }
  void Leave() {
    Run([&] {
      client_->Leave("ENDEX");
      stream_->Flush();
    });
  }
  // False when it did not come true in a time that only a failure takes.
  [[nodiscard]] bool Await(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), condition);
  }
  [[nodiscard]] bool AwaitWelcome(int count = 1) {
    return Await([&] { return welcomes_ >= count; });
  }
  [[nodiscard]] bool AwaitDeliveries(std::size_t count) {
    return Await([&] { return deliveries_.size() >= count; });
  }
  [[nodiscard]] bool AwaitReceipts(std::size_t count) {
    return Await([&] { return receipts_.size() >= count; });
  }
  [[nodiscard]] bool AwaitGoodbye() {
    return Await([&] { return !goodbye_.empty(); });
  }
  template <typename T>
  [[nodiscard]] T Copy(T TestNode::* member) {
    const std::lock_guard lock(mutex_);
    return this->*member;
  }

  // Under the lock: Copy or Await.
  std::vector<std::string> deliveries_;
  std::vector<std::string> receipts_;
  std::string goodbye_;
  std::string closed_;  // why the last stream ended
  int welcomes_ = 0;
  int resumed_ = 0;
  bool writable_ = false;

 private:
  template <typename Change>
  void Note(Change change) {
    const std::lock_guard lock(mutex_);
    change();
    changed_.notify_all();
  }
  void OnWelcome(const v1::Welcome& welcome, Now) override {
    Note([&] {
      ++welcomes_;
      resumed_ += welcome.resumed() ? 1 : 0;
    });
  }
  void OnDelivery(v1::Precedence precedence, std::uint64_t delivery, ByteView octets, Now) override {
    v1::Envelope envelope;
    const bool parsed = envelope.ParseFromArray(octets.data(), static_cast<int>(octets.size()));
    client_->Acknowledge(precedence, delivery);
    Note([&] { deliveries_.push_back(parsed ? ToText(envelope.id()) : "broken envelope"); });
  }
  void OnReceipt(v1::Precedence, std::uint64_t sequence, std::string_view refused) override {
    Note([&] { receipts_.push_back(refused.empty() ? std::to_string(sequence) : std::string(refused)); });
  }
  void OnGoodbye(std::string_view reason) override {
    Note([&] { goodbye_ = reason; });
  }
  void OnWritable() override {
    Note([&] { writable_ = true; });
  }

  const std::string node_;
  const std::uint64_t incarnation_;
  const SystemClock clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<BusClient> client_;
  std::unique_ptr<BusStream> stream_;
  OwnerThread owner_;
};

}  // namespace entente::broker::testing
