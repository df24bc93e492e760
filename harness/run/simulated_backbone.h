// SPDX-License-Identifier: Apache-2.0
#pragma once

// The way between a node's bus client and the relay in a simulated run. Nothing acts on most of them: frames are handed over at
// once. With a link, they cross it as octets of a stream, each behind its length as gRPC writes it; the stream breaks and is opened
// again as a live one is, and what was not acknowledged follows from the cursor. Single-threaded, under the host's virtual clock.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "broker/core/bus_client.h"
#include "broker/core/relay.h"
#include "harness/links/link.h"
#include "harness/run/frame_stream.h"
#include "proto/event_sink.h"

namespace entente::harness {

class SimulatedBackbone {
 public:
  struct Ends {
    std::string node;
    broker::BusClient& client;
    broker::Relay& relay;
  };
  // `link` absent: nothing ever acts on it. `trouble` gets what only an error of ours can bring about.
  SimulatedBackbone(Ends ends, std::unique_ptr<Link> link, EventSink link_events, EventSink trouble);

  void Open(Now now) { ends_.client.OnConnected(now); }
  // Move what can move now; true when anything did.
  bool MoveToBroker(Now now);
  bool MoveToGateway(Now now);

  void StartFault(LinkFault fault, Now now);
  // What a probe showed afterwards.
  std::string EndFault(std::string_view id, Now now);
  void SetRunning(bool running, Now now);
  [[nodiscard]] std::optional<Instant> NextDeadline() const;
  void OnDeadlines(Now now);

 private:
  bool HandToBroker(Now now);
  bool HandToGateway(Now now);
  // The first frame of a stream is the hello, and nothing else.
  Status Take(Bytes frame, Now now);
  // What came out of the link at one end, frame by frame.
  void TakeAtBroker(ByteView octets, Now now);
  void TakeAtGateway(ByteView octets, Now now);
  void ApplyLink(Now now);
  void Connect(Now now);
  void Break(std::string_view reason, Now now);
  void RecordDecisions(const std::vector<Decision>& decisions, Now now);
  void TellIfBroken(const Status& status, Now now);

  Ends ends_;
  std::unique_ptr<Link> link_;
  EventSink link_events_;
  EventSink trouble_;
  FrameStream at_broker_;
  FrameStream at_gateway_;
  bool connected_ = true;
  bool opening_ = false;  // a connection that the link holds up
  std::size_t attempts_ = 0;
  std::optional<Instant> reconnect_at_;
};

}  // namespace entente::harness
