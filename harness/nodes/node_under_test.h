// SPDX-License-Identifier: Apache-2.0
#pragma once

// A simulated node of any protocol and, at the other end of a perfect link, a bare session in the gateway's role: for tests.

#include <gtest/gtest.h>

#include "adapters/api/recording_sink.h"
#include "harness/nodes/simulated_node.h"

namespace entente::harness::testing {

inline v1::NodePlan PlanFor(const adapter::AdapterInfo& adapter, const adapter::Form& form) {
  v1::NodePlan plan;
  plan.set_node("DEU/alpha");
  plan.set_protocol(std::string(adapter.name));
  plan.set_form(std::string(form.name));
  for (const auto& offer : adapter.transports) {
    if (plan.transport().empty() && adapter::CarrierOf(offer.kind) == form.carrier) {
      plan.set_transport(std::string(adapter::TransportName(offer.kind)));
    }
  }
  auto* unit = plan.add_units();
  unit->set_id("ship");
  unit->set_callsign("DELTA1");
  unit->mutable_classification()->set_standard_identity(v1::STANDARD_IDENTITY_FRIEND);
  unit->mutable_classification()->set_dimension(v1::DIMENSION_SEA_SURFACE);
  unit->mutable_transponder_ids()->set_mmsi(211000001);
  for (const double longitude : {9.0, 10.0}) {
    auto* point = unit->add_route();
    point->mutable_position()->set_latitude_deg(54);
    point->mutable_position()->set_longitude_deg(longitude);
  }
  unit->set_speed_mps(10);
  unit->set_report_every_ns(Duration(std::chrono::seconds(10)).count());
  return plan;
}

inline v1::Label OpenLabel() {
  v1::Label label;
  label.set_policy("EXERCISE");
  label.set_classification("UNCLASSIFIED");
  return label;
}

class NodeUnderTest {
 public:
  NodeUnderTest(const adapter::AdapterInfo& adapter, const adapter::Form& form, v1::NodePlan plan, std::uint64_t seed = 1)
      : adapter_(adapter), form_(form) {
    auto made = SimulatedNode::Make({std::move(plan), &adapter, OpenLabel(), seed, "trial", 1},
                                    [this](v1::RecordEvent event) { events.push_back(std::move(event)); });
    EXPECT_TRUE(made) << made.error().Text();
    node = *std::move(made);
  }

  // Its events come through this address.
  NodeUnderTest(const NodeUnderTest&) = delete;
  NodeUnderTest& operator=(const NodeUnderTest&) = delete;

  void Connect() {
    const auto options = adapter::NodeOptions::Defaults(adapter_.node_options);
    gateway = adapter_.make_session(
        {adapter::SessionRole::kGateway, form_.carrier, std::string(form_.name), options, "DEU/alpha", &gateway_ids_});
    gateway->Start(clock.Read(), heard);
    node->OnConnected("gateway", clock.Read());
    Pump();
  }
  void Disconnect(std::string_view reason) {
    node->OnDisconnected(reason, clock.Read());
    gateway.reset();
  }
  // Time goes on in the steps that both ends ask for.
  void RunFor(Duration duration) {
    const Instant end = clock.Read().instant + duration;
    for (;;) {
      Instant next = end;
      if (const auto due = node->NextDeadline()) next = std::min(next, *due);
      if (const auto due = gateway ? gateway->NextDeadline() : std::nullopt) next = std::min(next, *due);
      clock.AdvanceTo(next);
      node->OnDeadline(clock.Read());
      if (gateway) gateway->OnDeadline(clock.Read(), heard);
      Pump();
      if (next == end) return;
    }
  }
  // Octets to and fro until both are quiet.
  void Pump() {
    for (bool moved = true; moved;) {
      moved = false;
      while (auto output = node->NextOutput(clock.Read())) {
        moved = true;
        if (gateway) gateway->Receive(*output->octets, clock.Read(), heard);
      }
      while (auto output = gateway ? gateway->NextOutput() : std::nullopt) {
        moved = true;
        node->OnReceived(*output->octets, clock.Read());
      }
    }
  }
  // The gateway's side says a message.
  void Tell(const v1::Envelope& message) {
    const auto options = adapter::NodeOptions::Defaults(adapter_.node_options);
    const auto encoded = adapter_.codec->Encode(message, {gateway->form(), options, gateway_ids_});
    ASSERT_TRUE(encoded) << encoded.error().reason;
    gateway->Send(message, *encoded, clock.Read());
    Pump();
  }

  [[nodiscard]] std::vector<v1::MessageComposed> Composed() const {
    std::vector<v1::MessageComposed> found;
    for (const auto& event : events) {
      if (event.has_message_composed()) found.push_back(event.message_composed());
    }
    return found;
  }
  [[nodiscard]] std::vector<v1::MessageUnderstood> Understood() const {
    std::vector<v1::MessageUnderstood> found;
    for (const auto& event : events) {
      if (event.has_message_understood()) found.push_back(event.message_understood());
    }
    return found;
  }
  [[nodiscard]] std::vector<v1::NodeState> States() const {
    std::vector<v1::NodeState> found;
    for (const auto& event : events) {
      if (event.has_node_state_changed()) found.push_back(event.node_state_changed().state());
    }
    return found;
  }

  std::vector<v1::RecordEvent> events;
  adapter::RecordingSink heard;
  VirtualClock clock{std::chrono::sys_days(std::chrono::June / 1 / 2026)};
  std::unique_ptr<SimulatedNode> node;
  std::unique_ptr<adapter::Session> gateway;

 private:
  const adapter::AdapterInfo& adapter_;
  const adapter::Form& form_;
  adapter::HashedObjectIds gateway_ids_;
};

}  // namespace entente::harness::testing
