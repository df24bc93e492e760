// SPDX-License-Identifier: Apache-2.0
#pragma once

// One node's access point at its gateway: the session of the present connection on one side, the bus on the other. What the node
// says becomes record events and envelopes; what the bus delivers becomes wire units. Sans-I/O and single-threaded: a transport
// drives it as a LinkEnd, the host hands it deliveries. No message leaves it without an event that says what became of it.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/api/adapter_info.h"
#include "adapters/api/link_end.h"
#include "adapters/gateway/core/bus_port.h"
#include "adapters/gateway/core/gateway_shared.h"
#include "adapters/gateway/core/message_stage.h"
#include "base/node_id.h"

namespace entente::gateway {

struct AccessPointConfig {
  NodeId node;
  const adapter::AdapterInfo* adapter = nullptr;
  std::string form = {};  // one of the adapter's; empty: the customary one for the carrier
  adapter::Carrier carrier = adapter::Carrier::kStream;
  std::string transport = {};  // "tcp", "tls", "udp", "multicast", "file"
  adapter::NodeOptions options = {};
  std::optional<v1::Label> default_label =
      {};  // for what carries none; std::nullopt: it stays unlabelled, and is released to nobody
  // What the label of another policy is in the words of the exercise's (ExercisePolicy.mappings); std::nullopt: it stays as it is.
  std::function<std::optional<v1::Label>(const v1::Label&)> map_label = {};
  // May a message of this label go out in a form with no place for it (ExercisePolicy.unlabelled_egress_up_to). Empty: none may.
  std::function<bool(const v1::Label&)> may_egress_unlabelled = {};
  std::uint64_t incarnation = 0;
  MessageStage* stage = nullptr;  // outlives the access point; nullptr: no faults of messages
  bool as_recorded = false;       // replayed times stay; else they are rebased to now
};

class AccessPoint final : public adapter::LinkEnd {
 public:
  // `bus` and `shared` outlive it.
  AccessPoint(AccessPointConfig config, BusPort& bus, GatewayShared& shared);
  ~AccessPoint() override;

  // The transport's side. A connection while another is there replaces it.
  void OnConnected(std::string_view peer, Now now) override;
  void OnReceived(ByteView octets, Now now) override;
  void OnDisconnected(std::string_view reason, Now now) override;
  std::optional<adapter::Output> NextOutput(Now now) override;
  void OnWritten(Now now) override;
  [[nodiscard]] std::optional<Instant> NextDeadline() const override;
  void OnDeadline(Now now) override;
  [[nodiscard]] std::string_view wants_close() const override;
  void SetWakeUp(std::function<void()> wake_up) override;
  // false while the bus is full: the transport stops reading a stream.
  [[nodiscard]] bool wants_input() const override;

  // The bus's side. Deliveries of one precedence come in order.
  void OnDelivery(v1::Precedence precedence, std::uint64_t delivery, ByteView envelope, Now now);
  void OnBusReady(Now now);
  // The bus was attached anew without resuming: its delivery numbers start again.
  void OnBusRestarted();

  // Octets of a recording, as if the node had sent them; `recorded`: when, if the recording says so.
  void OnReplayed(ByteView octets, std::optional<UtcTime> recorded, Now now);

  // The end of the exercise, or of this node's part: what still waits is given up, each with its event, and the node has left.
  void Close(std::string_view reason, Now now);

  [[nodiscard]] const NodeId& node() const;
  [[nodiscard]] bool connected() const;
  // Deliveries that are neither handed over nor given up.
  [[nodiscard]] std::size_t undecided() const;
  // Messages that the bus has not taken yet.
  [[nodiscard]] std::size_t held() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace entente::gateway
