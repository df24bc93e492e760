// SPDX-License-Identifier: Apache-2.0
#pragma once

// What one writer has appended and has not yet read back from the stream, in order. Up to `in_flight` frames are on their way at
// once. JetStream's acknowledgement says where a frame was stored, but not that it counts: a frame that overtook one that was lost
// does not, and a change of leader may take back what was acknowledged. What is read back is what every reader sees: a frame is
// confirmed when it was read in its place in the chain, and sent again when it was not read where it should be, or when nothing is
// known of it. What is stored twice counts once (chain_book.h). Sans-I/O; not thread-safe.

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
    SharedBytes octets;
  };

  // Frame `number` is the one behind the last: 1, 2, …
  void Put(SharedBytes octets, OnDurable on_durable);
  // The next frame to publish, at most once until it is to be sent again; std::nullopt: nothing to do, or too many under way.
  std::optional<Sending> NextToSend();
  // JetStream says that the frame is message `sequence` of the stream.
  void Stored(std::uint64_t number, std::uint64_t sequence);
  // The stream was read up to its message `sequence`, and `counted` frames of this chain counted. Gives what is confirmed by it, to
  // be called.
  std::vector<OnDurable> Read(std::uint64_t counted, std::uint64_t sequence);
  // Nothing that is under way can be relied on.
  void SendAgain() { next_ = 0; }
  // Not even what JetStream says that it stored.
  void SendAnew();
  // Gives up what is not confirmed.
  std::vector<OnDurable> Abandon();

  [[nodiscard]] bool empty() const { return frames_.empty(); }
  [[nodiscard]] std::size_t octets() const { return octets_; }  // unconfirmed
  [[nodiscard]] std::uint64_t put() const { return first_number_ + frames_.size() - 1; }
  [[nodiscard]] std::uint64_t confirmed() const { return first_number_ - 1; }

 private:
  struct Frame {
    SharedBytes octets;
    OnDurable on_durable;
    std::uint64_t sequence = 0;  // 0: not known to be stored
  };

  void ForgetWhatWasPassed();

  const std::size_t in_flight_;
  std::deque<Frame> frames_;
  std::uint64_t first_number_ = 1;  // of frames_.front()
  std::size_t next_ = 0;            // in frames_: the next to send
  std::size_t octets_ = 0;
  std::uint64_t read_ = 0;  // messages of the stream
};

}  // namespace entente::record
