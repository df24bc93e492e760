// SPDX-License-Identifier: Apache-2.0
#pragma once

// A run: consecutive messages of one origin, incarnation and precedence with the same label and the same recipients, as one slice
// of records. Immutable and shared by the queues of all its recipients.

#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "broker/core/routing_header.h"
#include "broker/core/shared_slice.h"
#include "proto/event_sink.h"
#include "proto/message_id.h"

namespace entente::broker {

// Offsets are octets from the start of the run's records.
struct RunEntry {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;  // of the record
  std::uint32_t object_offset = 0;
  std::uint32_t object_length = 0;
  std::int64_t stale_at_ns = 0;
  bool conflates = false;  // a track of a named object: a later one of the same object replaces it
};

struct Run {
  std::string_view origin;  // outlives the run
  std::uint64_t incarnation = 0;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  std::uint64_t first_sequence = 0;
  UtcTime queued_at{};
  std::int64_t first_stale_at_ns = std::numeric_limits<std::int64_t>::max();  // of the entry that is stale first
  bool has_label = false;
  std::uint32_t label_offset = 0;
  std::uint32_t label_length = 0;
  std::vector<RunEntry> entries;
  SharedSlice records;

  [[nodiscard]] v1::MessageId IdOf(std::uint32_t entry) const {
    return ToProto({std::string(origin), incarnation, precedence, first_sequence + entry});
  }
  [[nodiscard]] std::string_view ObjectOf(const RunEntry& entry) const {
    return AsText(records.view().subspan(entry.object_offset, entry.object_length));
  }
  [[nodiscard]] ByteView label() const { return records.view().subspan(label_offset, label_length); }
  // Octets of the records of entries [begin, end).
  [[nodiscard]] ByteView Records(std::uint32_t begin, std::uint32_t end) const {
    if (begin == end) return {};
    const std::uint32_t from = entries[begin].offset;
    return records.view().subspan(from, entries[end - 1].offset + entries[end - 1].length - from);
  }
};

// Collects a run within one frame.
class RunBuilder {
 public:
  [[nodiscard]] bool empty() const { return run_.entries.empty(); }
  [[nodiscard]] std::size_t count() const { return run_.entries.size(); }
  // Whether the message stands right behind the run in the frame and follows it in sequence. Label and recipients are the caller's.
  [[nodiscard]] bool Continues(const RoutingHeader& header, ByteView record) const;
  void Add(const RoutingHeader& header, std::string_view stable_origin, ByteView record);
  // The event of the run, without its decisions.
  [[nodiscard]] RoutedRun Routed() const {
    return {.origin = run_.origin,
            .incarnation = run_.incarnation,
            .precedence = run_.precedence,
            .first_sequence = run_.first_sequence,
            .count = run_.entries.size(),
            .decisions = {}};
  }
  // Ends the run and starts an empty one. The slice shares the frame, unless it is so small a part of it that queues would keep the
  // frame's octets alive for little: then it is copied.
  std::shared_ptr<const Run> Share(const SharedSlice& frame, UtcTime queued_at);
  void Clear();

 private:
  Run run_;
  const std::uint8_t* begin_ = nullptr;
  const std::uint8_t* end_ = nullptr;
};

}  // namespace entente::broker
