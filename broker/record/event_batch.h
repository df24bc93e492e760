// SPDX-License-Identifier: Apache-2.0
#pragma once

// Events on their way to the record, as the octets of a frame's body from the start: `repeated RecordEvent event = 1`. One thread.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "proto/event_sink.h"

namespace entente::record {

class EventBatch {
 public:
  EventBatch() = default;
  explicit EventBatch(std::span<const v1::RecordEvent> events);

  void Add(const v1::RecordEvent& event);
  // The MessageAccepted event of this writer, octet for octet.
  void Add(const AcceptedMessage& message, std::string_view writer);
  // The MessageRouted event.
  void Add(const RoutedRun& run, std::string_view writer);
  // The MessageEgressed event.
  void Add(const EgressedMessage& message, std::string_view writer);
  // Octets of a RecordEvent, as they are.
  void AddOctets(std::string_view event);
  void Add(const EventBatch& later);
  // Keeps its room.
  void Clear();

  [[nodiscard]] bool empty() const { return events_ == 0; }
  [[nodiscard]] std::size_t events() const { return events_; }
  [[nodiscard]] ByteView octets() const { return octets_; }

 private:
  class FieldWriter;
  FieldWriter Begin(std::int64_t utc_ns, std::string_view writer, std::uint32_t tag, std::size_t length);
  std::uint8_t* Extend(std::size_t by);

  Bytes octets_;
  std::size_t events_ = 0;
};

// The octets of a RecordEvent with it.
std::string EventOctets(const EgressedMessage& message, std::string_view writer);
// The octets of the next event, with its framing, taken off the front of a batch's.
ByteView TakeEventOctets(ByteView& octets);

}  // namespace entente::record
