// SPDX-License-Identifier: Apache-2.0
#pragma once

// How every core hands what happened to the record: a callable, so that no core knows where the record is. The writer sets utc_ns
// and the event; the host sets `writer`.
//
// What happens with every message of a load has a way of its own: a sink may take it as views, which costs a tenth of an event.

#include <concepts>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "entente/v1/record.pb.h"

namespace entente {

// A MessageAccepted event as views that last for the call.
struct AcceptedMessage {
  std::int64_t utc_ns = 0;
  std::string_view origin;
  std::uint64_t incarnation = 0;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  std::uint64_t sequence = 0;
  ByteView envelope;
};

// One decision of a MessageRouted event, and the whole, in the same way.
struct RoutedNode {
  std::string_view node;
  bool released = false;
  std::string_view reason;
  std::uint64_t first_delivery = 0;
};
struct RoutedRun {
  std::int64_t utc_ns = 0;
  std::string_view origin;
  std::uint64_t incarnation = 0;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  std::uint64_t first_sequence = 0;
  std::uint64_t count = 0;
  std::span<const RoutedNode> decisions;
};

// A MessageEgressed event.
struct EgressedMessage {
  std::int64_t utc_ns = 0;
  std::string_view origin;
  std::uint64_t incarnation = 0;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  std::uint64_t sequence = 0;
  std::string_view node;
  v1::SendOutcome outcome = v1::SEND_OUTCOME_UNSPECIFIED;
  std::string_view reason;
  std::uint64_t first_unit = 0;
  std::string_view rendering;  // octets of a MessageEgressed with all its other fields: the same for every recipient
};

v1::RecordEvent ToEvent(const AcceptedMessage& message);
v1::RecordEvent ToEvent(const RoutedRun& run);
v1::RecordEvent ToEvent(const EgressedMessage& message);
v1::RouteDecision ToProto(const RoutedNode& decision);

class EventSink {
 public:
  EventSink() = default;
  // Takes these as events like any other.
  template <typename Take>
    requires(std::invocable<Take&, v1::RecordEvent> && !std::same_as<std::remove_cvref_t<Take>, EventSink>)
  EventSink(Take take) : take_(std::move(take)) {}
  // Takes them as they are.
  EventSink(std::function<void(v1::RecordEvent)> take, std::function<void(const AcceptedMessage&)> take_accepted,
            std::function<void(const RoutedRun&)> take_routed)
      : take_(std::move(take)), take_accepted_(std::move(take_accepted)), take_routed_(std::move(take_routed)) {}

  EventSink(std::function<void(v1::RecordEvent)> take, std::function<void(const EgressedMessage&)> take_egressed)
      : take_(std::move(take)), take_egressed_(std::move(take_egressed)) {}

  explicit operator bool() const { return static_cast<bool>(take_); }
  void operator()(v1::RecordEvent event) const { take_(std::move(event)); }
  void operator()(const AcceptedMessage& message) const { take_accepted_ ? take_accepted_(message) : take_(ToEvent(message)); }
  void operator()(const RoutedRun& run) const { take_routed_ ? take_routed_(run) : take_(ToEvent(run)); }
  void operator()(const EgressedMessage& message) const { take_egressed_ ? take_egressed_(message) : take_(ToEvent(message)); }

 private:
  std::function<void(v1::RecordEvent)> take_;
  std::function<void(const AcceptedMessage&)> take_accepted_;
  std::function<void(const RoutedRun&)> take_routed_;
  std::function<void(const EgressedMessage&)> take_egressed_;
};

}  // namespace entente
