// SPDX-License-Identifier: Apache-2.0
#pragma once

// The broker without its sockets: takes frames of attached nodes, gives frames to them, and appends what happened to the record.
//
//   identify -> check -> dedupe -> record -> release decision -> route -> precedence queue
//
// Called by the gRPC shell (broker/service) and by the simulated host, always from one thread. Sans-I/O: `now` is passed in.
// Nothing that a peer sends throws, stops the process or makes a queue grow past RelayLimits. A stream belongs to one node: the
// host calls Attach with the first frame's hello, OnFrame with every later frame, Detach when the stream is gone. Whenever
// something was called, TakeReady names the nodes that NextFrame may now give something for, or WantsFrames of.
//
// Two steps. *Admit*: check, identity, dedupe; then the event is given to the sink. *Apply*: what the event does. In relay mode
// both happen at once. In durable mode the order of the record is the order of the exercise: an event is applied when the record
// has it (OnRecorded for the relay's own, Apply for those of other brokers), so that subscriptions, queues, delivery numbers and
// the current picture are a function of the record, the same in every broker that reads it and after every restart (Restore).

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"
#include "broker/core/shared_slice.h"
#include "broker/policy/identity.h"
#include "broker/policy/release.h"
#include "entente/v1/bus.pb.h"
#include "proto/event_sink.h"

namespace entente::broker {

// In both, a full queue of a node conflates tracks, then drops the lowest precedence first: a receiver never slows a sender.
enum class DeliveryMode {
  kRelay,    // receipts and deliveries at once
  kDurable,  // receipts and deliveries once the record has the message; nodes go on where the record says they were
};

// Each reached limit has a reason in the record or in the error of the call.
struct RelayLimits {
  std::size_t envelope_octets = limits::kEnvelopeOctets;         // larger: refused
  std::size_t frame_octets = limits::kFrameOctets;               // larger: the stream is closed
  std::size_t queue_octets = limits::kNodeQueueOctets;           // waiting for one node, attached or not; see DeliveryMode
  Duration queue_age = std::chrono::hours(1);                    // waiting longer: dropped when its turn comes
  std::size_t unacknowledged_octets = limits::kNodeQueueOctets;  // sent to one node, held for resume; full: sending waits
  std::size_t delivery_frame_octets = 256 * 1024;  // one frame to a node takes at most this (and at least one message)
  std::size_t picture_objects = 16 * 1024;         // current picture; full: the object longest without news is forgotten
  std::size_t picture_octets = 32 * 1024 * 1024;
  std::size_t route_cache_entries = 4096;   // full: emptied; 0: no cache
  std::size_t nodes = 1024;                 // ever attached; more: attach is refused
  std::size_t subscription_entries = 4096;  // of one hello, all sets together; more: attach is refused
  // Admitted and not yet in the record; more: WantsFrames of no node.
  std::size_t unrecorded_octets = 8 * 1024 * 1024;
  std::size_t unrecorded_events = 64 * 1024;
};

struct RelayConfig {
  std::string exercise;
  std::string broker = "broker";
  DeliveryMode mode = DeliveryMode::kRelay;
  RelayLimits limits{};
};

// Who is at the other end of a stream, as the transport knows it.
struct StreamPeer {
  Identity identity{};                   // unproven: without TLS, on loopback or in memory
  std::string address{};                 // "ipv4:127.0.0.1:40123"
  UtcTime valid_until = UtcTime::max();  // of its certificate
};

struct Attached {
  // The node was still attached by an older stream of the same incarnation, which the host must close without calling Detach.
  bool superseded = false;
};

// One frame to send: its first octets, then slices of envelope records as they came in.
struct OutboundFrame {
  Bytes header;
  std::vector<SharedSlice> slices;
  bool last = false;  // says goodbye: close the stream after it, then Detach

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] Bytes Flatten() const;  // for hosts that need one buffer
};

// Gauges and counts of the process, not figures of the exercise: those come from the record.
struct RelayCounters {
  std::uint64_t events = 0;    // given to the sink: see OnRecorded
  std::uint64_t accepted = 0;  // admitted
  std::uint64_t refused = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t sequence_gaps = 0;  // accepted although earlier sequences never came
  std::uint64_t routed = 0;         // messages times recipients
  std::uint64_t withheld = 0;
  std::uint64_t dropped = 0;
  std::uint64_t delivered = 0;
};

class Relay {
 public:
  // `guard` outlives the relay. Durable: the same guard as when the record began. An empty sink records nothing, and durable mode
  // needs one.
  Relay(RelayConfig config, const ReleaseGuard& guard, EventSink sink);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // The welcome is what the node's first frame brings. A refusal is the host's to record (PeerRefused, by Witness).
  Result<Attached> Attach(const v1::Hello& hello, const StreamPeer& peer, Now now);
  // The stream is gone. The node's queue is kept, within its limits, until it comes back with a cursor. No-op when not attached.
  void Detach(std::string_view node, std::string_view reason, Now now);

  // On an error the frame was not taken, or only in part; the relay has a goodbye with its text ready as the node's last frame.
  // Octets of RecordEvents in the frame are appended to `record_events`, when it is not null.
  Status OnFrame(std::string_view node, const SharedSlice& frame, Now now, std::vector<std::string>* record_events = nullptr);
  // False: leave the node's next frame unread, until TakeReady names the node and this is true. Its hello, or what was admitted
  // before, waits for the record.
  [[nodiscard]] bool WantsFrames(std::string_view node) const;
  // std::nullopt: nothing to send now.
  std::optional<OutboundFrame> NextFrame(std::string_view node, Now now);
  // Nodes for which something became ready since the last call, each once, in the order of attachment; the views live as long as
  // the relay.
  std::vector<std::string_view> TakeReady();

  // Durable mode: the record has the first `events` events that this relay gave to its sink (counters().events).
  void OnRecorded(std::uint64_t events, Now now);
  // Durable mode: one frame of the record, by another broker, in the order of the record with OnRecorded.
  void Apply(std::span<const v1::RecordEvent> events, Now now);
  // Durable mode, before anything else: the record as it is, frame by frame, until `next` gives false. Then says BrokerStarted, and
  // what the end of the process before left unsaid.
  void Restore(const std::function<bool(std::vector<v1::RecordEvent>&)>& next, Now now);
  // An event that the host saw, among the relay's own.
  void Witness(v1::RecordEvent& event);
  // While the record takes nothing, as on a full disk: true, and messages are refused with that reason.
  void RefuseMessages(bool refuse);
  [[nodiscard]] bool refuses_messages() const;
  // Says goodbye to one node or all of them: their next frame is the last.
  void Close(std::string_view node, std::string_view reason);
  void CloseAll(std::string_view reason);
  // Another guard from now on; queued messages are judged again, and what is not released any more is dropped with that reason.
  void ReplaceGuard(const ReleaseGuard& guard, Now now);

  // Where a message would go and why not elsewhere, for every node that is attached or kept.
  [[nodiscard]] v1::ExplainReply Explain(ByteView envelope) const;
  [[nodiscard]] const RelayCounters& counters() const;
  [[nodiscard]] bool IsAttached(std::string_view node) const;
  // Octets waiting for the node, not yet sent.
  [[nodiscard]] std::size_t QueuedOctets(std::string_view node) const;
  // Octets of frames that the node published and the record does not have yet; relay mode has none.
  [[nodiscard]] std::size_t UnrecordedOctets(std::string_view node) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace entente::broker
