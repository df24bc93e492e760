// SPDX-License-Identifier: Apache-2.0
#pragma once

// The messages of one server's copy of a stream, in its order, from one on, and each new one when it comes. Reads through a
// consumer of its own that asks for nothing to be acknowledged; when a message is missing, the servers fall silent or the
// connection was another, it begins a new consumer where it stands. A message may be missing whenever the servers' routes to each
// other change, the last one, too: then it is the servers' heartbeat that names a message which never came. A consumer lives on one
// server and reads what that one has, and only the leader of all of JetStream makes one; so when nothing came for a while, or there
// is no consumer, the stream's own leader is asked whether it has more. Single-threaded; the link outlives it.

#include <functional>
#include <optional>

#include "base/bytes.h"
#include "broker/record/jetstream/nats_link.h"

namespace entente::record {

class StreamSource {
 public:
  struct Message {
    std::uint64_t sequence = 0;  // in the stream, from 1
    std::string subject;
    Bytes octets;
  };

  // Read from the connection and not yet taken; what comes beyond is thrown away, missed, and asked for again.
  static constexpr int kWaiting = 64 * 1024;

  // May it be the copy of the server of this name? Asked for each consumer that was made.
  using Placement = std::function<bool(const std::string& server)>;

  // Without a placement: any copy, the leader's where there is no consumer.
  StreamSource(const NatsLink& link, std::string stream, std::uint64_t next, Placement placement = {})
      : link_(link),
        stream_(std::move(stream)),
        placement_(std::move(placement)),
        next_(next),
        looked_(std::chrono::steady_clock::now()) {}

  ~StreamSource();
  StreamSource(const StreamSource&) = delete;
  StreamSource& operator=(const StreamSource&) = delete;

  // std::nullopt: nothing came in that time, or the servers cannot be reached now. kDataLoss: messages of the stream are gone.
  Result<std::optional<Message>> Next(std::chrono::milliseconds at_most);
  [[nodiscard]] std::uint64_t next() const { return next_; }

 private:
  using Time = std::chrono::steady_clock::time_point;

  void Begin();
  bool Make();
  void BeginAgain();
  // What the stream's leader has where the consumer has nothing, when it is time to look.
  std::optional<Message> Look();
  // The library's reading thread may be at a message for a subscription while it is destroyed (nats.c issue 637, in Debian's
  // version): so that it is only unsubscribed, and freed when that thread has answered a ping since.
  void Retire();
  bool FreeRetired();
  void OnControl(natsMsg& control);
  // From the stream's leader, past the consumer; std::nullopt: it has none, or does not answer.
  [[nodiscard]] std::optional<Message> Fetch(std::uint64_t sequence) const;
  // The stream's leader has the later message, and the earlier not any more. One that was just elected may have neither yet.
  [[nodiscard]] bool IsGone(std::uint64_t sequence, std::uint64_t later) const;
  Result<std::optional<Message>> Take(natsMsg& message);

  const NatsLink& link_;
  const std::string stream_;
  const Placement placement_;
  std::uint64_t next_;
  NatsOwned<natsSubscription> subscription_;
  NatsOwned<natsSubscription> retired_;  // there is no new one before it is freed
  std::string consumer_;                 // whose messages the subscription is for
  std::uint64_t reconnections_ = 0;      // when the consumer was made
  Time heard_;                           // from it, or made
  Time looked_;                          // when a message came last, or its leader was asked
  Time not_before_;                      // the next attempt to make one
  int failures_ = 0;                     // to make one, in a row
};

}  // namespace entente::record
