// SPDX-License-Identifier: Apache-2.0
#pragma once

// A run: messages of one origin, incarnation and precedence, in their order, that go to the same nodes; their records lie side by
// side in one slice. Immutable and shared by the queues of all its recipients.

#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "broker/core/shared_slice.h"
#include "proto/message_id.h"

namespace entente::broker {

// Places are octets from the start of the record, the record's from the start of the run's.
struct RunEntry {
  std::uint64_t sequence = 0;
  std::int64_t stale_at_ns = 0;  // 0: never
  std::uint32_t offset = 0;
  std::uint32_t length = 0;  // of the record
  std::uint32_t object_offset = 0;
  std::uint32_t object_length = 0;
  std::uint32_t label_offset = 0;
  std::uint32_t label_length = 0;
  bool has_label = false;
  bool conflates = false;  // a track of a named object: a later one of the same object replaces it
};

struct Run {
  std::string_view origin;  // outlives the run
  std::uint64_t incarnation = 0;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  UtcTime queued_at{};
  std::int64_t first_stale_at_ns = std::numeric_limits<std::int64_t>::max();  // of the entry that is stale first
  std::vector<RunEntry> entries;
  SharedSlice records;

  [[nodiscard]] v1::MessageId IdOf(std::uint32_t entry) const {
    return ToProto({std::string(origin), incarnation, precedence, entries[entry].sequence});
  }
  [[nodiscard]] std::string_view ObjectOf(const RunEntry& entry) const {
    return AsText(records.view().subspan(entry.offset + entry.object_offset, entry.object_length));
  }
  [[nodiscard]] ByteView LabelOf(const RunEntry& entry) const {
    return records.view().subspan(entry.offset + entry.label_offset, entry.label_length);
  }
  // Octets of the records of entries [begin, end).
  [[nodiscard]] ByteView Records(std::uint32_t begin, std::uint32_t end) const {
    if (begin == end) return {};
    const std::uint32_t from = entries[begin].offset;
    return records.view().subspan(from, entries[end - 1].offset + entries[end - 1].length - from);
  }
};

}  // namespace entente::broker
