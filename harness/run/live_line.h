// SPDX-License-Identifier: Apache-2.0
#pragma once

// One node of a live run with everything between it and the broker, on real sockets: the simulated node (or the real system, or a
// recording), its access link, its access point and its stream. Lives on one io_context, single-threaded.

#include <memory>
#include <span>
#include <string>

#include "entente/v1/control.pb.h"
#include "harness/nodes/damage_stage.h"
#include "harness/nodes/node_clock.h"
#include "harness/nodes/simulated_node.h"
#include "harness/run/gateway_access.h"
#include "harness/run/live_link.h"
#include "harness/run/recorder.h"

namespace entente::harness {

class LiveLine {
 public:
  // References outlive it. Errors name the node.
  static Result<std::unique_ptr<LiveLine>> Make(asio::io_context& context, const Clock& clock, const PreparedRun& plan,
                                                std::size_t index, gateway::GatewayShared& shared, std::uint64_t incarnation,
                                                Recorder& recorder);

  // Opens access point, link and node, in this order. Errors: a taken port, a missing file.
  Status Open(std::span<const std::string> brokers, std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr);
  void SetRunning(bool running, Now now);
  void Fire(const v1::Inject& inject, Now now);
  void StartFault(const v1::FaultPlan& fault, Now now);
  std::string EndFault(const v1::FaultPlan& fault, Now now);
  // Whether there is anything here that this fault could act on.
  [[nodiscard]] Status MayFault(const v1::FaultPlan& fault) const;
  // Whether the link is as the exercise has it.
  [[nodiscard]] v1::LinkProbe Probe(Instant now) const;
  void Close(std::string_view reason, Now now);

  [[nodiscard]] const std::string& node() const { return plan_.node(); }
  [[nodiscard]] bool external() const { return plan_.external(); }
  // The node is there, as far as the gateway can tell. Recordings always are.
  [[nodiscard]] bool present() { return plan_.has_replay() || access_.access().connected(); }
  // Where a real system connects to, or is connected to.
  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

 private:
  LiveLine(asio::io_context& context, const Clock& clock, const PreparedRun& plan, std::size_t index,
           gateway::GatewayShared& shared, std::uint64_t incarnation, Recorder& recorder);
  Status BuildNode(Recorder& recorder);
  [[nodiscard]] Duration ClockError(Instant now) const { return link_ ? link_->ClockError(now) : Duration{0}; }
  Status StartAccess(const AccessEndpoint& endpoint, std::span<const std::string> brokers);
  Status OpenStream(std::span<const std::string> brokers);
  Status OpenDialledStream(std::span<const std::string> brokers);
  Status OpenDatagrams(std::span<const std::string> brokers);
  Status OpenMulticast(std::span<const std::string> brokers);
  Status StartNode(const AccessEndpoint& endpoint);

  asio::io_context& context_;
  const Clock& clock_;
  const PreparedRun& prepared_;
  const v1::NodePlan& plan_;
  const NodeSetup& setup_;
  EventSink harness_events_;
  EventSink link_events_;
  GatewayAccess access_;
  DamageStage face_;  // around the access point
  std::unique_ptr<LiveLink> link_;
  std::unique_ptr<SimulatedNode> simulated_;
  std::unique_ptr<NodeClock> clock_of_node_;  // between it and what is outside
  std::unique_ptr<DamageStage> damage_;
  std::unique_ptr<gateway::Transport> node_transport_;
  std::string endpoint_;
  std::shared_ptr<grpc::ChannelCredentials> credentials_;
  bool replay_started_ = false;
};

}  // namespace entente::harness
