// SPDX-License-Identifier: Apache-2.0
#pragma once

// One DIS peer over datagrams: parts bundled PDUs, tells heartbeats from news, notices entities and peers that fell silent; says
// entities again at each heartbeat, and where asked holds back what receivers can reckon themselves. DIS has no negotiation: the
// session is active at once. Sans-I/O, single-threaded.

#include <deque>

#include "adapters/api/session.h"
#include "adapters/dis/codec.h"
#include "adapters/dis/heard_entities.h"
#include "adapters/dis/options.h"
#include "adapters/dis/own_entities.h"

namespace entente::dis {

// Datagrams waiting for the transport. Full: what is sent is dropped with that reason, heartbeats are left out.
inline constexpr std::size_t kOutputLimit = 4096;

class Session final : public adapter::Session {
 public:
  explicit Session(adapter::SessionConfig config);

  void Start(Now now, adapter::SessionSink& sink) override;
  void Receive(ByteView octets, Now now, adapter::SessionSink& sink) override;
  void End(Now now, adapter::SessionSink& sink) override;
  adapter::SendResult Send(const v1::Envelope& message, const adapter::Encoded& encoded, Now now) override;
  std::optional<adapter::Output> NextOutput() override;
  [[nodiscard]] std::optional<Instant> NextDeadline() const override;
  void OnDeadline(Now now, adapter::SessionSink& sink) override;
  [[nodiscard]] std::string_view form() const override { return config_.form; }
  [[nodiscard]] std::string_view closed_because() const override { return closed_because_; }

 private:
  // `unit`: one PDU and what trails it; `pdu`: the PDU alone.
  void ReceivePdu(ByteView unit, ByteView pdu, Now now, adapter::SessionSink& sink);
  void ReceiveEntityState(const EntityId& id, ByteView unit, ByteView pdu, Now now, adapter::SessionSink& sink);
  void ReceiveUpdate(ByteView unit, ByteView pdu, Now now, adapter::SessionSink& sink);
  void NoteHeard(Now now, adapter::SessionSink& sink);
  void Tell(adapter::DecodeResult<adapter::DecodedUnit> decoded, ByteView pdu, adapter::SessionSink& sink);
  void TellRefresh(std::string_view native_type, ByteView pdu, adapter::SessionSink& sink);
  void TellTimedOut(Now now, adapter::SessionSink& sink);
  [[nodiscard]] adapter::DecodeResult<adapter::DecodedUnit> Decode(ByteView unit, Now now) const;

  adapter::SessionConfig config_;
  Options options_;
  Codec codec_;
  HeardEntities heard_;
  OwnEntities own_;
  std::deque<adapter::Output> outputs_;
  std::uint64_t received_ = 0;
  std::uint64_t sent_ = 0;
  Instant last_heard_;
  bool silent_ = false;
  bool started_ = false;
  std::string closed_because_;
};

}  // namespace entente::dis
