// SPDX-License-Identifier: Apache-2.0
#pragma once

// How every core hands what happened to the record: a callable, so that no core knows where the record is. The writer sets utc_ns
// and the event; the host sets `writer`. The event stays its writer's: who has many of one kind to say keeps one and fills it anew
// each time, so that nothing is allocated.
//
// What happens with every message of a load has a way of its own: a sink may take it as views, which costs a tenth of an event.

#include <concepts>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "entente/v1/record.pb.h"

namespace entente {

// A MessageAccepted event as views that last for the call.
struct AcceptedMessage {
  std::int64_t utc_ns = 0;
  std::string_view origin{};
  std::uint64_t incarnation = 0;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  std::uint64_t sequence = 0;
  ByteView envelope{};
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
  std::string_view origin{};
  std::uint64_t incarnation = 0;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  std::uint64_t first_sequence = 0;
  std::uint64_t count = 0;
  std::span<const RoutedNode> decisions{};
};

// A MessageEgressed event.
struct EgressedMessage {
  std::int64_t utc_ns = 0;
  std::string_view origin{};
  std::uint64_t incarnation = 0;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  std::uint64_t sequence = 0;
  std::string_view node{};
  v1::SendOutcome outcome = v1::SEND_OUTCOME_UNSPECIFIED;
  std::string_view reason{};
  std::uint64_t first_unit = 0;
  std::string_view rendering{};  // octets of a MessageEgressed with all its other fields: the same for every recipient
  // Of these, what a reader of many needs, so that it need not parse them.
  std::string_view form{};
  std::span<const std::string> unit_hashes{};
  std::span<const v1::Field> lost{};  // that the ledger says were dropped or defaulted
};

v1::RecordEvent ToEvent(const AcceptedMessage& message);
v1::RecordEvent ToEvent(const RoutedRun& run);
v1::RecordEvent ToEvent(const EgressedMessage& message);
v1::RouteDecision ToProto(const RoutedNode& decision);

class EventSink {
 public:
  // May sign the event where it is.
  using Take = std::function<void(v1::RecordEvent&)>;
  // What takes views as they are; one that is empty gets them as events like any other.
  struct Views {
    std::function<void(const AcceptedMessage&)> accepted{};
    std::function<void(const RoutedRun&)> routed{};
    std::function<void(const EgressedMessage&)> egressed{};
  };

  EventSink() = default;
  template <typename AnyTake>
    requires(std::invocable<AnyTake&, v1::RecordEvent&> && !std::same_as<std::remove_cvref_t<AnyTake>, EventSink>)
  EventSink(AnyTake take) : take_(std::move(take)) {}
  EventSink(Take take, Views views) : take_(std::move(take)), views_(std::move(views)) {}

  explicit operator bool() const { return static_cast<bool>(take_); }
  void operator()(v1::RecordEvent& event) const { take_(event); }
  void operator()(v1::RecordEvent&& event) const { take_(event); }
  void operator()(const AcceptedMessage& message) const { Tell(views_.accepted, message); }
  void operator()(const RoutedRun& run) const { Tell(views_.routed, run); }
  void operator()(const EgressedMessage& message) const { Tell(views_.egressed, message); }

 private:
  template <typename View>
  void Tell(const std::function<void(const View&)>& take, const View& view) const {
    if (take) return take(view);
    v1::RecordEvent event = ToEvent(view);
    take_(event);
  }

  Take take_;
  Views views_;
};

}  // namespace entente
