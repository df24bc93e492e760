// SPDX-License-Identifier: Apache-2.0
#pragma once

// One node of a simulated run with everything between it and the relay, all in memory: node, damage stage, link, access point, bus
// client, backbone. Moves octets when they are due; single-threaded, under the host's virtual clock.

#include <memory>
#include <optional>

#include "adapters/gateway/core/replay.h"
#include "harness/links/link.h"
#include "harness/nodes/damage_stage.h"
#include "harness/nodes/node_clock.h"
#include "harness/nodes/simulated_node.h"
#include "harness/run/attached_node.h"
#include "harness/run/prepared_run.h"
#include "harness/run/recorder.h"
#include "harness/run/simulated_backbone.h"

namespace entente::harness {

class SimulatedLine {
 public:
  // `plan`, `shared`, `clock`, `relay` and `recorder` outlive it. Errors: a recording that cannot be read, a plan that fits no
  // adapter.
  static Result<std::unique_ptr<SimulatedLine>> Make(const PreparedRun& plan, std::size_t index, gateway::GatewayShared& shared,
                                                     const Clock& clock, broker::Relay& relay, Recorder& recorder);

  // Before STARTEX: simulated nodes connect; an external one is awaited, and nobody comes.
  void Open(Now now);
  void SetRunning(bool running, Now now);
  void Fire(const v1::Inject& inject, Now now);
  void StartFault(const v1::FaultPlan& fault, Now now);
  std::string EndFault(const v1::FaultPlan& fault, Now now);
  // What messages meet here that the fault was there for.
  [[nodiscard]] MessageProbe ProbeMessages(const v1::FaultPlan& fault, Now now) {
    return attached_->message_faults().Probe(fault, now);
  }
  // What still waits is given up, each with its reason.
  void Close(std::string_view reason, Now now);

  // Moves what can move now; true when anything did.
  bool Pump(Now now);
  [[nodiscard]] std::optional<Instant> NextDeadline() const;
  void OnDeadlines(Now now);

  // To the broker and from there.
  [[nodiscard]] SimulatedBackbone& backbone() { return *backbone_; }
  [[nodiscard]] const std::string& node() const { return plan_.node(); }

 private:
  SimulatedLine(const v1::NodePlan& plan, Recorder& recorder);
  Status BuildNode(const PreparedRun& plan, const NodeSetup& setup, Recorder& recorder);
  Status BuildBackbone(const PreparedRun& plan, broker::Relay& relay, Recorder& recorder);
  void Connect(Now now);
  void Disconnect(std::string_view reason, Now now);
  Status StartOnLink(const v1::FaultPlan& fault, Now now);
  void ApplyLink(Now now);
  void BeginClose(LinkDirection direction, Now now);
  // When the other side hears of it; std::nullopt: not at all.
  [[nodiscard]] std::optional<Instant> CloseAt() const;
  bool MoveToGateway(Now now);
  bool MoveToNode(Now now);
  void RecordDecisions(const std::vector<Decision>& decisions, Now now);

  const v1::NodePlan& plan_;
  EventSink link_events_;
  EventSink harness_events_;
  std::unique_ptr<AttachedNode> attached_;
  std::unique_ptr<SimulatedBackbone> backbone_;
  std::unique_ptr<DamageStage> face_;         // around the access point
  std::unique_ptr<SimulatedNode> simulated_;  // absent: external or replayed
  std::unique_ptr<NodeClock> clock_of_node_;  // between it and what is outside
  std::unique_ptr<DamageStage> damage_;       // around the simulated node
  std::unique_ptr<Link> link_;
  std::optional<gateway::Replay> replay_;
  bool connected_ = false;
  bool running_ = false;
  bool opening_ = false;  // a connection that the link holds up
  std::optional<Instant> reconnect_at_;
  struct Closing {
    LinkDirection direction = LinkDirection::kToGateway;  // in which it is told
    Instant since;
  };
  std::optional<Closing> closing_;  // one side has closed the connection
};

}  // namespace entente::harness
