// SPDX-License-Identifier: Apache-2.0
#pragma once

// The relay's inside, by role: relay_attach.cc (streams come and go), relay_admit.cc (from a frame to the record), relay_apply.cc
// (from the record to the state), relay_route.cc (from a message to the queues), relay_deliver.cc (from the queues to frames),
// relay_restore.cc (from a record read to the state). Nobody else includes this.

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <span>

#include "broker/core/current_picture.h"
#include "broker/core/delivery_queue.h"
#include "broker/core/frame.h"
#include "broker/core/incarnation_book.h"
#include "broker/core/relay.h"
#include "broker/core/router.h"
#include "broker/core/routing_span.h"
#include "broker/core/unsaid_routes.h"

namespace entente::broker {

class Relay::Impl {
 public:
  Impl(RelayConfig config, const ReleaseGuard& guard, EventSink sink);

  Result<Attached> Attach(const v1::Hello& hello, const StreamPeer& peer, Now now);
  void Detach(std::string_view node, std::string_view reason, Now now);
  void Close(std::string_view node, std::string_view reason);
  void CloseAll(std::string_view reason);
  void ReplaceGuard(const ReleaseGuard& guard, Now now);

  Status OnFrame(std::string_view node, const SharedSlice& frame, Now now, std::vector<std::string>* record_events);
  [[nodiscard]] bool WantsFrames(std::string_view node) const;
  // A RecordEvent, or what the sink takes in its place.
  template <typename Event>
  void Emit(Event&& event) {
    ++counters_.events;
    if (sink_) sink_(std::forward<Event>(event));
  }
  void RefuseMessages(bool refuse);
  [[nodiscard]] bool refuses_messages() const { return refusing_; }
  [[nodiscard]] v1::ExplainReply Explain(ByteView envelope) const;

  std::optional<OutboundFrame> NextFrame(std::string_view node, Now now);
  std::vector<std::string_view> TakeReady();
  void OnRecorded(std::uint64_t events, Now now);
  void Apply(std::span<const v1::RecordEvent> events, Now now);
  void Restore(const std::function<bool(std::vector<v1::RecordEvent>&)>& next, Now now);

  [[nodiscard]] const RelayCounters& counters() const { return counters_; }
  [[nodiscard]] bool IsAttached(std::string_view node) const;
  [[nodiscard]] std::size_t QueuedOctets(std::string_view node) const;
  [[nodiscard]] std::size_t UnrecordedOctets(std::string_view node) const;

 private:
  struct Node {
    std::string name;
    NodeIndex index = 0;
    // As the record has it.
    bool member = false;      // was attached, and did not leave since: what is for it waits for it
    std::string attached_at;  // broker; empty: nowhere
    bool may_publish = true;  // its identity's role
    IncarnationBook incarnations;
    DeliveryQueue queue;
    // Its stream here.
    bool attached = false;
    bool welcomed = false;  // its hello was applied
    bool leaving = false;
    std::uint64_t stream_incarnation = 0;
    std::size_t hellos_pending = 0;     // of this stream and those before it
    std::size_t unrecorded_octets = 0;  // of its frames that were admitted
    std::int64_t credit = 0;            // octets of records; the last message may overdraw it
    v1::BrokerFrame control;            // due with the next frame
    bool control_due = false;
    bool goodbye_due = false;
    bool goodbye_said = false;
    bool ready = false;
  };
  // Admitted; applied once the record has this many events of ours. Either messages or a change.
  struct Pending {
    std::uint64_t events = 0;
    Node* origin = nullptr;
    SharedSlice frame{};
    std::vector<EnvelopeRecord> messages{};
    v1::RecordEvent change{};
  };
  // Of one span.
  struct Recipient {
    RouteSet routes = 0;  // that lead to it
    std::uint64_t first_delivery = 0;
  };
  struct DroppedOf {
    const Node* node;
    std::vector<Dropped> messages;
  };
  // Whose deed is being applied: what follows from it is said in the record once, by the broker that did it.
  enum class Deed { kOurs, kOfAnotherBroker, kPast };

  // relay_attach.cc
  [[nodiscard]] Status CheckHello(const v1::Hello& hello, const Identity& identity) const;
  Node* Find(std::string_view name);
  [[nodiscard]] const Node* Find(std::string_view name) const;
  Node& FindOrAdd(std::string_view name);
  [[nodiscard]] v1::RecordEvent DetachedEvent(const Node& node, std::string_view reason) const;
  void Welcome(Node& node, bool resumed);
  Status Break(Node& node, Error error);

