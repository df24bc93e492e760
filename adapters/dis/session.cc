// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/dis/entity_name.h"
#include "adapters/dis/framing.h"
#include "adapters/dis/message_frame.h"
#include "adapters/dis/pdu_reader.h"
#include "adapters/dis/pdu_type.h"
#include "adapters/dis/pdu_writer.h"
#include "adapters/dis/timestamp.h"
#include "adapters/dis/vocabulary.h"

namespace entente::dis {
namespace {

using adapter::DecodedUnit;
using adapter::DecodeResult;
using adapter::SessionState;

constexpr std::size_t kTypeOffset = 2;
constexpr std::size_t kTimestampOffset = 4;

// The PDU itself when it has a timestamp, else a copy that says `now`.
SharedBytes Stamped(const SharedBytes& pdu, bool absolute, UtcTime now) {
  if (std::ranges::any_of(ByteView(*pdu).subspan(kTimestampOffset, 4), [](std::uint8_t octet) { return octet != 0; })) return pdu;
  Bytes copy = *pdu;
  const std::uint32_t timestamp = ToTimestamp(now, absolute);
  for (std::size_t i = 0; i < 4; ++i) copy[kTimestampOffset + i] = static_cast<std::uint8_t>(timestamp >> (24 - 8 * i));
  return Share(std::move(copy));
}

bool IsType(ByteView pdu, PduType type) {
  return pdu.size() >= kHeaderOctets && pdu[kTypeOffset] == Number(type);
}

// The entity's last state with what the update changes.
std::optional<Bytes> Joined(ByteView last_state, const EntityStateUpdate& update) {
  auto state = ReadEntityState(last_state);
  if (!state) return std::nullopt;
  state->header = update.header;
  state->velocity = update.velocity;
  state->location = update.location;
  state->orientation = update.orientation;
  state->appearance = update.appearance;
  if (!update.variable_parameters.empty()) state->variable_parameters = update.variable_parameters;
  return Write(*state);
}

}  // namespace

Session::Session(adapter::SessionConfig config) : config_(std::move(config)), options_(ReadOptions(config_.options)) {
  if (config_.form.empty()) config_.form = "v7";
}

void Session::Start(Now now, adapter::SessionSink& sink) {
  started_ = true;
  last_heard_ = now.instant;
  sink.OnState(SessionState::kConnected, "datagrams");
  sink.OnState(SessionState::kActive, config_.form);
}

void Session::Receive(ByteView octets, Now now, adapter::SessionSink& sink) {
  while (!octets.empty()) {
    const FramedPdu framed = TakePdu(octets);
    const std::size_t whole = framed.pdu.size() + framed.trailing;
    ++received_;
    ReceivePdu(octets.first(whole), framed.pdu, now, sink);
    octets = octets.subspan(whole);
  }
}

void Session::ReceivePdu(ByteView unit, ByteView pdu, Now now, adapter::SessionSink& sink) {
  if (IsType(pdu, PduType::kEntityStateUpdate)) return ReceiveUpdate(unit, pdu, now, sink);
  if (const auto state = IsType(pdu, PduType::kEntityState) ? ReadEntityState(pdu) : std::unexpected(adapter::DecodeError{})) {
    return ReceiveEntityState(state->entity, unit, pdu, now, sink);
  }
  auto decoded = Decode(unit, now);
  if (decoded) NoteHeard(now, sink);
  Tell(std::move(decoded), pdu, sink);
}

void Session::ReceiveEntityState(const EntityId& id, ByteView unit, ByteView pdu, Now now, adapter::SessionSink& sink) {
  // What equals a state that was understood needs no second look; trailing octets do.
  if (unit.size() == pdu.size() && heard_.IsHeartbeat(id, pdu)) {
    heard_.Hear(id, pdu, now.instant);
    NoteHeard(now, sink);
    return TellRefresh(TypeName(Number(PduType::kEntityState)), pdu, sink);
  }
  auto decoded = Decode(unit, now);
  if (decoded) {
    NoteHeard(now, sink);
    const bool gone = decoded->messages.front().envelope.track().lifecycle() == v1::LIFECYCLE_DROPPED;
    if (gone) {
      heard_.Forget(id);
    } else {
      heard_.Hear(id, pdu, now.instant);
    }
  }
  Tell(std::move(decoded), pdu, sink);
}

void Session::ReceiveUpdate(ByteView unit, ByteView pdu, Now now, adapter::SessionSink& sink) {
  auto decoded = Decode(unit, now);
  const auto update = ReadEntityStateUpdate(pdu);
  if (!decoded || !update) return Tell(std::move(decoded), pdu, sink);
  NoteHeard(now, sink);
  const auto joined = Joined(heard_.LastState(update->entity), *update);
  if (!joined) return Tell(std::move(decoded), pdu, sink);
  const bool heartbeat = heard_.IsHeartbeat(update->entity, *joined);
  heard_.Hear(update->entity, *joined, now.instant);
  if (heartbeat) return TellRefresh(decoded->native_type, pdu, sink);
  if (auto whole = Decode(*joined, now)) {
    whole->native_type = decoded->native_type;
    decoded = std::move(whole);
  }
  Tell(std::move(decoded), pdu, sink);
}

DecodeResult<DecodedUnit> Session::Decode(ByteView unit, Now now) const {
  return codec_.Decode(unit, {config_.form, config_.options, now});
}

void Session::Tell(DecodeResult<DecodedUnit> decoded, ByteView pdu, adapter::SessionSink& sink) {
  if (!decoded) return sink.OnRefused({received_, pdu, std::move(decoded.error())});
  sink.OnUnit({received_, pdu, decoded->role, decoded->native_type});
  for (adapter::DecodedMessage& message : decoded->messages) sink.OnMessage(std::move(message), {&pdu, 1});
}

void Session::TellRefresh(std::string_view native_type, ByteView pdu, adapter::SessionSink& sink) {
  sink.OnUnit({received_, pdu, v1::UNIT_ROLE_REFRESHES, native_type});
}

void Session::NoteHeard(Now now, adapter::SessionSink& sink) {
  last_heard_ = now.instant;
  if (!silent_) return;
  silent_ = false;
  sink.OnState(SessionState::kActive, config_.form);
}

void Session::End(Now /*now*/, adapter::SessionSink& sink) {
  closed_because_ = "the transport ended";
  sink.OnState(SessionState::kClosed, closed_because_);
}

adapter::SendResult Session::Send(const v1::Envelope& message, const adapter::Encoded& encoded, Now now) {
  adapter::SendResult result;
  if (outputs_.size() + encoded.units.size() > kOutputLimit) {
    result.outcome = v1::SEND_OUTCOME_DROPPED;
    result.reason = fmt::format("{} datagrams are waiting for the transport", outputs_.size());
    return result;
  }
  for (const SharedBytes& unit : encoded.units) {
    const SharedBytes stamped = Stamped(unit, options_.absolute_timestamps, now.utc);
    const auto state = message.has_track() ? ReadEntityState(*stamped) : std::unexpected(adapter::DecodeError{});
    if (state && own_.Repeats(*state, *stamped, message.stale_at_ns())) {
      result.reason = "unchanged since the last Entity State, which the heartbeat repeats";
    } else if (state && options_.dead_reckoning) {
      result.reason = own_.WithinReckoning(*state, options_);
    }
    if (!result.reason.empty()) {
      result.outcome = v1::SEND_OUTCOME_SUPERSEDED;
      return result;
    }
    if (state) own_.Said(*state, *stamped, message.stale_at_ns(), now);
    result.units.push_back({++sent_, stamped});
    outputs_.push_back({stamped, sent_});
  }
  return result;
}

std::optional<adapter::Output> Session::NextOutput() {
  if (outputs_.empty()) return std::nullopt;
  adapter::Output output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

std::optional<Instant> Session::NextDeadline() const {
  std::optional<Instant> next = own_.NextDue(options_.heartbeat);
  const auto sooner = [&](Instant at) { next = next ? std::min(*next, at) : at; };
  if (const auto oldest = heard_.oldest()) sooner(*oldest + options_.timeout());
  if (started_ && !silent_) sooner(last_heard_ + options_.timeout());
  return next;
}

void Session::OnDeadline(Now now, adapter::SessionSink& sink) {
  for (Bytes& heartbeat : own_.TakeDue(options_.heartbeat, now)) {
    if (outputs_.size() < kOutputLimit) outputs_.push_back({Share(std::move(heartbeat)), 0});
  }
  TellTimedOut(now, sink);
  if (started_ && !silent_ && last_heard_ + options_.timeout() <= now.instant) {
    silent_ = true;
    sink.OnState(SessionState::kSilent, fmt::format("nothing heard for {:.1f} s", ToSeconds(now.instant - last_heard_)));
  }
}

void Session::TellTimedOut(Now now, adapter::SessionSink& sink) {
  for (const Bytes& last : heard_.TakeUnheardSince(now.instant - options_.timeout())) {
    auto decoded = Decode(last, now);
    if (!decoded) continue;
    const ByteView octets(last);
    for (adapter::DecodedMessage& message : decoded->messages) {
      message.envelope.mutable_track()->set_lifecycle(v1::LIFECYCLE_DROPPED);
      message.ledger.Defaulted(v1::FIELD_LIFECYCLE, "not heard for the time-out: dropped");
      AddFinding(message, v1::FINDING_SEVERITY_NOTE, 12, "Entity ID", "IEEE 1278.1-2012 §4.2.7",
                 fmt::format("not heard for {:.1f} s: taken for gone", ToSeconds(options_.timeout())));
      sink.OnMessage(std::move(message), {&octets, 1});
    }
  }
}

}  // namespace entente::dis
