// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the bus delivers to a node, from envelope to wire units. A delivery is acknowledged only when its units were written
// by the transport or it was given up for good; either way a MessageEgressed says so, once.

#include <array>
#include <deque>
#include <memory>
#include <string>

#include "adapters/gateway/core/access_point.h"
#include "adapters/gateway/core/acknowledgements.h"
#include "adapters/gateway/core/delivered_messages.h"
#include "adapters/gateway/core/echo_filter.h"
#include "adapters/gateway/core/waiting_queue.h"

namespace entente::gateway {

class Egress {
 public:
  // All outlive it.
  Egress(const AccessPointConfig& config, BusPort& bus, GatewayShared& shared, EchoFilter& echoes)
      : config_(config), node_(config.node.text()), bus_(bus), shared_(shared), echoes_(echoes) {}

  // `session`: nullptr while the node is not connected; then the delivery waits.
  void Deliver(v1::Precedence precedence, std::uint64_t delivery, ByteView envelope, adapter::Session* session, Now now);
  // When a delivery may go on that a fault delays.
  [[nodiscard]] std::optional<Instant> NextDue() const { return delayed_.NextDue(); }
  void ReleaseDue(adapter::Session* session, Now now);
  // The transport has written everything up to this unit.
  void HandedOver(std::uint64_t unit, Now now);
  // Sends what waits, as far as the link takes it.
  void Flush(adapter::Session& session, Now now);
  // The connection is gone: what was not handed over waits for the next one.
  void TakeBack(Now now);
  // What waits is given up.
  void GiveUp(std::string_view reason, Now now);
  // The bus counts its deliveries from the start again; what is still undecided is sent, but no longer acknowledged.
  void ForgetDeliveries() { acknowledgements_ = {}; }

  [[nodiscard]] std::size_t undecided() const { return waiting_.size() + in_flight_.size() + delayed_.size(); }

 private:
  using SharedRendering = std::shared_ptr<Rendering>;
  // A delivery on its way out.
  struct Outgoing {
    std::uint64_t delivery = 0;
    v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
    std::shared_ptr<DeliveredMessage> message;
  };
  // The delivery that an event is about.
  struct Subject {
    Subject(const Outgoing& outgoing) : id(outgoing.message->key()), precedence(outgoing.precedence), delivery(outgoing.delivery) {}
    Subject(const WaitingDelivery& waiting) : id(waiting.id), precedence(waiting.id.precedence), delivery(waiting.delivery) {}
    const MessageKey& id;
    v1::Precedence precedence;
    std::uint64_t delivery;
  };
  // How a delivery ended, but for what the record says of its rendering.
  struct Outcome {
    v1::SendOutcome sent;
    std::string reason;
    std::uint64_t first_unit;  // 0: none was sent
  };
  struct Pending {
    Outgoing outgoing;
    SharedRendering rendering;
    std::uint64_t first_unit = 0;
    std::uint64_t last_unit = 0;
    std::size_t octets = 0;
  };

  [[nodiscard]] bool LinkHasRoom() const { return in_flight_octets_ < limits::kLinkOutputOctets; }
  // std::nullopt: the octets are no envelope; said and decided.
  std::optional<Outgoing> Parse(v1::Precedence precedence, std::uint64_t delivery, ByteView envelope, Now now);
  static WaitingDelivery AsWaiting(const Outgoing& outgoing);
  // What faults of messages make of the delivery.
  void PassStage(Outgoing outgoing, adapter::Session* session, Now now);
  // Sends the delivery, or lets it wait.
  void Accept(Outgoing outgoing, adapter::Session* session, Now now);
  void Send(Outgoing outgoing, adapter::Session& session, Now now);
  // Why the node may not have it in this form; empty: it may.
  [[nodiscard]] std::string LabelObstacle(const v1::Envelope& message, std::string_view form) const;
  SharedRendering Encode(DeliveredMessage& message, std::string_view form, Now now);
  void Fault(std::string text, Now now);
  void Refuse(const Subject& subject, v1::SendOutcome outcome, const std::string& reason, Now now, std::string_view form = {});
  // `rendering`: of what it was sent as.
  void Conclude(const Subject& subject, const Outcome& outcome, Rendering& rendering, Now now);
  // `said`: what it holds of the rendering.
  void Record(const Subject& subject, const Outcome& outcome, EgressedMessage said, Now now);
  void Decide(v1::Precedence precedence, std::uint64_t delivery);
  [[nodiscard]] WaitingQueue::OnGivenUp Dropped(Now now);

  const AccessPointConfig& config_;
  const std::string node_;
  BusPort& bus_;
  GatewayShared& shared_;
  EchoFilter& echoes_;
  std::string recipe_form_;
  std::string recipe_;
  WaitingQueue waiting_;
  DelayedMessages<Outgoing> delayed_;
  std::deque<Pending> in_flight_;
  std::size_t in_flight_octets_ = 0;
  std::array<Acknowledgements, v1::Precedence_ARRAYSIZE> acknowledgements_;
};

}  // namespace entente::gateway
