// SPDX-License-Identifier: Apache-2.0
#pragma once

// One node of a live run with everything between it and the broker, on real sockets: the simulated node (or the real system, or a
// recording), its access link, its access point, its backbone link and its stream. Lives on one io_context, single-threaded.

#include <memory>
#include <string>

#include "entente/v1/control.pb.h"
#include "harness/nodes/damage_stage.h"
#include "harness/nodes/node_clock.h"
#include "harness/nodes/simulated_node.h"
#include "harness/run/gateway_access.h"
#include "harness/run/live_backbone.h"
#include "harness/run/live_link.h"
#include "harness/run/recorder.h"

namespace entente::harness {

// What all lines of a run share; outlives them.
struct LineSurroundings {
  asio::io_context& context;
  const Clock& clock;
  const PreparedRun& plan;
  gateway::GatewayShared& shared;
  Recorder& recorder;
};

class LiveLine {
 public:
  // Of the node with this index; with a backbone link that faults can act on, or with none. Errors name the node.
  static Result<std::unique_ptr<LiveLine>> Make(const LineSurroundings& around, std::size_t index, std::uint64_t incarnation,
                                                bool with_backbone);

  // Opens backbone link, access point, access link and node, in this order. Errors: a taken port, a missing file.
  Status Open(const BrokerWays& brokers);
  void SetRunning(bool running, Now now);
  void Fire(const v1::Inject& inject, Now now);
  void StartFault(const v1::FaultPlan& fault, Now now);
  std::string EndFault(const v1::FaultPlan& fault, Now now);
  // Told what a probe found on the link that the fault acts on; at once where it acts on none.
  void WhenProbed(const v1::FaultPlan& fault, Now now, LiveLink::OnLinkProbed told);
  // What messages meet here that the fault was there for.
  [[nodiscard]] MessageProbe ProbeMessages(const v1::FaultPlan& fault, Now now);
  void Close(std::string_view reason, Now now);

  [[nodiscard]] const std::string& node() const { return plan_.node(); }
  [[nodiscard]] bool external() const { return plan_.external(); }
  // The node is there, as far as the gateway can tell. Recordings always are.
  [[nodiscard]] bool present() { return plan_.has_replay() || access_.access().connected(); }
  // Where a real system connects to, or is connected to.
  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

 private:
  LiveLine(const LineSurroundings& around, std::size_t index, std::uint64_t incarnation);
  Status BuildNode(Recorder& recorder);
  Status BuildLinks(const LineSurroundings& around, bool with_backbone);
  [[nodiscard]] Duration ClockError(Instant now) const { return link_ ? link_->ClockError(now) : Duration{0}; }
  Status OpenAccess();
  Status StartAccess(const AccessEndpoint& endpoint);
  Status OpenStream();
  Status OpenDialledStream();
  Status OpenDatagrams();
  Status OpenMulticast();
  Status StartOnLink(const v1::FaultPlan& fault, Now now);
  Status StartNode(const AccessEndpoint& endpoint);

  asio::io_context& context_;
  const Clock& clock_;
  const PreparedRun& prepared_;
  const v1::NodePlan& plan_;
  const NodeSetup& setup_;
  EventSink harness_events_;
  EventSink link_events_;
  GatewayAccess access_;
  DamageStage face_;                        // around the access point
  std::unique_ptr<LiveLink> link_;          // absent: multicast, or a recording
  std::unique_ptr<LiveBackbone> backbone_;  // absent: nothing ever acts on it
  std::unique_ptr<SimulatedNode> simulated_;
  std::unique_ptr<NodeClock> clock_of_node_;  // between it and what is outside
  std::unique_ptr<DamageStage> damage_;
  std::unique_ptr<gateway::Transport> node_transport_;
  std::string endpoint_;
  BrokerWays brokers_;
  bool replay_started_ = false;
};

}  // namespace entente::harness
