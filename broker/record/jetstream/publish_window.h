// SPDX-License-Identifier: Apache-2.0
#pragma once

// What one writer has appended and JetStream has not yet confirmed, in order. Up to `in_flight` frames are on their way at once; a
// frame is confirmed when it is stored behind the frame before it. After a failure everything from the first unconfirmed frame
// on is sent again, under the same message id, so that JetStream stores nothing twice that it has; a frame that was stored too
// early (its predecessor was lost) is sent again under another id. Sans-I/O; not thread-safe.

#include <deque>
#include <optional>

#include "base/bytes.h"
#include "broker/record/record.h"

namespace entente::record {

class PublishWindow {
 public:
  explicit PublishWindow(std::size_t in_flight) : in_flight_(in_flight) {}

  struct Sending {
    std::uint64_t number = 0;
    std::uint32_t attempt = 0;  // distinguishes message ids
    SharedBytes octets;
  };

  // Frame `number` is the one behind the last: 1, 2, …
  void Put(SharedBytes octets, OnDurable on_durable);
  // The next frame to publish, at most once until SendAgain; std::nullopt: nothing to do, or too many under way.
  std::optional<Sending> NextToSend();
  // Stored as message `sequence` of the stream. Gives what is confirmed by it, to be called.
  std::vector<OnDurable> Stored(std::uint64_t number, std::uint64_t sequence);
  // Nothing that is under way can be relied on.
  void SendAgain() { next_ = 0; }
  // Gives up what is not confirmed.
  std::vector<OnDurable> Abandon();

  [[nodiscard]] bool empty() const { return frames_.empty(); }
  [[nodiscard]] std::size_t octets() const { return octets_; }  // unconfirmed
  [[nodiscard]] std::uint64_t put() const { return first_number_ + frames_.size() - 1; }
  [[nodiscard]] std::uint64_t confirmed() const { return first_number_ - 1; }
  // Where the last confirmed frame stands in the stream; 0: none is.
  [[nodiscard]] std::uint64_t confirmed_sequence() const { return confirmed_sequence_; }

 private:
  struct Frame {
    SharedBytes octets;
    OnDurable on_durable;
    std::uint32_t attempt = 0;
    std::uint64_t sequence = 0;  // 0: not known to be stored
  };

  void StoreAnew();

  const std::size_t in_flight_;
  std::deque<Frame> frames_;
  std::uint64_t first_number_ = 1;  // of frames_.front()
  std::size_t next_ = 0;            // in frames_: the next to send
  std::size_t octets_ = 0;
  std::uint64_t confirmed_sequence_ = 0;
};

}  // namespace entente::record
