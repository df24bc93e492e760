// SPDX-License-Identifier: Apache-2.0
#pragma once

// The messages of a replicated stream in its order, each once two of the servers' copies of it agree. A server that is started
// again after it was killed as the stream's leader may put into its copy what the others never agreed to, in the place of what they
// did (2.9.10 does), and calls it current from then on; nothing in one copy shows it. What the servers decided is in most of the
// copies. Two are read, each by a thread of its own, and a third when they differ or one is silent. A stream without replicas has
// one copy, which is believed. Used by one thread; the link outlives it.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "broker/record/jetstream/stream_source.h"

namespace entente::record {

class AgreedSource {
 public:
  using Message = StreamSource::Message;
  // Of one copy, read and not agreed to yet; more: it waits.
  static constexpr std::size_t kAhead = 256;

  // From message `next` on; `copies`: as many as the stream has replicas.
  AgreedSource(const NatsLink& link, std::string stream, std::uint64_t next, int copies);
  ~AgreedSource();
  AgreedSource(const AgreedSource&) = delete;
  AgreedSource& operator=(const AgreedSource&) = delete;

  // std::nullopt: no two copies have had it in that time. kDataLoss: see StreamSource; or all copies differ.
  Result<std::optional<Message>> Next(std::chrono::milliseconds at_most);

 private:
  using Lock = std::unique_lock<std::mutex>;
  using Time = std::chrono::steady_clock::time_point;
  // One copy.
  struct Voice {
    std::string server = {};  // whose; empty: not known yet
    bool moves = false;       // to another server, where it reads again what was not agreed to
    std::deque<Message> read = {};
    std::optional<Error> failure = {};  // it reads no more
    std::thread thread = {};
  };

  void AddVoice();
  void Read(Voice& voice);
  void ReadFromOneServer(Voice& voice);
  bool MayRead(Voice& voice, const std::string& server);
  void StepOver();
  // What two copies have for the next message.
  std::optional<Message> TakeAgreed();
  // A third opinion is wanted.
  [[nodiscard]] bool InDoubt() const;
  [[nodiscard]] std::optional<Error> Failure() const;

  const NatsLink& link_;
  const std::string stream_;
  const std::size_t copies_;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::condition_variable heard_;
  std::condition_variable room_;
  std::uint64_t next_;
  Time agreed_;               // when, last
  std::deque<Voice> voices_;  // addresses stay
};

}  // namespace entente::record
