// SPDX-License-Identifier: Apache-2.0
#pragma once

// The broker without its sockets: takes frames of attached nodes, gives frames to them, and appends what happened to the record.
//
//   identify -> check -> dedupe -> record -> release decision -> route -> precedence queue
//
// Called by the gRPC shell (broker/service) and by the simulated host, always from one thread. Sans-I/O: `now` is passed in.
// Nothing that a peer sends throws, stops the process or makes a queue grow past RelayLimits. A stream belongs to one node: the
// host calls Attach with the first frame's hello, OnFrame with every later frame, Detach when the stream is gone. Whenever
// something was called, TakeReady names the nodes that NextFrame may now give something for.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"
#include "broker/core/shared_slice.h"
#include "broker/policy/release.h"
#include "entente/v1/bus.pb.h"
#include "proto/event_sink.h"

namespace entente::broker {

enum class DeliveryMode {
  kRelay,    // receipts at once; a full queue conflates tracks, then drops the lowest precedence first
  kDurable,  // receipts once OnRecorded says so and no node's queue is over its limit: publishers wait instead of losing
};

// Each reached limit has a reason in the record or in the error of the call.
struct RelayLimits {
  std::size_t envelope_octets = limits::kEnvelopeOctets;  // larger: refused
  std::size_t frame_octets = limits::kFrameOctets;        // larger: the stream is closed
  std::size_t queue_octets = limits::kNodeQueueOctets;    // waiting for one node; see DeliveryMode. Durable: fourfold is the end
  std::size_t unacknowledged_octets = limits::kNodeQueueOctets;  // sent to one node, held for resume; full: sending waits
  std::size_t delivery_frame_octets = 256 * 1024;  // one frame to a node takes at most this (and at least one message)
  std::size_t picture_objects = 16 * 1024;         // current picture; full: the object longest without news is forgotten
  std::size_t picture_octets = 32 * 1024 * 1024;
  std::size_t route_cache_entries = 4096;   // full: emptied; 0: no cache
  std::size_t nodes = 1024;                 // ever attached; more: attach is refused
  std::size_t subscription_entries = 4096;  // of one hello, all sets together; more: attach is refused
};

struct RelayConfig {
  std::string exercise;
  std::string broker = "broker";
  DeliveryMode mode = DeliveryMode::kRelay;
  RelayLimits limits{};
};

struct Attached {
  bool resumed = false;
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
  std::uint64_t accepted = 0;
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
  // `guard` outlives the relay. An empty sink records nothing.
  Relay(RelayConfig config, const ReleaseGuard& guard, EventSink sink);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // `authenticated_node` is what the transport proved; empty when it proves nothing (loopback without TLS).
  Result<Attached> Attach(const v1::Hello& hello, std::string_view authenticated_node, Now now);
  // The stream is gone. The node's queue is kept, within its limits, until it comes back with a cursor. No-op when not attached.
  void Detach(std::string_view node, std::string_view reason, Now now);

  // On an error the frame was not taken, or only in part; the relay has a goodbye with its text ready as the node's last frame.
  // Octets of RecordEvents in the frame are appended to `record_events`, when it is not null.
  Status OnFrame(std::string_view node, const SharedSlice& frame, Now now, std::vector<std::string>* record_events = nullptr);
  // std::nullopt: nothing to send now.
  std::optional<OutboundFrame> NextFrame(std::string_view node, Now now);
  // Nodes for which something became ready since the last call, each once, in the order of attachment; the views live as long as
  // the relay.
  std::vector<std::string_view> TakeReady();

  // Durable mode: the record has all MessageAccepted events up to this count (counters().accepted when they were appended).
  void OnRecorded(std::uint64_t accepted);
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

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace entente::broker
