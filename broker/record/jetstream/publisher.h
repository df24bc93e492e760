// SPDX-License-Identifier: Apache-2.0
#pragma once

// One writer's end of the stream: takes frames in order, publishes them from a thread of its own, and sends again whatever
// JetStream did not acknowledge, for as long as it lives. Append never waits for the network, only for room. Thread-safe.

#include <condition_variable>
#include <mutex>
#include <thread>

#include "broker/record/jetstream/nats_link.h"
#include "broker/record/jetstream/publish_window.h"

namespace entente::record {

struct PublisherLimits {
  std::size_t in_flight = 256;                          // frames published and not yet acknowledged
  std::size_t backlog_octets = 32UL * 1024 * 1024;      // appended and not yet confirmed
  std::chrono::milliseconds acknowledged_within{2000};  // else it is sent again
};

class Publisher : public std::enable_shared_from_this<Publisher> {
 public:
  // `link` outlives it. `writer` names the chain.
  static Result<std::shared_ptr<Publisher>> Start(NatsLink& link, std::string stream, std::string writer, PublisherLimits limits);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // `bodies` become frames of the chain, next to each other; `on_durable` goes with the last. kExhausted: the servers have no room;
  // kUnavailable: they have not acknowledged for a long time, and the backlog is full. In either case nothing was taken.
  Status Append(std::vector<Bytes> bodies, OnDurable on_durable);
  // Until everything appended so far is confirmed; the failure at hand when that takes longer than `patience`.
  Status Drain(std::chrono::milliseconds patience);
  // Stops publishing; what is not confirmed never will be, and hears so.
  void Stop();

  [[nodiscard]] Digest head() const;
  [[nodiscard]] std::uint64_t confirmed_sequence() const;

 private:
  using Lock = std::unique_lock<std::mutex>;
  using Time = std::chrono::steady_clock::time_point;

  Publisher(NatsLink& link, std::string stream, std::string writer, PublisherLimits limits);

  static void OnAnswer(jsCtx* context, natsMsg* message, jsPubAck* stored, jsPubAckErr* failed, void* closure);
  void Answered(std::uint64_t number, const jsPubAck* stored, const jsPubAckErr* failed);
  void Failed(Error error);
  Status AwaitRoom(Lock& lock);
  void Run();
  void SendWhatIsDue(Lock& lock);
  natsStatus Publish(const PublishWindow::Sending& sending);

  NatsLink& link_;
  const std::string where_;
  const std::string writer_;
  const std::string subject_;
  const PublisherLimits limits_;
  NatsOwned<jsCtx> context_;
  std::unique_ptr<CallbackKey<Publisher>> key_;

  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable progress_;
  PublishWindow window_;
  Digest head_;
  std::optional<Error> failure_;    // since the last confirmation
  std::optional<Time> send_again_;  // when
  std::uint64_t reconnections_ = 0;
  bool stop_ = false;
  std::thread sender_;
};

}  // namespace entente::record
