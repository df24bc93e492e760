// SPDX-License-Identifier: Apache-2.0
#pragma once

// Follows a stream message by message and proves that it is what its writers wrote: nothing missing, altered, moved, or from
// somebody else. Every reader of a record on JetStream goes through it. Pure; not thread-safe.

#include "broker/record/jetstream/chain_book.h"
#include "broker/record/jetstream/stream_source.h"

namespace entente::record {

class StreamVerifier {
 public:
  // `where` names the stream for people.
  explicit StreamVerifier(std::string stream, std::string where) : stream_(std::move(stream)), where_(std::move(where)) {}

  struct Taken {
    Placing placing = Placing::kCounts;
    std::string writer;
  };
  // Messages in the order of the stream, from its first. kDataLoss names the message and what is wrong; nothing behind it is taken.
  Result<Taken> Take(const StreamSource::Message& message);

  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  [[nodiscard]] const ChainBook& book() const { return book_; }

 private:
  const std::string stream_;
  const std::string where_;
  ChainBook book_;
  std::uint64_t messages_ = 0;
};

}  // namespace entente::record
