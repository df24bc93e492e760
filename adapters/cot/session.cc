// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/cot/codec.h"
#include "adapters/cot/event_tak_v1.h"
#include "base/limits.h"

namespace entente::cot {

using adapter::Output;
using adapter::SessionSink;
using adapter::SessionState;

CotSession::CotSession(adapter::SessionConfig config)
    : config_(std::move(config)), form_(IsStream() ? kFormXml : std::string_view(config_.form)) {}

std::unique_ptr<adapter::Session> MakeSession(adapter::SessionConfig config) {
  return std::make_unique<CotSession>(std::move(config));
}

void CotSession::Start(Now now, SessionSink& sink) {
  last_received_ = now.instant;
  next_ping_ = now.instant + kPingAfterSilence;
  sink.OnState(state_, form_);
  if (IsStream() && !IsClient() && config_.form == kFormTakV1) {
    SendOwn({.kind = ControlKind::kOffer, .uid = config_.node + "-takp", .version_1 = true}, now);
  }
}

void CotSession::Receive(ByteView octets, Now now, SessionSink& sink) {
  if (IsClosed() || octets.empty()) return;
  last_received_ = now.instant;
  next_ping_ = now.instant + kPingAfterSilence;
  ping_unanswered_ = false;
  if (!IsStream()) {
    const auto notation = NotationOf(octets);
    TakeUnit(octets,
             notation == Notation::kTakMesh || (notation && *notation == Notation::kTakStream) ? kFormTakV1Mesh : kFormXmlMesh, now,
             sink);
    return;
  }
  framer_.Append(octets);
  while (!IsClosed()) {
    auto piece = framer_.Next();
    if (!piece) break;
    if (!piece->error) {
      TakeUnit(piece->octets, framer_.mode() == StreamFramer::Mode::kXml ? kFormXml : kFormTakV1, now, sink);
      continue;
    }
    const std::string why = piece->error->text;
    Refuse(piece->octets, *std::move(piece->error), sink);
    if (piece->lost) Close(why, sink);
  }
}

void CotSession::TakeUnit(ByteView unit, std::string_view form, Now now, SessionSink& sink) {
  auto decoded = Codec().Decode(unit, {form, config_.options, now});
  if (!decoded) {
    Refuse(unit, std::move(decoded.error()), sink);
    return;
  }
  sink.OnUnit({++received_, unit, decoded->role, decoded->native_type});
  for (adapter::DecodedMessage& message : decoded->messages) sink.OnMessage(std::move(message), {&unit, 1});
  const bool negotiation = decoded->native_type.starts_with("t-x-takp-");
  if (!negotiation && state_ != SessionState::kActive) Enter(SessionState::kActive, form_, sink);
  if (decoded->role == v1::UNIT_ROLE_CONTROL) TakeControl(unit, form, now, sink);
}

void CotSession::Refuse(ByteView unit, adapter::DecodeError error, SessionSink& sink) {
  sink.OnRefused({++received_, unit, std::move(error)});
}

void CotSession::TakeControl(ByteView unit, std::string_view form, Now now, SessionSink& sink) {
  Event event;
  if (!ReadEvent(unit, form, event)) return;
  const auto control = ReadControl(event);
  if (!control) return;
  switch (control->kind) {
    case ControlKind::kPing:
      SendOwn({.kind = ControlKind::kPong, .uid = "takPong"}, now);
      break;
    case ControlKind::kPong:
      break;
    case ControlKind::kOffer:
      OnOffer(*control, now);
      break;
    case ControlKind::kRequest:
      OnRequest(*control, now, sink);
      break;
    case ControlKind::kResponse:
      OnResponse(*control, sink);
      break;
  }
}

// From the request on, a client speaks no XML.
void CotSession::OnOffer(const ControlEvent& offer, Now now) {
  if (!IsStream() || !IsClient() || config_.form != kFormTakV1 || form_ == kFormTakV1 || !offer.version_1) return;
  SendOwn({.kind = ControlKind::kRequest, .uid = offer.uid, .version_1 = true}, now);
  response_by_ = now.instant + kResponseWithin;
  form_ = kFormTakV1;
}

void CotSession::OnRequest(const ControlEvent& request, Now now, SessionSink& sink) {
  if (!IsStream() || IsClient() || form_ == kFormTakV1) return;
  const bool accepted = config_.form == kFormTakV1 && request.version_1;
  SendOwn({.kind = ControlKind::kResponse, .uid = request.uid, .accepted = accepted}, now);
  if (accepted) SwitchToTakV1(sink);
}

void CotSession::OnResponse(const ControlEvent& response, SessionSink& sink) {
  if (!response_by_) return;
  if (!response.accepted) {
    GiveUpRequest(sink, "the server refused TAK protocol v1");
    return;
  }
  response_by_.reset();
  SwitchToTakV1(sink);
  for (; !held_.empty(); held_.pop_front()) output_.push_back(std::move(held_.front()));
}

void CotSession::SwitchToTakV1(SessionSink& sink) {
  form_ = kFormTakV1;
  framer_.SetMode(StreamFramer::Mode::kTakV1);
  Enter(SessionState::kNegotiated, form_, sink);
}

// Back to XML: what was held for TAK v1 is said in XML instead.
void CotSession::GiveUpRequest(SessionSink& sink, std::string_view why) {
  response_by_.reset();
  form_ = kFormXml;
  for (; !held_.empty(); held_.pop_front()) {
    Event event;
    queued_octets_ -= held_.front().octets->size();
    if (!ReadEvent(*held_.front().octets, kFormTakV1, event)) continue;
    Queue({Share(WriteEvent(event.head, event.detail_xml, kFormXml)), held_.front().unit});
  }
  Enter(SessionState::kNegotiated, fmt::format("xml: {}", why), sink);
}

void CotSession::End(Now, SessionSink& sink) {
  if (IsClosed()) return;
  if (auto rest = framer_.Rest()) Refuse(rest->octets, *std::move(rest->error), sink);
  Close("the peer closed the connection", sink);
}

adapter::SendResult CotSession::Send(const v1::Envelope&, const adapter::Encoded& encoded, Now) {
  adapter::SendResult result;
  std::size_t octets = 0;
  for (const SharedBytes& unit : encoded.units) octets += unit->size();
  if (IsClosed() || queued_octets_ + octets > limits::kLinkOutputOctets) {
    result.outcome = v1::SEND_OUTCOME_DROPPED;
    result.reason = IsClosed()
                        ? "the session is closed: " + closed_because_
                        : fmt::format("{} octets wait for the link; at most {} may", queued_octets_, limits::kLinkOutputOctets);
    return result;
  }
  for (const SharedBytes& unit : encoded.units) {
    result.units.push_back({++sent_, unit});
    if (response_by_) {
      queued_octets_ += unit->size();
      held_.push_back({unit, sent_});
    } else {
      Queue({unit, sent_});
    }
  }
  return result;
}

void CotSession::Queue(Output output) {
  queued_octets_ += output.octets->size();
  output_.push_back(std::move(output));
}

void CotSession::SendOwn(const ControlEvent& control, Now now) {
  // An answer to each ping, but never so many that they fill memory: a peer that does not read gets none.
  if (queued_octets_ > limits::kLinkOutputOctets) return;
  Queue({Share(WriteControl(control, now.utc, form_)), 0});
}

std::optional<Output> CotSession::NextOutput() {
  if (output_.empty()) return std::nullopt;
  Output output = std::move(output_.front());
  output_.pop_front();
  queued_octets_ -= output.octets->size();
  return output;
}

std::optional<Instant> CotSession::NextDeadline() const {
  if (IsClosed()) return std::nullopt;
  if (!IsStream() || !IsClient()) {
    if (state_ == SessionState::kSilent) return std::nullopt;
    return last_received_ + (IsStream() ? kDeadAfterSilence : kMeshSilentAfter);
  }
  // While a request is open the client may say nothing, not even ping: silence is no sign of death then.
  return response_by_ ? *response_by_ : std::min(next_ping_, last_received_ + kDeadAfterSilence);
}

void CotSession::OnDeadline(Now now, SessionSink& sink) {
  const auto deadline = NextDeadline();
  if (!deadline || now.instant < *deadline) return;
  if (!IsStream() || !IsClient()) {
    Enter(SessionState::kSilent, "nothing received", sink);
    return;
  }
  if (response_by_) {
    last_received_ = now.instant;
    next_ping_ = now.instant + kPingAfterSilence;
    GiveUpRequest(sink, "no response to the request for TAK protocol v1");
    return;
  }
  if (now.instant >= last_received_ + kDeadAfterSilence) {
    Close(fmt::format("nothing received for {} s", std::chrono::duration_cast<std::chrono::seconds>(kDeadAfterSilence).count()),
          sink);
    return;
  }
  Ping(now);
  if (ping_unanswered_ && state_ != SessionState::kSilent) Enter(SessionState::kSilent, "a ping was not answered", sink);
  ping_unanswered_ = true;
}

void CotSession::Ping(Now now) {
  SendOwn({.kind = ControlKind::kPing, .uid = config_.node + "-ping"}, now);
  next_ping_ = now.instant + kPingAfterSilence;
}

void CotSession::Enter(SessionState state, std::string_view detail, SessionSink& sink) {
  state_ = state;
  sink.OnState(state, detail);
}

void CotSession::Close(std::string_view reason, SessionSink& sink) {
  closed_because_ = reason;
  Enter(SessionState::kClosed, reason, sink);
}

}  // namespace entente::cot
