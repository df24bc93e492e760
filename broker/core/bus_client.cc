// SPDX-License-Identifier: Apache-2.0
#include "broker/core/bus_client.h"

#include <algorithm>

#include "base/invariant.h"

namespace entente::broker {
namespace {

constexpr std::uint32_t kBusVersion = 1;
// Larger than any event that fits a frame beside a batch.
constexpr std::size_t kLargestEvent = limits::kFrameOctets / 2;

std::unexpected<Error> Broken(std::string what) {
  return Fail(ErrorCode::kDataLoss, std::move(what), "frame from the broker", "both ends must speak entente.v1.Bus, version 1");
}

}  // namespace

BusClient::BusClient(BusClientConfig config, BusClientSink& sink) : config_(std::move(config)), sink_(sink) {
  for (const v1::Cursor& cursor : config_.cursors) {
    Lane* lane = LaneOf(cursor.precedence());
    if (lane == nullptr) continue;
    lane->received = lane->acknowledged = cursor.delivery();
    was_welcomed_ = true;
  }
}

BusClient::Lane* BusClient::LaneOf(v1::Precedence precedence) {
  if (precedence < v1::PRECEDENCE_ROUTINE || precedence > v1::PRECEDENCE_FLASH) return nullptr;
  return &lanes_[static_cast<std::size_t>(precedence) - 1];
}

void BusClient::OnConnected(Now) {
  state_ = State::kHelloDue;
  clock_.Forget();  // it may be another broker
  probe_due_ = false;
}

void BusClient::OnDisconnected(std::string_view, Now) {
  state_ = State::kDisconnected;
  credit_due_ = 0;  // the next hello grants afresh
  for (Lane& lane : lanes_) {
    lane.sent = 0;
    lane.acknowledgement_due = false;  // its cursor says the same
  }
}

Status BusClient::OnFrame(ByteView frame, Now now) {
  if (state_ == State::kDisconnected || state_ == State::kHelloDue) return Broken("a frame before the hello");
  if (Status split = SplitFrame(frame, config_.limits.received_frame_octets, parts_); !split) return split;
  v1::BrokerFrame control;
  if (!control.ParseFromString(parts_.control)) return Broken("fields that cannot be parsed");
  // Refusals before the welcome's summary, which would take them for accepted.
  for (const v1::Receipt& receipt : control.receipt()) OnReceipt(receipt);
  if (control.has_welcome()) {
    if (Status welcome = OnWelcome(control, now); !welcome) return welcome;
  }
  if (control.has_goodbye()) {
    sink_.OnGoodbye(control.goodbye().reason());
    return {};
  }
  if (state_ != State::kWelcomed) return Broken("no welcome in the first frame");
  if (!parts_.envelopes.empty()) {
    if (Status delivered = Deliver(control, now); !delivered) return delivered;
  }
  if (control.has_clock_probe()) OnClockProbe(control.clock_probe(), now);
  TellWritable();
  return {};
}

void BusClient::OnClockProbe(const v1::ClockProbe& probe, Now now) {
  const auto estimate =
      clock_.Add(FromNanoseconds(probe.t1_ns()), FromNanoseconds(probe.t2_ns()), FromNanoseconds(probe.t3_ns()), now.utc);
  if (estimate) sink_.OnClockEstimated(*estimate);
}

void BusClient::ProbeClock(Now now) {
  probe_due_ = probe_due_ || (welcomed() && clock_.IsDue(now.instant));
}

Status BusClient::OnWelcome(const v1::BrokerFrame& control, Now now) {
  const v1::Welcome& welcome = control.welcome();
  if (state_ == State::kWelcomed) return Broken("a second welcome");
  if (welcome.version() != kBusVersion) {
    return Fail(ErrorCode::kUnsupported, "the broker speaks bus version " + std::to_string(welcome.version()), config_.node,
                "use a broker that speaks version 1");
  }
  state_ = State::kWelcomed;
  was_welcomed_ = true;
  for (const v1::PublishedUpTo& published : welcome.published()) AcceptUpTo(published.precedence(), published.sequence());
  if (!welcome.resumed()) StartAfresh();
  sink_.OnWelcome(welcome, now);
  return {};
}

// The broker's delivery numbers have nothing to do with those known so far.
void BusClient::StartAfresh() {
  for (Lane& lane : lanes_) {
    for (const Unacknowledged& delivery : lane.unacknowledged) credit_due_ += delivery.octets;
    lane.unacknowledged.clear();
    lane.received = lane.acknowledged = 0;
  }
}

Status BusClient::Deliver(const v1::BrokerFrame& control, Now now) {
  Lane* lane = LaneOf(control.precedence());
  if (lane == nullptr || control.first_delivery() == 0) return Broken("deliveries without precedence or number");
  // The sink may not touch the parts, so that calling it from here is safe.
  for (std::size_t i = 0; i < parts_.envelopes.size(); ++i) {
    const std::uint64_t delivery = control.first_delivery() + i;
    const EnvelopeRecord& record = parts_.envelopes[i];
    if (delivery <= lane->received) {
      ++duplicates_;
      credit_due_ += record.record.size();
      continue;
    }
    lane->received = delivery;
    lane->unacknowledged.push_back({delivery, record.record.size()});
    sink_.OnDelivery(control.precedence(), delivery, record.envelope, now);
  }
  return {};
}

void BusClient::OnReceipt(const v1::Receipt& receipt) {
  if (receipt.refused().empty()) {
    AcceptUpTo(receipt.precedence(), receipt.sequence());
    return;
  }
  if (Lane* lane = LaneOf(receipt.precedence())) {
    const auto found = std::ranges::lower_bound(lane->outgoing, receipt.sequence(), {}, &Outgoing::sequence);
    if (found == lane->outgoing.end() || found->sequence != receipt.sequence()) return;  // said before
    Forget(*lane, static_cast<std::size_t>(found - lane->outgoing.begin()));
  }
  sink_.OnReceipt(receipt.precedence(), receipt.sequence(), receipt.refused());
}

void BusClient::AcceptUpTo(v1::Precedence precedence, std::uint64_t sequence) {
  Lane* lane = LaneOf(precedence);
  if (lane == nullptr) return;
  while (!lane->outgoing.empty() && lane->outgoing.front().sequence <= sequence) {
    const std::uint64_t accepted = lane->outgoing.front().sequence;
    Forget(*lane, 0);
    sink_.OnReceipt(precedence, accepted, {});
  }
}

void BusClient::Forget(Lane& lane, std::size_t index) {
  --outstanding_messages_;
  outstanding_octets_ -= lane.outgoing[index].envelope->size();
  lane.outgoing.erase(lane.outgoing.begin() + static_cast<std::ptrdiff_t>(index));
  if (index < lane.sent) --lane.sent;
}

bool BusClient::Full() const {
  return outstanding_messages_ >= config_.limits.outstanding_messages || outstanding_octets_ >= config_.limits.outstanding_octets;
}

void BusClient::TellWritable() {
  if (!writable_owed_ || Full()) return;
  writable_owed_ = false;
  sink_.OnWritable();
}

bool BusClient::Publish(const v1::MessageId& id, SharedBytes envelope) {
  Lane* lane = LaneOf(id.precedence());
  ENTENTE_INVARIANT(lane != nullptr && id.origin() == config_.node && id.incarnation() == config_.incarnation);
  if (Full()) {
    writable_owed_ = true;
    return false;
  }
  ENTENTE_INVARIANT(id.sequence() > lane->last_published);
  lane->last_published = id.sequence();
  ++outstanding_messages_;
  outstanding_octets_ += envelope->size();
  lane->outgoing.push_back({id.sequence(), std::move(envelope)});
  return true;
}

void BusClient::Acknowledge(v1::Precedence precedence, std::uint64_t delivery) {
  Lane* lane = LaneOf(precedence);
  if (lane == nullptr) return;
  // Deliveries of an earlier broker are not in this lane any more.
  while (!lane->unacknowledged.empty() && lane->unacknowledged.front().delivery <= delivery) {
    credit_due_ += lane->unacknowledged.front().octets;
    lane->acknowledged = lane->unacknowledged.front().delivery;
    lane->acknowledgement_due = true;
    lane->unacknowledged.pop_front();
  }
}

bool BusClient::AppendEvent(std::string event) {
  if (event.size() > kLargestEvent || event_octets_ + event.size() > config_.limits.event_octets) {
    ++events_lost_;
    return false;
  }
  event_octets_ += event.size();
  events_.push_back(std::move(event));
  return true;
}

void BusClient::Leave(std::string_view reason) {
  leaving_ = std::string(reason);
}

}  // namespace entente::broker
