// SPDX-License-Identifier: Apache-2.0
#pragma once

// The way from every writer to the record, the fold and the projection: events are taken in order from any thread, and committed as
// one frame at a time. What the run claims is derived from what passed here and from nothing else.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "broker/record/event_batch.h"
#include "broker/record/record.h"
#include "harness/assessment/fold.h"
#include "proto/event_sink.h"

namespace entente::harness {

// Whether figures are counted while the record grows. A broker of its own leaves that to whoever reads its record.
enum class Folding { kLive, kLater };

class Recorder {
 public:
  // `record` outlives the recorder.
  explicit Recorder(record::Record& record, Folding folding = Folding::kLive, Keeping keeping = Keeping::kEverything)
      : record_(record), folding_(folding), fold_(keeping) {}
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Any thread may call the sink; it outlives nothing of this.
  EventSink SinkFor(std::string writer);
  // Signs the event.
  void Append(std::string_view writer, v1::RecordEvent& event);
  void Append(std::string_view writer, v1::RecordEvent&& event) { Append(writer, event); }
  // An event that has its writer, and its octets.
  void AppendSigned(std::string_view octets, const v1::RecordEvent& event);
  // Folding later, waits while the record is kPendingOctets behind: a load that the disk cannot take slows down here.
  void Append(std::string_view writer, const AcceptedMessage& message);
  void Append(std::string_view writer, const RoutedRun& run);
  void Append(std::string_view writer, const EgressedMessage& message);

  // The record is so far behind that what can be left out should be.
  [[nodiscard]] bool Full() const;

  // Puts what was taken since the last commit into the record, as one frame. A failure (disk full) keeps it for the next try.
  // `on_durable`: as Record::Append has it; of everything taken before the call.
  Status Commit(record::OnDurable on_durable = {});
  [[nodiscard]] record::Record& record() const { return record_; }
  // The first failure of a commit, if the last one failed too.
  [[nodiscard]] std::optional<Error> failure() const;

  // The fold as it is now, empty with Folding::kLater; the callable must be short, writers wait for it.
  template <typename Look>
  auto WithFold(Look look) const {
    const std::lock_guard lock(mutex_);
    return look(fold_);
  }

 private:
  template <typename View>
  void Add(std::string_view writer, const View& view);

  record::Record& record_;
  mutable std::mutex mutex_;
  std::mutex commit_mutex_;  // held over a whole commit, so that frames keep the order of their events
  const Folding folding_;
  std::condition_variable room_;
  record::EventBatch pending_;
  record::EventBatch committing_;  // empty between commits, but for its room
  Fold fold_;
  std::optional<Error> failure_;
};

}  // namespace entente::harness
