// SPDX-License-Identifier: Apache-2.0
#pragma once

// The distributed record: one stream of NATS JetStream that several brokers append to and read (FORMAT.md). What a broker appends
// comes back to every broker in the same order, its own included, once most of the servers have it; then it is durable. Brokers and
// servers may come and go: this end sends again and reads on where it stood.
//
// A cursor's `frame` counts messages of the stream. `head` is that of this writer's chain; record_digest covers all of them as far
// as they were read. Close ends this process's part only: the stream stays.

#include <atomic>
#include <thread>

#include "broker/record/jetstream/agreed_source.h"
#include "broker/record/jetstream/jetstream_reader.h"
#include "broker/record/jetstream/publisher.h"
#include "broker/record/jetstream/stream_setup.h"
#include "broker/record/jetstream/stream_view.h"
#include "broker/record/record.h"

namespace entente::record {

struct JetStreamOptions {
  std::vector<std::string> servers;  // "nats://127.0.0.1:4222"
  StreamPlan stream;
  std::string writer;             // this broker
  std::uint64_t incarnation = 0;  // another one whenever the broker begins anew: each has a chain of its own
  PublisherLimits limits;
  std::size_t window_octets = 32UL * 1024 * 1024;    // of the log's end, in memory
  std::chrono::milliseconds reached_within{15'000};  // any of the servers: Open
  // For a leader of the stream and its acknowledgements: Open, Flush and Close. An election takes ten seconds, and one that nobody
  // wins is held again.
  std::chrono::milliseconds patience{60'000};
  bool only_read = false;  // the stream must be there, and Append is refused
};

class JetStreamLog final : public Record {
 public:
  // Errors: see EnsureStream, FindStream and NatsLink::Connect.
  static Result<std::unique_ptr<JetStreamLog>> Open(JetStreamOptions options);
  ~JetStreamLog() override;  // without waiting for what is not acknowledged

  using Record::Append;
  // A batch larger than the servers take in one message becomes several frames; an event larger than that is kInvalidArgument.
  Status Append(const EventBatch& batch, OnDurable on_durable) override;
  Status Flush() override;
  Result<std::unique_ptr<RecordReader>> Tail(Cursor from, EventFilter filter) override;
  bool AwaitMore(Cursor seen, std::chrono::milliseconds at_most) override;
  // After the last message read from the stream.
  [[nodiscard]] Cursor end() const override { return {view_.messages(), 0}; }
  [[nodiscard]] Digest head() const override;
  [[nodiscard]] Digest record_digest() const override { return view_.RecordDigest(); }
  Status Close() override;

  // The same as Tail without a filter, for who must know whose a frame is.
  std::unique_ptr<JetStreamReader> TailFrames(Cursor from);
  // The chain that this process writes; empty when it only reads.
  [[nodiscard]] const std::string& chain() const { return chain_; }
  // Of every writer, as far as the stream was read.
  [[nodiscard]] std::map<std::string, ChainBook::Chain> chains() const { return view_.chains(); }
  // Waits until everything is read that the stream's leader had when the record was opened.
  Status AwaitCaughtUp();
  // For who goes on from what there is: puts an empty frame into the stream and waits until it is read. Whatever anybody was promised
  // before stands before it, and a message that only one server claims to have is decided upon by the next one.
  Status Join();

 private:
  JetStreamLog(JetStreamOptions options, std::unique_ptr<NatsLink> link, std::uint64_t messages_at_opening);

  [[nodiscard]] Status RefuseToWrite() const;
  Result<std::vector<Bytes>> Bodies(const EventBatch& batch) const;
  void Feed();
  Status Take(StreamSource::Message& message);

  const JetStreamOptions options_;
  const std::unique_ptr<NatsLink> link_;
  const std::uint64_t messages_at_opening_;
  StreamView view_;
  std::string chain_;
  std::shared_ptr<Publisher> publisher_;  // absent: only read
  std::atomic<bool> stop_ = false;
  std::thread feeder_;
};

}  // namespace entente::record
