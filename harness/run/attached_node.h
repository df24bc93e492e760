// SPDX-License-Identifier: Apache-2.0
#pragma once

// A node's access point joined to its own stream on the bus: what the node says is published as it, what it is sent is delivered to
// it. The same object serves the live gateway (a gRPC stream moves the client's frames) and the simulated host (frames are handed
// over in memory). Single-threaded.

#include <cstdint>
#include <functional>

#include "adapters/gateway/core/access_point.h"
#include "broker/core/bus_client.h"
#include "entente/v1/exercise.pb.h"
#include "harness/run/message_faults.h"
#include "harness/run/node_setup.h"

namespace entente::harness {

class AttachedNode final : private gateway::BusPort, private broker::BusClientSink {
 public:
  struct Config {
    const NodeSetup* setup = nullptr;
    const v1::NodePlan* plan = nullptr;
    const v1::ExercisePolicy* policy = nullptr;
    std::uint64_t incarnation = 0;
    std::uint64_t seed = 0;  // of the exercise: of faults of messages
  };
  // The clock and `shared` outlive it; what the pointers of `config` name, too.
  AttachedNode(Config config, gateway::GatewayShared& shared, const Clock& clock);

  gateway::AccessPoint& access() { return access_; }
  broker::BusClient& client() { return client_; }
  MessageFaults& message_faults() { return message_faults_; }
  [[nodiscard]] const std::string& node() const { return plan_.node(); }
  // Called whenever a broker has taken the node in.
  void SetOnAttached(std::function<void()> on_attached) { on_attached_ = std::move(on_attached); }
  // Called with news of the broker's clock.
  void SetOnClockEstimated(std::function<void(const broker::ClockEstimate&)> on_clock) { on_clock_ = std::move(on_clock); }
  // Called when the client has something to send outside a frame's handling.
  void SetOnOutgoing(std::function<void()> on_outgoing) { on_outgoing_ = std::move(on_outgoing); }

 private:
  bool Publish(const v1::MessageId& id, SharedBytes envelope) override;
  void Acknowledge(v1::Precedence precedence, std::uint64_t delivery) override;
  void OnWelcome(const v1::Welcome& welcome, Now now) override;
  void OnDelivery(v1::Precedence precedence, std::uint64_t delivery, ByteView envelope, Now now) override;
  void OnReceipt(v1::Precedence precedence, std::uint64_t sequence, std::string_view refused) override;
  void OnGoodbye(std::string_view reason) override;
  void OnWritable() override;
  void OnClockEstimated(const broker::ClockEstimate& estimate) override;
  void TellOutgoing() const;

  const v1::NodePlan& plan_;
  const Clock& clock_;
  bool was_welcomed_ = false;
  std::function<void()> on_attached_;
  std::function<void()> on_outgoing_;
  std::function<void(const broker::ClockEstimate&)> on_clock_;
  broker::BusClient client_;
  MessageFaults message_faults_;
  gateway::AccessPoint access_;
};

}  // namespace entente::harness
