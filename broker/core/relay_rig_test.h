// SPDX-License-Identifier: Apache-2.0
#pragma once

// A relay on a virtual clock with its events kept, and nodes that speak frames to it directly; for tests.

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "broker/core/refusal.h"
#include "broker/core/relay.h"
#include "broker/core/test_envelope.h"
#include "proto/message_id.h"

namespace entente::broker::testing {

inline constexpr std::uint64_t kIncarnation = 7;
inline constexpr v1::Precedence kRoutine = v1::PRECEDENCE_ROUTINE;
inline constexpr v1::Precedence kFlash = v1::PRECEDENCE_FLASH;

// What one or several frames brought to a node.
struct Received {
  struct Delivery {
    v1::Precedence precedence;
    std::uint64_t number;
    v1::Envelope envelope;
  };
  std::vector<Delivery> deliveries;
  std::vector<v1::Receipt> receipts;
  std::optional<v1::Welcome> welcome;
  std::optional<v1::ClockProbe> probe;
  std::string goodbye;
  int frames = 0;

  [[nodiscard]] std::vector<std::string> Texts() const {
    std::vector<std::string> ids;
    for (const Delivery& d : deliveries) ids.push_back(ToText(d.envelope.id()));
    return ids;
  }
  void Read(ByteView octets) {
    v1::BrokerFrame frame;
    ASSERT_TRUE(frame.ParseFromArray(octets.data(), static_cast<int>(octets.size())));
    ++frames;
    for (int i = 0; i < frame.envelope_size(); ++i) {
      v1::Envelope envelope;
      ASSERT_TRUE(envelope.ParseFromString(frame.envelope(i)));
      deliveries.push_back({frame.precedence(), frame.first_delivery() + static_cast<std::uint64_t>(i), envelope});
    }
    receipts.insert(receipts.end(), frame.receipt().begin(), frame.receipt().end());
    if (frame.has_welcome()) welcome = frame.welcome();
    if (frame.has_clock_probe()) probe = frame.clock_probe();
    if (frame.has_goodbye()) goodbye = frame.goodbye().reason();
  }
};

inline v1::Hello HelloOf(std::string_view node, std::uint64_t incarnation = kIncarnation) {
  v1::Hello hello;
  hello.set_version(1);
  hello.set_node(std::string(node));
  hello.set_incarnation(incarnation);
  hello.add_subscriptions();
  hello.set_credit_octets(1 << 20);
  return hello;
}

class RelayRig {
 public:
  explicit RelayRig(RelayLimits limits = {}, DeliveryMode mode = DeliveryMode::kRelay)
      : guard_(TestPolicy()), relay_({.exercise = "test", .mode = mode, .limits = limits}, guard_, [this](v1::RecordEvent event) {
          events_.push_back(std::move(event));
        }) {}

  Relay& operator*() { return relay_; }
  Relay* operator->() { return &relay_; }
  [[nodiscard]] Now now() const { return clock_.Read(); }
  VirtualClock& clock() { return clock_; }
  std::vector<v1::RecordEvent>& events() { return events_; }

  Attached Attach(const v1::Hello& hello) {
    const auto attached = relay_.Attach(hello, {}, now());
    EXPECT_TRUE(attached.has_value()) << (attached ? "" : attached.error().Text());
    return attached.value_or(Attached{});
  }
  Attached Attach(std::string_view node) { return Attach(HelloOf(node)); }

  // Durable: the record has everything.
  void RecordAll() { relay_.OnRecorded(events_.size(), now()); }

  Status Send(std::string_view node, const v1::ClientFrame& frame) {
    return relay_.OnFrame(node, SharedSlice(Octets(frame)), now());
  }
  Status Publish(std::string_view node, const std::vector<v1::Envelope>& envelopes) {
    v1::ClientFrame frame;
    for (const v1::Envelope& envelope : envelopes) frame.add_envelope(envelope.SerializeAsString());
    return Send(node, frame);
  }
  Status Acknowledge(std::string_view node, v1::Precedence precedence, std::uint64_t delivery) {
    v1::ClientFrame frame;
    frame.add_acknowledgement()->set_precedence(precedence);
    frame.mutable_acknowledgement(0)->set_delivery(delivery);
    return Send(node, frame);
  }
  Received NextFrame(std::string_view node) {
    Received received;
    if (const auto frame = relay_.NextFrame(node, now())) received.Read(frame->Flatten());
    return received;
  }
  Received Drain(std::string_view node) {
    Received received;
    while (const auto frame = relay_.NextFrame(node, now())) received.Read(frame->Flatten());
    return received;
  }
  // Texts of MessageDropped events: "<id> for <node>: <reason>".
  [[nodiscard]] std::vector<std::string> Drops() const {
    std::vector<std::string> texts;
    for (const v1::RecordEvent& event : events_) {
      if (!event.has_message_dropped()) continue;
      const v1::MessageDropped& drop = event.message_dropped();
      texts.push_back(ToText(drop.id()) + " for " + drop.node() + ": " + drop.reason());
    }
    return texts;
  }
  [[nodiscard]] long Count(v1::RecordEvent::EventCase kind) const {
    return std::ranges::count(events_, kind, &v1::RecordEvent::event_case);
  }

 private:
  PolicyGuard guard_;
  VirtualClock clock_{UtcTime(std::chrono::hours(24 * 365 * 56))};
  std::vector<v1::RecordEvent> events_;
  Relay relay_;
};

// Nothing is recorded but by RecordAll.
class DurableRig : public RelayRig {
 public:
  explicit DurableRig(RelayLimits limits = {}) : RelayRig(limits, DeliveryMode::kDurable) {
    (*this)->Restore([](std::vector<v1::RecordEvent>&) { return false; }, now());
    RecordAll();
  }
  void Join(const v1::Hello& hello) {
    Attach(hello);
    RecordAll();
  }
  void Join(std::string_view node) { Join(HelloOf(node)); }

  // A broker that goes on from this one's record, as it was after so many events.
  std::unique_ptr<DurableRig> Successor(std::size_t events) {
    auto successor = std::make_unique<DurableRig>(std::span(this->events()).first(events));
    return successor;
  }
  std::unique_ptr<DurableRig> Successor() { return Successor(events().size()); }

  explicit DurableRig(std::span<const v1::RecordEvent> past, RelayLimits limits = {}) : RelayRig(limits, DeliveryMode::kDurable) {
    bool given = false;
    (*this)->Restore(
        [&](std::vector<v1::RecordEvent>& frame) {
          frame.assign(past.begin(), past.end());
          return !std::exchange(given, true);
        },
        now());
    RecordAll();
  }
};

inline v1::Envelope Routine(std::string_view origin, std::uint64_t sequence, std::string_view object = {}) {
  return TestTrack(origin, kIncarnation, kRoutine, sequence, object);
}
inline v1::Envelope Flash(std::string_view origin, std::uint64_t sequence, std::string_view object = {}) {
  return TestTrack(origin, kIncarnation, kFlash, sequence, object);
}

}  // namespace entente::broker::testing
