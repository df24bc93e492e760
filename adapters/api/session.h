// SPDX-License-Identifier: Apache-2.0
#pragma once

// One peer of one protocol, sans-I/O: octets and `now` in; messages, output octets and the next deadline out. Single-threaded.
// Gateways and simulated nodes use the same class in the two roles. A peer can never make it allocate without limit, throw, or
// stop.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/api/codec.h"

namespace entente::adapter {

enum class SessionRole { kGateway, kNode };
enum class Carrier { kStream, kDatagram };

struct SessionConfig {
  SessionRole role = SessionRole::kGateway;
  Carrier carrier = Carrier::kStream;
  std::string form;  // wished for; a session may start in another and negotiate
  NodeOptions options;
  std::string node;          // "DEU/brigade": for ids that the session itself needs (pings, negotiation)
  ObjectIds* ids = nullptr;  // outlives the session
};

enum class SessionState { kConnected, kNegotiated, kActive, kSilent, kClosed };

// One unit that was framed and decoded. `octets` lie in the session's buffer and are not kept after the call.
struct ReceivedUnit {
  std::uint64_t number = 0;  // per session and direction, from 1; refused units count too
  ByteView octets;           // what the sender's session gave as the unit: without anything between units
  v1::UnitRole role = v1::UNIT_ROLE_CARRIES;
  std::string_view native_type;
};

struct RefusedUnit {
  std::uint64_t number = 0;
  ByteView octets;
  DecodeError error;
};

class SessionSink {
 public:
  virtual ~SessionSink() = default;
  // Before the messages that it carries.
  virtual void OnUnit(const ReceivedUnit& unit) = 0;
  // `units`: octets of every unit that carries it, in order.
  virtual void OnMessage(DecodedMessage message, std::span<const ByteView> units) = 0;
  virtual void OnRefused(const RefusedUnit& unit) = 0;
  // `detail`: the negotiated form, or the reason.
  virtual void OnState(SessionState state, std::string_view detail) = 0;
};

struct SentUnit {
  std::uint64_t number = 0;
  SharedBytes octets;
};

struct SendResult {
  v1::SendOutcome outcome = v1::SEND_OUTCOME_SENT;  // SENT, SUPERSEDED, UNSUPPORTED or DROPPED
  std::string reason;                               // with any outcome but SENT
  std::vector<SentUnit> units;
};

// What the transport writes next: stream octets, or one datagram.
struct Output {
  SharedBytes octets;
  std::uint64_t unit = 0;  // 0: the session's own, no message in it
};

class Session {
 public:
  virtual ~Session() = default;
  virtual void Start(Now now, SessionSink& sink) = 0;
  // A stream may be cut anywhere; a datagram is one call.
  virtual void Receive(ByteView octets, Now now, SessionSink& sink) = 0;
  // The peer closed its side: a half unit is refused as truncated.
  virtual void End(Now now, SessionSink& sink) = 0;
  // `encoded` is in form(). The session may refresh (heartbeat) or supersede by its own rules.
  virtual SendResult Send(const v1::Envelope& message, const Encoded& encoded, Now now) = 0;
  virtual std::optional<Output> NextOutput() = 0;
  [[nodiscard]] virtual std::optional<Instant> NextDeadline() const = 0;
  virtual void OnDeadline(Now now, SessionSink& sink) = 0;
  // The form that Send wants now.
  [[nodiscard]] virtual std::string_view form() const = 0;
  // Set once the session can go no further (framing lost, peer dead): the transport closes. Empty: open.
  [[nodiscard]] virtual std::string_view closed_because() const = 0;
};

}  // namespace entente::adapter