  // relay_admit.cc
  Status OnControl(Node& node, Now now, std::vector<std::string>* record_events, std::string& leave_reason);
  Status OnAcknowledgements(Node& node, const v1::ClientFrame& control, Now now);
  std::optional<RoutingHeader> Accept(Node& node, const EnvelopeRecord& record, Now now);
  void Refuse(Node& node, const RoutingHeader& header, Refusal refusal, Now now);
  void Publish(Node& node, const SharedSlice& frame, Now now);
  void Await(Node& node, const SharedSlice& frame, Now now);
  void Change(v1::RecordEvent event, Now now);

  // relay_apply.cc
  [[nodiscard]] bool LogOrdered() const { return config_.mode == DeliveryMode::kDurable; }
  void Release();
  void ApplyOwnChange(const v1::RecordEvent& event, Now now);
  bool ApplyAttached(const v1::NodeAttached& attached, Now now);
  void ApplyDetached(const v1::NodeDetached& detached, Now now);
  void ApplyMessages(Node& origin, const SharedSlice& frame, std::span<const EnvelopeRecord> messages, Now now);
  [[nodiscard]] bool MayResume(const Node& node, const v1::NodeAttached& attached) const;
  void GoOn(Node& node, const v1::NodeAttached& attached, Now now);
  void ShowPicture(Node& node, Now now);
  void ShowTrack(Node& node, ByteView record, Now now);
  void Forget(Node& node, std::string_view reason, Now now);

  // relay_route.cc
  void Take(Node& origin, const RoutingHeader& header, const EnvelopeRecord& record, const SharedSlice& frame, Now now);
  void EndFrame(const Node& origin, const SharedSlice& frame, Now now);
  void RouteSpan(const RoutingSpan& span, const Node& origin, const SharedSlice& frame, Now now);
  void DeliverSpan(const RoutingSpan& span, const Node& origin, const SharedSlice& frame, std::vector<DroppedOf>& dropped, Now now);
  void RecordSpan(const RoutingSpan& span, const Node& origin, Now now);
  std::span<const RoutedNode> DecisionsOf(const Route& route);
  std::uint64_t Deliver(Node& node, const std::shared_ptr<const Run>& run, std::vector<DroppedOf>& dropped);
  std::shared_ptr<const Route> RouteOf(const Node& node, const RoutingHeader& header);
  [[nodiscard]] std::size_t QueueLimit(const Node& node) const;

  // relay_deliver.cc
  void MarkReady(Node& node);
  void AddDeliveries(Node& node, OutboundFrame& frame, v1::BrokerFrame& control, Now now);
  void RecordAcknowledged(const Node& node, v1::Precedence precedence, std::uint64_t delivery, Now now);
  void RecordDropped(const Node& node, std::vector<Dropped>& dropped, Now now);
  template <typename Fill>
  void Record(Now now, Fill&& fill) {
    if (!sink_) return;
    v1::RecordEvent event;
    event.set_utc_ns(ToNanoseconds(now.utc));
    fill(event);
    Emit(event);
  }

  // relay_restore.cc
  std::size_t ApplyFirst(std::span<const v1::RecordEvent> events, Now now);
  std::size_t ApplyAccepted(std::span<const v1::RecordEvent> events, Now now);
  void ApplyAcknowledged(const v1::DeliveryAcknowledged& acknowledged);
  void ApplyRefused(const v1::MessageRefused& refused);
  void LetGo(const v1::NodeAttached& attached);
  void SayWhatWasLeftUnsaid(Now now);

  const RelayConfig config_;
  const EventSink sink_;
  RelayCounters counters_;
  Router router_;
  CurrentPicture picture_;
  std::deque<Node> nodes_;  // by index; addresses stay
  std::map<std::string_view, Node*> by_name_;
  std::vector<Node*> ready_;

  std::deque<Pending> pending_;
  std::size_t pending_octets_ = 0;
  std::uint64_t recorded_ = 0;
  bool held_ = false;  // too much is not recorded yet: no frames wanted
  bool refusing_ = false;
  std::size_t refused_meanwhile_ = 0;
  Deed deed_ = Deed::kOurs;
  UnsaidRoutes unsaid_;

  // Reused from frame to frame.
  FrameParts parts_;
  std::array<RoutingSpan, 4> spans_;  // ROUTINE first
  RoutingHeader routed_header_;       // of the last routed message of the frame
  std::shared_ptr<const Route> route_;
  std::vector<RoutedNode> decisions_;
  std::vector<Recipient> recipients_;  // by node, of the span under hand
};

}  // namespace entente::broker
