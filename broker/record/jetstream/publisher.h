// SPDX-License-Identifier: Apache-2.0
#pragma once

// One writer's end of the stream: takes frames in order, publishes them from a thread of its own, and sends again whatever does not
// come back to the reader of the stream, for as long as it lives: neither an answer of the servers nor its absence is relied on,
// nor the library's own clock of it (publish_window.h). Append never waits for the network, only for room. Thread-safe.
//
// Frames have no message id, by which JetStream would store what is sent again only once. It keeps such ids beside the stream, and
// not in step with it: a server (2.9.10) that was killed and started again took frames for repeated that it did not have, and its
// copy of the stream was another from there on; newer ones may refuse for minutes what a former leader lost. The chains do the same
// by what is in the stream alone.

#include <condition_variable>
#include <mutex>
#include <thread>

#include "broker/record/jetstream/nats_link.h"
#include "broker/record/jetstream/publish_window.h"

namespace entente::record {

struct PublisherLimits {
  std::size_t in_flight = 256;                       // frames published and not yet confirmed
  std::size_t backlog_octets = 32UL * 1024 * 1024;   // appended and not yet confirmed
  std::chrono::milliseconds confirmed_within{2000};  // nothing was: what is not known to be stored is sent again, more seldom then
  int silences_to_doubt = 4;                         // so often in a row: all of it, whatever the servers say they have
};

class Publisher : public std::enable_shared_from_this<Publisher> {
 public:
  // `link` outlives it. `writer` names the chain.
  static Result<std::shared_ptr<Publisher>> Start(NatsLink& link, std::string stream, std::string writer, PublisherLimits limits);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // `bodies` become frames of the chain, next to each other; `on_durable` goes with the last. kExhausted: the servers have no room;
  // kUnavailable: nothing was confirmed for a long time, and the backlog is full. In either case nothing was taken.
  Status Append(std::vector<Bytes> bodies, OnDurable on_durable);
  // The stream was read up to its message `sequence`, and `counted` frames of this chain counted: these are confirmed.
  void Read(std::uint64_t counted, std::uint64_t sequence);
  // The stream cannot be read any further, so that nothing will be confirmed.
  void Break(Error why);
  // Until everything appended so far is confirmed; the failure at hand when that takes longer than `patience`.
  Status Drain(std::chrono::milliseconds patience);
  // Stops publishing; what is not confirmed never will be, and hears so.
  void Stop();

  [[nodiscard]] Digest head() const;

 private:
  using Lock = std::unique_lock<std::mutex>;
  using Time = std::chrono::steady_clock::time_point;

  Publisher(NatsLink& link, std::string stream, std::string writer, PublisherLimits limits);

  static void OnAnswer(jsCtx* context, natsMsg* message, jsPubAck* stored, jsPubAckErr* failed, void* closure);
  void Answered(std::uint64_t number, const jsPubAck* stored, const jsPubAckErr* failed);
  void Failed(Error error);
  void LookForSilence();
  Status AwaitRoom(Lock& lock);
  void Run();
  void SendWhatIsDue(Lock& lock);
  natsStatus Publish(const PublishWindow::Sending& sending);

  NatsLink& link_;
  const std::string where_;
  const std::string subject_;
  const PublisherLimits limits_;
  NatsOwned<jsCtx> context_;
  std::unique_ptr<CallbackKey<Publisher>> key_;

  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable progress_;
  PublishWindow window_;
  Digest head_;
  std::optional<Error> failure_;  // since the last confirmation
  std::optional<Error> broken_;
  std::optional<Time> send_again_;  // when
  Time news_;                       // the last confirmation, or the first frame, or what was made of silence
  int silences_ = 0;                // in a row
  std::uint64_t reconnections_ = 0;
  bool stop_ = false;
  std::thread sender_;
};

}  // namespace entente::record
