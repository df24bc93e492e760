// SPDX-License-Identifier: Apache-2.0
#pragma once

// An access point with everything around it that a test looks at: the record, a bus that can be full, a virtual clock.

#include <string>
#include <utility>
#include <vector>

#include "adapters/gateway/core/access_point.h"
#include "adapters/gateway/core/test/line_protocol.h"
#include "proto/message_id.h"

namespace entente::gateway::test {

class FakeBus final : public BusPort {
 public:
  bool Publish(const v1::MessageId& id, SharedBytes envelope) override {
    if (room == 0) return false;
    --room;
    v1::Envelope parsed;
    parsed.ParseFromArray(envelope->data(), static_cast<int>(envelope->size()));
    ids.push_back(ToText(id));
    published.push_back(std::move(parsed));
    return true;
  }
  void Acknowledge(v1::Precedence precedence, std::uint64_t delivery) override { acknowledged.emplace_back(precedence, delivery); }

  std::size_t room = 1'000'000;  // messages that it still takes
  std::vector<std::string> ids;
  std::vector<v1::Envelope> published;
  std::vector<std::pair<v1::Precedence, std::uint64_t>> acknowledged;
};

// What all access points of a test share.
struct Gateway {
  VirtualClock clock{FromNanoseconds(1'767'225'600'000'000'000)};  // 2026-01-01T00:00:00Z
  std::vector<v1::RecordEvent> events;
  GatewayShared shared{[this](v1::RecordEvent event) { events.push_back(std::move(event)); }};

  [[nodiscard]] std::vector<v1::RecordEvent> EventsOf(v1::RecordEvent::EventCase kind) const {
    std::vector<v1::RecordEvent> found;
    for (const auto& event : events) {
      if (event.event_case() == kind) found.push_back(event);
    }
    return found;
  }
  [[nodiscard]] std::vector<v1::MessageEgressed> Egressed() const {
    std::vector<v1::MessageEgressed> found;
    for (const auto& event : EventsOf(v1::RecordEvent::kMessageEgressed)) found.push_back(event.message_egressed());
    return found;
  }
  // "CONNECTED", "LOST: reset", ...
  [[nodiscard]] std::vector<std::string> States() const {
    std::vector<std::string> states;
    for (const auto& event : EventsOf(v1::RecordEvent::kNodeStateChanged)) {
      const auto& changed = event.node_state_changed();
      const std::string name = v1::NodeState_Name(changed.state()).substr(std::string("NODE_STATE_").size());
      states.push_back(changed.reason().empty() ? name : name + ": " + changed.reason());
    }
    return states;
  }
};

inline AccessPointConfig LineConfig(std::string_view node = "DEU/brigade", std::string_view form = "labelled") {
  AccessPointConfig config{.node = *NodeId::Parse(node)};
  config.adapter = &LineProtocol();
  config.form = form;
  config.carrier = LineProtocol().FindForm(form)->carrier;
  config.transport = config.carrier == adapter::Carrier::kStream ? "tcp" : "udp";
  config.options = adapter::NodeOptions::Defaults(LineProtocol().node_options);
  config.incarnation = 0x2A;
  return config;
}

// A connected node, unless told otherwise.
struct World {
  explicit World(Gateway& gateway_in, AccessPointConfig config = LineConfig())
      : gateway(gateway_in), point(std::move(config), bus, gateway_in.shared) {}

  void Connect(std::string_view peer = "127.0.0.1:40001") { point.OnConnected(peer, gateway.clock.Read()); }
  void Say(std::string_view octets) { point.OnReceived(AsBytes(octets), gateway.clock.Read()); }
  void Deliver(v1::Envelope message, std::uint64_t delivery, v1::Precedence precedence = v1::PRECEDENCE_ROUTINE) {
    message.mutable_id()->set_origin("FRA/hq");
    message.mutable_id()->set_incarnation(1);
    message.mutable_id()->set_precedence(precedence);
    message.mutable_id()->set_sequence(delivery);
    if (message.family() == v1::FAMILY_UNSPECIFIED) message.set_family(FamilyOf(message));
    const std::string octets = message.SerializeAsString();
    point.OnDelivery(precedence, delivery, AsBytes(octets), gateway.clock.Read());
  }
  // All that a transport with an endless line would take and write.
  std::string Drain() {
    std::string octets;
    for (std::string taken = Take(); !taken.empty(); taken = Take()) {
      octets += taken;
      point.OnWritten(gateway.clock.Read());
    }
    return octets;
  }
  // All that it takes at once, and has not written yet.
  std::string Take() {
    std::string octets;
    while (const auto output = point.NextOutput(gateway.clock.Read())) octets += AsText(*output->octets);
    return octets;
  }

  Gateway& gateway;
  FakeBus bus;
  AccessPoint point;
};

}  // namespace entente::gateway::test
