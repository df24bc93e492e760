// SPDX-License-Identifier: Apache-2.0
#pragma once

// One node's access to a live gateway: its access point on a real transport (or a recording in its place), and its stream to the
// broker. Lives on one io_context, single-threaded.

#include <asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "adapters/gateway/core/replay.h"
#include "adapters/gateway/io/transport.h"
#include "broker/client/bus_stream.h"
#include "harness/run/attached_node.h"
#include "harness/run/prepared_run.h"

namespace entente::harness {

// Where the access point's transport listens or dials, when not where the plan says: a link stands between.
struct AccessEndpoint {
  gateway::TransportRole role = gateway::TransportRole::kListen;
  v1::Endpoint at;
  v1::Endpoint peer;  // of UDP: where output goes before the node was heard; empty: nowhere
};

// Brokers of one exercise: the first is tried first, the next when one is gone.
struct BrokerWays {
  std::vector<std::string> endpoints{};                             // "127.0.0.1:7400"
  std::vector<std::string> hosts{};                                 // BusStreamConfig::hosts
  std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr;  // absent: without TLS
};

// As the plan says: where it listens, or where it dials.
AccessEndpoint AccessEndpointOf(const v1::NodePlan& plan);
gateway::TransportConfig TransportConfigOf(const PreparedRun& plan, const v1::NodePlan& node, const NodeSetup& setup,
                                           const AccessEndpoint& endpoint);
// "127.0.0.1:40123", as a transport or proxy of ours said it.
v1::Endpoint EndpointOf(std::string_view bound);

class GatewayAccess {
 public:
  // All references outlive it.
  GatewayAccess(asio::io_context& context, const Clock& clock, const PreparedRun& plan, std::size_t index,
                gateway::GatewayShared& shared, std::uint64_t incarnation);

  // Errors name the node: a taken port, a missing file or certificate.
  Status Start(const AccessEndpoint& endpoint, const BrokerWays& brokers);
  // What still waits is given up, each with its reason; then transport and stream end.
  void Stop(std::string_view reason, Now now);

  // What the transport speaks to in place of the access point, which it wraps; before Start, and outlives this.
  void SetFace(adapter::LinkEnd& face) { face_ = &face; }
  // What a recording says in place of what it holds; before StartReplay.
  void SetAlter(gateway::AlterChunk alter) { alter_ = std::move(alter); }

  // A recording begins at STARTEX, not when its access point is opened.
  Status StartReplay();

  void OnAttached(std::function<void()> on_attached) { attached_.SetOnAttached(std::move(on_attached)); }
  // Asks for the broker's time, when that is due.
  void ProbeClock(Now now);
  void OnClockEstimated(std::function<void(const broker::ClockEstimate&)> on_clock) {
    attached_.SetOnClockEstimated(std::move(on_clock));
  }
  // Sends an event to the broker, for its record. False: too many wait already, and it is lost.
  bool Forward(std::string event);

  [[nodiscard]] gateway::AccessPoint& access() { return attached_.access(); }
  [[nodiscard]] const std::string& node() const { return node_.node(); }
  MessageFaults& message_faults() { return attached_.message_faults(); }
  [[nodiscard]] std::string endpoint() const { return transport_ ? transport_->endpoint() : std::string{}; }

 private:
  Status Named(Status status) const;
  // What one turn of the loop brings goes in as few frames as it fits.
  void FlushSoon();
  void OnBusClosed(const std::string& broker_endpoint, const std::string& reason);

  asio::io_context& context_;
  const Clock& clock_;
  const PreparedRun& plan_;
  const v1::NodePlan& node_;
  const NodeSetup& setup_;
  AttachedNode attached_;
  adapter::LinkEnd* face_;  // the access point, or what wraps it
  gateway::AlterChunk alter_;
  std::unique_ptr<gateway::Transport> transport_;
  std::unique_ptr<broker::BusStream> stream_;
  bool flush_due_ = false;
  std::string bus_trouble_;
};

}  // namespace entente::harness
