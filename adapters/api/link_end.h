// SPDX-License-Identifier: Apache-2.0
#pragma once

// One end of an access link, sans-I/O: what a transport (a socket, a file, an in-memory link) drives. A gateway's access point and
// a simulated node are both link ends, so both run over real sockets and over simulated links unchanged. Single-threaded.

#include <functional>
#include <optional>
#include <string_view>

#include "adapters/api/session.h"
#include "base/bytes.h"
#include "base/time.h"

namespace entente::adapter {

// The reason of OnDisconnected when the peer ended the connection in an orderly way; every other reason is a loss.
inline constexpr std::string_view kClosedByPeer = "closed by the peer";

class LinkEnd {
 public:
  virtual ~LinkEnd() = default;
  // A stream was opened, or a datagram socket is ready. `peer`: for people, e.g. "127.0.0.1:41022".
  virtual void OnConnected(std::string_view peer, Now now) = 0;
  virtual void OnReceived(ByteView octets, Now now) = 0;
  // Also without an OnConnected before it, once per series of attempts, when no connection can be made.
  virtual void OnDisconnected(std::string_view reason, Now now) = 0;
  // Drained by the transport after every call and after every wake-up.
  virtual std::optional<Output> NextOutput(Now now) = 0;
  // All that NextOutput gave on this connection is written: the operating system has it. Never called for what the end of the
  // connection, or of the process, was faster than.
  virtual void OnWritten(Now /*now*/) {}
  [[nodiscard]] virtual std::optional<Instant> NextDeadline() const = 0;
  virtual void OnDeadline(Now now) = 0;
  // Not empty: the transport closes the connection and says this reason.
  [[nodiscard]] virtual std::string_view wants_close() const = 0;
  // false: a stream transport stops reading until the next wake-up. Datagrams come nevertheless.
  [[nodiscard]] virtual bool wants_input() const { return true; }
  // Called by the link end when there is output or a new deadline outside the transport's calls.
  virtual void SetWakeUp(std::function<void()> wake_up) = 0;
};

}  // namespace entente::adapter
