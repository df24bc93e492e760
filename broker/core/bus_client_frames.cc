// SPDX-License-Identifier: Apache-2.0
// The frames that a BusClient writes.

#include <algorithm>
#include <ranges>
#include <utility>

#include "broker/core/bus_client.h"

namespace entente::broker {
namespace {

constexpr std::uint32_t kBusVersion = 1;
// When such a part of the credit waits to be given back, it does not wait any longer.
constexpr std::uint64_t kCreditParts = 4;

v1::Precedence PrecedenceOf(std::size_t lane) {
  return static_cast<v1::Precedence>(lane + 1);
}

}  // namespace

std::optional<Bytes> BusClient::NextFrame(Now now) {
  Bytes frame;
  if (state_ == State::kHelloDue) {
    AppendHello(frame);
    state_ = State::kAwaitingWelcome;
    return frame;
  }
  if (state_ != State::kWelcomed) return std::nullopt;
  AppendEnvelopes(frame);
  v1::ClientFrame control;
  AddAcknowledgements(control, now);
  AddEvents(control);
  if (leaving_ && !left_ && NothingToSend()) {
    control.mutable_leave()->set_reason(*leaving_);
    left_ = true;
  }
  if (std::exchange(probe_due_, false)) control.mutable_clock_probe()->set_t1_ns(ToNanoseconds(now.utc));
  AppendControl(frame, control);
  if (frame.empty()) return std::nullopt;
  return frame;
}

void BusClient::AppendHello(Bytes& frame) {
  v1::ClientFrame control;
  v1::Hello& hello = *control.mutable_hello();
  hello.set_version(kBusVersion);
  hello.set_node(config_.node);
  hello.set_incarnation(config_.incarnation);
  for (const v1::Subscription& subscription : config_.subscriptions) *hello.add_subscriptions() = subscription;
  std::uint64_t in_hand = 0;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    for (const Unacknowledged& delivery : lanes_[i].unacknowledged) in_hand += delivery.octets;
    if (!was_welcomed_) continue;
    v1::Cursor& cursor = *hello.add_cursors();
    cursor.set_precedence(PrecedenceOf(i));
    cursor.set_delivery(lanes_[i].acknowledged);
  }
  hello.set_credit_octets(config_.credit_octets > in_hand ? config_.credit_octets - in_hand : 0);
  left_ = false;
  AppendControl(frame, control);
}

void BusClient::AppendEnvelopes(Bytes& frame) {
  std::size_t room = config_.limits.frame_envelopes;
  for (Lane& lane : std::views::reverse(lanes_)) {
    for (; lane.sent < lane.outgoing.size() && room > 0; ++lane.sent, --room) {
      const ByteView envelope = *lane.outgoing[lane.sent].envelope;
      if (!frame.empty() && frame.size() + RecordOctets(envelope.size()) > config_.limits.frame_octets) return;
      AppendRecord(frame, envelope);
    }
  }
}

std::optional<Instant> BusClient::NextDeadline() const {
  if (state_ != State::kWelcomed || credit_due_ == 0) return std::nullopt;
  return acknowledged_at_ + config_.acknowledge_within;
}

void BusClient::AddAcknowledgements(v1::ClientFrame& control, Now now) {
  const bool due =
      credit_due_ >= config_.credit_octets / kCreditParts || now.instant >= acknowledged_at_ + config_.acknowledge_within;
  if (credit_due_ == 0 || !due) return;
  acknowledged_at_ = now.instant;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (!lanes_[i].acknowledgement_due) continue;
    lanes_[i].acknowledgement_due = false;
    v1::Acknowledgement& acknowledgement = *control.add_acknowledgement();
    acknowledgement.set_precedence(PrecedenceOf(i));
    acknowledgement.set_delivery(lanes_[i].acknowledged);
  }
  control.mutable_credit()->set_octets(credit_due_);
  credit_due_ = 0;
}

void BusClient::AddEvents(v1::ClientFrame& control) {
  std::size_t octets = 0;
  while (!events_.empty() && static_cast<std::size_t>(control.record_event_size()) < config_.limits.frame_events) {
    octets += events_.front().size();
    if (control.record_event_size() > 0 && octets > config_.limits.frame_octets) return;
    event_octets_ -= events_.front().size();
    control.add_record_event(std::move(events_.front()));
    events_.pop_front();
  }
}

bool BusClient::FullFrameWaits() const {
  std::size_t unsent = 0;
  for (const Lane& lane : lanes_) unsent += lane.outgoing.size() - lane.sent;
  return state_ == State::kWelcomed && unsent >= config_.limits.frame_envelopes;
}

bool BusClient::NothingToSend() const {
  const auto all_sent = [](const Lane& lane) { return lane.sent == lane.outgoing.size(); };
  return events_.empty() && std::ranges::all_of(lanes_, all_sent);
}

}  // namespace entente::broker
