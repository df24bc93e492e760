// SPDX-License-Identifier: Apache-2.0
#pragma once

// One TAK peer. Streams: the gateway is the server and offers TAK protocol v1 when its form is tak-v1; a node is the client, asks
// for it when its form is tak-v1, and pings a silent server. Datagrams: one event each, in the form configured; the other notation
// is read as well, since a mesh may be mixed.

#include <deque>

#include "adapters/api/session.h"
#include "adapters/cot/control_event.h"
#include "adapters/cot/stream_framer.h"

namespace entente::cot {

// ATAK's customary times.
inline constexpr Duration kPingAfterSilence = std::chrono::milliseconds(4500);
inline constexpr Duration kDeadAfterSilence = std::chrono::seconds(25);
inline constexpr Duration kMeshSilentAfter = std::chrono::seconds(120);
inline constexpr Duration kResponseWithin = std::chrono::seconds(60);

class CotSession final : public adapter::Session {
 public:
  explicit CotSession(adapter::SessionConfig config);

  void Start(Now now, adapter::SessionSink& sink) override;
  void Receive(ByteView octets, Now now, adapter::SessionSink& sink) override;
  void End(Now now, adapter::SessionSink& sink) override;
  adapter::SendResult Send(const v1::Envelope& message, const adapter::Encoded& encoded, Now now) override;
  std::optional<adapter::Output> NextOutput() override;
  [[nodiscard]] std::optional<Instant> NextDeadline() const override;
  void OnDeadline(Now now, adapter::SessionSink& sink) override;
  [[nodiscard]] std::string_view form() const override { return form_; }
  [[nodiscard]] std::string_view closed_because() const override { return closed_because_; }

 private:
  [[nodiscard]] bool IsStream() const { return config_.carrier == adapter::Carrier::kStream; }
  [[nodiscard]] bool IsClient() const { return config_.role == adapter::SessionRole::kNode; }
  [[nodiscard]] bool IsClosed() const { return state_ == adapter::SessionState::kClosed; }
  void TakeUnit(ByteView unit, std::string_view form, Now now, adapter::SessionSink& sink);
  void Refuse(ByteView unit, adapter::DecodeError error, adapter::SessionSink& sink);
  void TakeControl(ByteView unit, std::string_view form, Now now, adapter::SessionSink& sink);
  void OnOffer(const ControlEvent& offer, Now now);
  void OnRequest(const ControlEvent& request, Now now, adapter::SessionSink& sink);
  void OnResponse(const ControlEvent& response, adapter::SessionSink& sink);
  void GiveUpRequest(adapter::SessionSink& sink, std::string_view why);
  void SwitchToTakV1(adapter::SessionSink& sink);
  void SendOwn(const ControlEvent& control, Now now);
  void Ping(Now now);
  void Queue(adapter::Output output);
  void Enter(adapter::SessionState state, std::string_view detail, adapter::SessionSink& sink);
  void Close(std::string_view reason, adapter::SessionSink& sink);

  adapter::SessionConfig config_;
  adapter::SessionState state_ = adapter::SessionState::kConnected;
  std::string form_;
  std::string closed_because_;
  StreamFramer framer_;
  std::optional<Instant> response_by_;  // a client's request for TAK v1 is open
  std::deque<adapter::Output> output_;
  std::deque<adapter::Output> held_;  // in TAK v1, until the server agrees to it
  std::size_t queued_octets_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
  Instant last_received_;
  Instant next_ping_;
  bool ping_unanswered_ = false;
};

std::unique_ptr<adapter::Session> MakeSession(adapter::SessionConfig config);

}  // namespace entente::cot
