// SPDX-License-Identifier: Apache-2.0
#pragma once

// What one process has seen of a record's stream: how far it has come, which messages are frames that count, and the last of them
// in memory, so that readers at the end of the log share what was fetched once. Written by one thread, read by any.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>

#include "broker/record/jetstream/stream_verifier.h"

namespace entente::record {

class StreamView {
 public:
  // Frames kept in memory, in octets.
  StreamView(std::string stream, std::string where, std::size_t window_octets)
      : window_octets_(window_octets), verifier_(std::move(stream), std::move(where)) {}

  // The next message of the stream; its octets go, if it counts. kDataLoss: it is no frame of this record, or not as it was
  // written; nothing is visible behind it.
  Status Take(StreamSource::Message& message);
  void Damaged(const Error& error);
  // Nothing more will be taken.
  void Close();

  enum class Kind {
    kAhead,    // not seen yet
    kFrame,    // in memory
    kSkipped,  // does not count
    kOlder,    // counts, and is no longer in memory
  };
  struct Looked {
    Kind kind = Kind::kAhead;
    SharedBytes octets;  // with kFrame: the whole message
    std::string writer;  // of kFrame
    bool closed = false;
    std::optional<Error> damage;  // with kAhead: why there is no more
  };
  [[nodiscard]] Looked Look(std::uint64_t sequence) const;

  // True when more than `seen` messages were looked at.
  bool AwaitMore(std::uint64_t seen, std::chrono::milliseconds at_most) const;
  [[nodiscard]] std::uint64_t messages() const;
  // Frames of this writer's chain that count, so far.
  [[nodiscard]] std::uint64_t FramesOf(const std::string& writer) const;
  [[nodiscard]] Digest RecordDigest() const;
  [[nodiscard]] std::map<std::string, ChainBook::Chain> chains() const;
  [[nodiscard]] std::optional<Error> damage() const;

 private:
  const std::size_t window_octets_;
  mutable std::mutex mutex_;
  mutable std::condition_variable more_;
  StreamVerifier verifier_;
  std::set<std::uint64_t> skipped_;  // sequences; few
  struct Kept {
    SharedBytes octets;  // nothing: the message does not count
    std::string writer;
  };
  std::deque<Kept> window_;  // the last messages
  std::size_t held_octets_ = 0;
  std::optional<Error> damage_;
  bool closed_ = false;
};

}  // namespace entente::record
