// SPDX-License-Identifier: Apache-2.0
#pragma once

// The messages of a stream in its order, from one on, and each new one when it comes. Reads through a consumer of its own that asks
// for nothing to be acknowledged; when a message is missing, the servers fall silent or the connection was another, it begins
// a new consumer where it stands. Single-threaded; the link outlives it.

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

  StreamSource(const NatsLink& link, std::string stream, std::uint64_t next)
      : link_(link), stream_(std::move(stream)), next_(next) {}

  ~StreamSource();
  StreamSource(const StreamSource&) = delete;
  StreamSource& operator=(const StreamSource&) = delete;

  // std::nullopt: nothing came in that time, or the servers cannot be reached now. kDataLoss: messages of the stream are gone.
  Result<std::optional<Message>> Next(std::chrono::milliseconds at_most);
  [[nodiscard]] std::uint64_t next() const { return next_; }

 private:
  using Time = std::chrono::steady_clock::time_point;

  void Begin();
  void BeginAgain();
  // The library's reading thread may be at a message for a subscription while it is destroyed (nats.c issue 637, in Debian's
  // version): so that it is only unsubscribed, and freed when that thread has answered a ping since.
  void Retire();
  bool FreeRetired();
  void Answer(natsMsg& control);
  Result<std::optional<Message>> Take(natsMsg& message);

  const NatsLink& link_;
  const std::string stream_;
  std::uint64_t next_;
  NatsOwned<natsSubscription> subscription_;
  NatsOwned<natsSubscription> retired_;  // there is no new one before it is freed
  std::uint64_t reconnections_ = 0;      // when the consumer was made
  Time heard_;                           // from it, or made
  Time not_before_;                      // the next attempt to make one
  bool fresh_ = false;                   // nothing came through this consumer yet
};

}  // namespace entente::record
