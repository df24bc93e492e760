// SPDX-License-Identifier: Apache-2.0
#pragma once

// The clock that a simulated node goes by, between the node and everything outside: right, or wrong by as much as a fault says.
// What the node says carries its own time; what it tells the record is put back into the right one. Single-threaded.

#include <functional>
#include <memory>
#include <string_view>

#include "adapters/api/link_end.h"
#include "proto/event_sink.h"

namespace entente::harness {

class NodeClock final : public adapter::LinkEnd {
 public:
  // How far ahead the node's clock is.
  using Error = std::function<Duration(Instant now)>;

  // `node` outlives this.
  NodeClock(adapter::LinkEnd& node, Error error) : node_(node), error_(std::move(error)) {}

  // The node's time for a call into it.
  [[nodiscard]] Now At(Now now);
  // By which the node's clock was wrong in the present call.
  [[nodiscard]] Duration present_error() const { return present_error_; }

  void OnConnected(std::string_view peer, Now now) override { node_.OnConnected(peer, At(now)); }
  void OnReceived(ByteView octets, Now now) override { node_.OnReceived(octets, At(now)); }
  void OnDisconnected(std::string_view reason, Now now) override { node_.OnDisconnected(reason, At(now)); }
  std::optional<adapter::Output> NextOutput(Now now) override { return node_.NextOutput(At(now)); }
  void OnWritten(Now now) override { node_.OnWritten(At(now)); }
  [[nodiscard]] std::optional<Instant> NextDeadline() const override { return node_.NextDeadline(); }
  void OnDeadline(Now now) override { node_.OnDeadline(At(now)); }
  [[nodiscard]] std::string_view wants_close() const override { return node_.wants_close(); }
  [[nodiscard]] bool wants_input() const override { return node_.wants_input(); }
  void SetWakeUp(std::function<void()> wake_up) override { node_.SetWakeUp(std::move(wake_up)); }

 private:
  adapter::LinkEnd& node_;
  Error error_;
  Duration present_error_{0};
};

// What the node records, in the right time. `clock` may still be empty now; it is read at each event, and outlives the sink's use.
EventSink InRightTime(EventSink events, const std::unique_ptr<NodeClock>& clock);

}  // namespace entente::harness
