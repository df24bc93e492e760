// SPDX-License-Identifier: Apache-2.0
#pragma once

// The record of an exercise: an append-only, hash-chained log of RecordEvents. Everything that a run claims is derived from it.
// Gateways, nodes, links, broker and harness append; everyone reads by Tail. `segment_log.h` is the embedded implementation.
//
// Threads: every member may be called from any thread. Lifetime: readers outlive neither their record nor its folder.

#include <chrono>
#include <compare>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "broker/record/event_batch.h"
#include "entente/v1/record.pb.h"

namespace entente::record {

// A place in the log, between two events: the next event to be read. {} is the beginning.
struct Cursor {
  std::uint64_t frame = 0;  // frames before it
  std::uint64_t event = 0;  // events before it in that frame

  auto operator<=>(const Cursor&) const = default;
};

// What a reader wants to see. Empty sets mean any.
struct EventFilter {
  std::vector<v1::RecordEvent::EventCase> events;
  std::vector<std::string> writers;

  [[nodiscard]] bool Admits(const v1::RecordEvent& event) const;
};

struct ReadEvent {
  v1::RecordEvent event;
  Cursor next;  // where to go on after it
};

// One reader's way through the log; single-threaded.
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  // The next event that the filter admits; std::nullopt when there is no more *now*: call again when the log has grown.
  // kDataLoss names the frame that is not as it was written; the reader stays there.
  virtual Result<std::optional<ReadEvent>> Next() = 0;
  // True once the log was closed and all of it was read: there will never be more.
  [[nodiscard]] virtual bool Ended() const = 0;
  // After every event looked at, also those that the filter held back.
  [[nodiscard]] virtual Cursor cursor() const = 0;
};

// Called once, from a thread of the record: the frame is durable, or never will be.
using OnDurable = std::function<void(const Status&)>;

class Record {
 public:
  virtual ~Record() = default;

  // One call is one frame; the order of calls is the order of the log. Does not wait for the disk, but for room when the disk lags
  // far behind. kExhausted: the disk is full; nothing of this batch was taken, and it may be appended again later. An empty batch
  // appends nothing.
  // `on_durable` says when it is durable; it must not block and must not call back into the record. It is not called when Append
  // itself fails.
  virtual Status Append(const EventBatch& batch, OnDurable on_durable) = 0;
  Status Append(const EventBatch& batch) { return Append(batch, {}); }
  Status Append(std::span<const v1::RecordEvent> events, OnDurable on_durable = {}) {
    return Append(EventBatch(events), std::move(on_durable));
  }

  // Everything appended so far is durable (in a simulated run: written), and readers see it.
  virtual Status Flush() = 0;

  virtual Result<std::unique_ptr<RecordReader>> Tail(Cursor from, EventFilter filter) = 0;

  // Waits until readers may see more than `seen`, the record is closed, or the time is over; true when there is more to read.
  virtual bool AwaitMore(Cursor seen, std::chrono::milliseconds at_most) = 0;

  // After the last event appended.
  [[nodiscard]] virtual Cursor end() const = 0;
  // Hash of the last frame appended; all zeros before the first.
  [[nodiscard]] virtual Digest head() const = 0;
  // Covers every event and its place, and nothing of host, path, segment, key or wall time: two runs that append the same events in
  // the same batches have the same one.
  [[nodiscard]] virtual Digest record_digest() const = 0;

  // Flushes and writes the final checkpoint; later Appends fail. Closing twice does nothing.
  virtual Status Close() = 0;
};

// record_digest of a log of one chain: SHA-256 of "entente record 1\n", the number of frames (u64, little-endian) and the head.
Digest RecordDigest(std::uint64_t frames, const Digest& head);

}  // namespace entente::record
