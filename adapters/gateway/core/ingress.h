// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a node says, from its session to the bus: units and refusals become record events, messages become complete envelopes.

#include <optional>
#include <string>
#include <vector>

#include "adapters/gateway/core/access_point.h"
#include "adapters/gateway/core/echo_filter.h"
#include "adapters/gateway/core/node_states.h"
#include "adapters/gateway/core/publisher.h"

namespace entente::gateway {

class Ingress final : public adapter::SessionSink {
 public:
  // All outlive it.
  Ingress(const AccessPointConfig& config, GatewayShared& shared, NodeStates& states, EchoFilter& echoes, Publisher& publisher)
      : config_(config), shared_(shared), states_(states), echoes_(echoes), publisher_(publisher) {}

  // One call into a session: which one, at what time, and whether its octets come from a recording.
  struct Call {
    const adapter::Session* session = nullptr;
    Now now{};
    bool replayed = false;
    std::optional<UtcTime> recorded;
  };
  void Begin(Call call) {
    call_ = call;
    hashed_ = {};
  }

  // When a message may go on that a fault delays.
  [[nodiscard]] std::optional<Instant> NextDue() const { return delayed_.NextDue(); }
  void ReleaseDue(Now now);
  // What is delayed is refused with this reason.
  void GiveUp(std::string_view reason, Now now);
  [[nodiscard]] std::size_t delayed() const { return delayed_.size(); }

  void OnUnit(const adapter::ReceivedUnit& unit) override;
  void OnMessage(adapter::DecodedMessage message, std::span<const ByteView> units) override;
  void OnRefused(const adapter::RefusedUnit& unit) override;
  void OnState(adapter::SessionState state, std::string_view detail) override;

 private:
  // The hash of these octets; remembered, since a unit is hashed for its event and again for its message.
  const std::string& HashOf(ByteView octets);
  void Complete(v1::Envelope& envelope, const std::vector<std::string>& unit_hashes) const;
  // What faults of messages make of it, and to the publisher.
  void PassStage(Candidate candidate);
  void MapLabel(adapter::DecodedMessage& message) const;
  void ApplyTimePolicy(v1::Envelope& envelope) const;

  const AccessPointConfig& config_;
  GatewayShared& shared_;
  NodeStates& states_;
  EchoFilter& echoes_;
  Publisher& publisher_;
  DelayedMessages<Candidate> delayed_;
  Call call_;
  ByteView hashed_;
  std::string hash_;
  v1::RecordEvent received_;  // filled anew for each unit, since it keeps its room
};

}  // namespace entente::gateway
