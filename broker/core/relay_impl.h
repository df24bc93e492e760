// SPDX-License-Identifier: Apache-2.0
#pragma once

// The relay's inside, in three files by role: relay_attach.cc (streams come and go), relay_publish.cc (from a frame to the queues),
// relay_deliver.cc (from the queues to frames). Nobody else includes this.

#include <deque>
#include <functional>
#include <map>

#include "broker/core/current_picture.h"
#include "broker/core/delivery_queue.h"
#include "broker/core/delivery_run.h"
#include "broker/core/frame.h"
#include "broker/core/origin_ledger.h"
#include "broker/core/relay.h"
#include "broker/core/router.h"

namespace entente::broker {

class Relay::Impl {
 public:
  Impl(RelayConfig config, const ReleaseGuard& guard, EventSink sink)
      : config_(std::move(config)),
        sink_(std::move(sink)),
        router_(guard, config_.limits.route_cache_entries),
        picture_(config_.limits.picture_objects, config_.limits.picture_octets) {}

  Result<Attached> Attach(const v1::Hello& hello, std::string_view authenticated_node, Now now);
  void Detach(std::string_view node, std::string_view reason, Now now);
  void Close(std::string_view node, std::string_view reason);
  void CloseAll(std::string_view reason);
  void ReplaceGuard(const ReleaseGuard& guard, Now now);

  Status OnFrame(std::string_view node, const SharedSlice& frame, Now now, std::vector<std::string>* record_events);
  [[nodiscard]] v1::ExplainReply Explain(ByteView envelope) const;

  std::optional<OutboundFrame> NextFrame(std::string_view node, Now now);
  std::vector<std::string_view> TakeReady();
  void OnRecorded(std::uint64_t accepted);

  [[nodiscard]] const RelayCounters& counters() const { return counters_; }
  [[nodiscard]] bool IsAttached(std::string_view node) const;
  [[nodiscard]] std::size_t QueuedOctets(std::string_view node) const;

 private:
  struct Node {
    std::string name;
    NodeIndex index = 0;
    bool attached = false;
    bool known_incarnation = false;
    std::uint64_t incarnation = 0;
    OriginLedger ledger;
    DeliveryQueue queue;
    std::int64_t credit = 0;  // octets of records; the last message may overdraw it
    v1::BrokerFrame control;  // due with the next frame
    bool control_due = false;
    bool goodbye_due = false;
    bool goodbye_said = false;
    bool ready = false;
    bool congested = false;
  };

  // relay_attach.cc
  [[nodiscard]] Status CheckHello(const v1::Hello& hello, std::string_view authenticated_node) const;
  Node* Find(std::string_view name);
  [[nodiscard]] const Node* Find(std::string_view name) const;
  Result<Node*> FindOrAdd(const std::string& name);
  bool Resume(Node& node, const v1::Hello& hello, Now now);
  void Welcome(Node& node, bool resumed);
  void ShowPicture(Node& node, Now now);
  void ShowTrack(Node& node, ByteView record, Now now);
  Status Break(Node& node, Error error);

  // relay_publish.cc
  Status OnControl(Node& node, Now now, std::vector<std::string>* record_events, std::string& leave_reason);
  Status OnAcknowledgements(Node& node, const v1::ClientFrame& control, Now now);
  void RecordAcknowledged(const Node& node, v1::Precedence precedence, std::uint64_t delivery, Now now);
  void Forget(Node& node, std::string_view reason, Now now);
  std::optional<RoutingHeader> Accept(Node& node, const EnvelopeRecord& record, Now now);
  void Refuse(Node& node, const RoutingHeader& header, Refusal refusal, Now now);
  void Publish(Node& node, const SharedSlice& frame, Now now);
  void RouteRun(RunBuilder& run, const Route& route, const SharedSlice& frame, Now now);
  std::uint64_t Deliver(Node& node, const std::shared_ptr<const Run>& run, std::vector<Dropped>& dropped);
  std::shared_ptr<const Route> RouteOf(const Node& node, const RoutingHeader& header);
  [[nodiscard]] std::size_t QueueLimit(const Node& node) const;

  // relay_deliver.cc
  void MarkReady(Node& node);
  void Congestion(Node& node);
  [[nodiscard]] bool MayReceipt() const { return config_.mode == DeliveryMode::kRelay || congested_ == 0; }
  void AddDeliveries(Node& node, OutboundFrame& frame, v1::BrokerFrame& control, Now now);
  void RecordDropped(const Node& node, std::vector<Dropped>& dropped, Now now);
  template <typename Fill>
  void Record(Now now, Fill&& fill) {
    if (!sink_) return;
    v1::RecordEvent event;
    event.set_utc_ns(ToNanoseconds(now.utc));
    fill(event);
    sink_(std::move(event));
  }

  const RelayConfig config_;
  const EventSink sink_;
  RelayCounters counters_;
  Router router_;
  CurrentPicture picture_;
  std::deque<Node> nodes_;  // by index; addresses stay
  std::map<std::string_view, Node*> by_name_;
  std::vector<Node*> ready_;
  std::size_t congested_ = 0;

  // Reused from frame to frame.
  FrameParts parts_;
  RunBuilder run_;
  RoutingHeader routed_header_;  // of the last routed message of the frame
  std::shared_ptr<const Route> route_;
};

}  // namespace entente::broker
