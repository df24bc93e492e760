// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/egress.h"

#include <algorithm>

namespace entente::gateway {
namespace {

bool IsStale(const v1::Envelope& message, Now now) {
  return message.stale_at_ns() != 0 && message.stale_at_ns() < ToNanoseconds(now.utc);
}

// What was sent, if the session did not send the encoded units as they are.
bool IsOwnRendering(const adapter::SendResult& sent, const adapter::Encoded& encoded) {
  return !std::ranges::equal(sent.units, encoded.units, {}, &adapter::SentUnit::octets);
}

EncodeResult AsSent(const adapter::SendResult& sent, const adapter::Encoded& encoded) {
  adapter::Encoded own{.units = {}, .ledger = encoded.ledger};
  for (const adapter::SentUnit& unit : sent.units) own.units.push_back(unit.octets);
  return own;
}

std::size_t OctetsOf(const adapter::SendResult& sent) {
  std::size_t octets = 0;
  for (const adapter::SentUnit& unit : sent.units) octets += unit.octets->size();
  return octets;
}

}  // namespace

void Egress::Deliver(v1::Precedence precedence, std::uint64_t delivery, ByteView envelope, adapter::Session* session, Now now) {
  if (!v1::Precedence_IsValid(precedence)) {
    return Fault("the bus delivered with the unknown precedence " + std::to_string(static_cast<int>(precedence)), now);
  }
  Acknowledgements& acknowledgements = acknowledgements_[static_cast<std::size_t>(precedence)];
  switch (acknowledgements.Expect(delivery)) {
    case Acknowledgements::Arrival::kNew:
      break;
    case Acknowledgements::Arrival::kUndecidedRepeat:
      return;
    case Acknowledgements::Arrival::kDecidedRepeat:
      return bus_.Acknowledge(precedence, acknowledgements.decided_up_to());
  }
  std::optional<Outgoing> outgoing = Parse(precedence, delivery, envelope, now);
  if (!outgoing) return;
  if (config_.stage == nullptr) return Accept(*std::move(outgoing), session, now);
  PassStage(*std::move(outgoing), session, now);
}

void Egress::PassStage(Outgoing outgoing, adapter::Session* session, Now now) {
  const MessageFate fate = config_.stage->Decide(outgoing.message->envelope(), v1::DIRECTION_TO_NODE, now);
  if (!fate.lost_because.empty()) return Refuse(outgoing, v1::SEND_OUTCOME_DROPPED, fate.lost_because, now);
  if (fate.delay == Duration{0} && fate.copies == 0) return Accept(std::move(outgoing), session, now);
  const std::size_t octets = outgoing.message->octets().size();
  for (std::size_t i = 0; i <= fate.copies; ++i) {
    if (delayed_.HasRoom(octets)) {
      delayed_.Put(now.instant + fate.delay, octets, outgoing);
    } else if (i == 0) {
      return Refuse(outgoing, v1::SEND_OUTCOME_DROPPED, "too much is delayed by faults", now);
    }
  }
  ReleaseDue(session, now);
}

void Egress::ReleaseDue(adapter::Session* session, Now now) {
  while (auto outgoing = delayed_.TakeDue(now.instant)) {
    if (IsStale(outgoing->message->envelope(), now)) {
      Refuse(*outgoing, v1::SEND_OUTCOME_DROPPED, "stale", now);
    } else {
      Accept(*std::move(outgoing), session, now);
    }
  }
}

void Egress::Accept(Outgoing outgoing, adapter::Session* session, Now now) {
  if (session != nullptr && waiting_.empty() && LinkHasRoom()) {
    Send(std::move(outgoing), *session, now);
  } else if (session != nullptr && config_.carrier == adapter::Carrier::kDatagram && !LinkHasRoom()) {
    Refuse(outgoing, v1::SEND_OUTCOME_DROPPED, "link output full", now);
  } else {
    waiting_.PutLast(AsWaiting(outgoing), Dropped(now));
    if (session != nullptr) Flush(*session, now);
  }
}

void Egress::HandedOver(std::uint64_t unit, Now now) {
  while (!in_flight_.empty() && in_flight_.front().last_unit <= unit) {
    Pending pending = std::move(in_flight_.front());
    in_flight_.pop_front();
    in_flight_octets_ -= pending.octets;
    Conclude(pending.outgoing, {v1::SEND_OUTCOME_SENT, {}, pending.first_unit}, *pending.rendering, now);
  }
}

void Egress::Flush(adapter::Session& session, Now now) {
  while (LinkHasRoom()) {
    std::optional<WaitingDelivery> first = waiting_.TakeFirst();
    if (!first) return;
    std::optional<Outgoing> outgoing = Parse(first->id.precedence, first->delivery, first->envelope, now);
    if (!outgoing) continue;
    if (IsStale(outgoing->message->envelope(), now)) {
      Refuse(*outgoing, v1::SEND_OUTCOME_DROPPED, "stale", now);
    } else {
      Send(*std::move(outgoing), session, now);
    }
  }
}

void Egress::TakeBack(Now now) {
  while (!in_flight_.empty()) {
    waiting_.PutFirst(AsWaiting(in_flight_.back().outgoing), Dropped(now));
    in_flight_.pop_back();
  }
  in_flight_octets_ = 0;
}

void Egress::GiveUp(std::string_view reason, Now now) {
  TakeBack(now);
  while (const auto delayed = delayed_.TakeFirst()) Refuse(*delayed, v1::SEND_OUTCOME_DROPPED, std::string(reason), now);
  while (const auto waiting = waiting_.TakeFirst()) Refuse(*waiting, v1::SEND_OUTCOME_DROPPED, std::string(reason), now);
}

WaitingDelivery Egress::AsWaiting(const Outgoing& outgoing) {
  WaitingDelivery waiting = MakeWaiting(outgoing.delivery, outgoing.message->envelope(), outgoing.message->octets());
  waiting.id.precedence = outgoing.precedence;
  return waiting;
}

std::optional<Egress::Outgoing> Egress::Parse(v1::Precedence precedence, std::uint64_t delivery, ByteView envelope, Now now) {
  if (auto message = shared_.messages.Take(envelope)) return Outgoing{delivery, precedence, std::move(message)};
  Fault("the bus delivered " + std::to_string(envelope.size()) + " octets that are no envelope, as " +
            std::string(PrecedenceName(precedence)) + " delivery " + std::to_string(delivery),
        now);
  Decide(precedence, delivery);
  return std::nullopt;
}

void Egress::Fault(std::string text, Now now) {
  v1::RecordEvent event;
  event.mutable_process_fault()->set_component("gateway of " + config_.node.text());
  event.mutable_process_fault()->set_text(std::move(text));
  shared_.Record(std::move(event), now);
}

void Egress::Send(Outgoing outgoing, adapter::Session& session, Now now) {
  const v1::Envelope& message = outgoing.message->envelope();
  const std::string form(session.form());
  if (const std::string obstacle = LabelObstacle(message, form); !obstacle.empty()) {
    return Refuse(outgoing, v1::SEND_OUTCOME_NO_LABEL_SLOT, obstacle, now, form);
  }
  SharedRendering rendering = Encode(*outgoing.message, form, now);
  const EncodeResult& encoded = rendering->encoded();
  if (!encoded) return Refuse(outgoing, v1::SEND_OUTCOME_UNSUPPORTED, encoded.error().reason, now, form);

  const adapter::SendResult sent = session.Send(message, *encoded, now);
  if (IsOwnRendering(sent, *encoded)) rendering = std::make_shared<Rendering>(AsSent(sent, *encoded), form);
  if (sent.outcome != v1::SEND_OUTCOME_SENT || sent.units.empty()) {
    return Conclude(outgoing, {sent.outcome, sent.reason, 0}, *rendering, now);
  }
  shared_.names.Remember(message.object_id());
  echoes_.Remember(outgoing.message->key(), message.object_id(), *rendering);
  const std::size_t octets = OctetsOf(sent);
  in_flight_octets_ += octets;
  in_flight_.push_back({std::move(outgoing), std::move(rendering), sent.units.front().number, sent.units.back().number, octets});
}

std::string Egress::LabelObstacle(const v1::Envelope& message, std::string_view form) const {
  const adapter::Form* const known = config_.adapter->FindForm(form);
  if (known != nullptr && known->capability.label_slot) return {};
  if (config_.may_egress_unlabelled && config_.may_egress_unlabelled(message.label())) return {};
  const std::string& classification = message.label().classification();
  return "the policy does not let " + (classification.empty() ? std::string("an unlabelled message") : classification) +
         " out in a form without a place for its label (" + std::string(form) + ")";
}

Egress::SharedRendering Egress::Encode(DeliveredMessage& message, std::string_view form, Now now) {
  if (recipe_.empty() || recipe_form_ != form) {
    recipe_form_ = form;
    recipe_ = std::string(config_.adapter->name) + '\n' + recipe_form_ + '\n' + config_.options.Fingerprint();
  }
  const adapter::EncodeContext context{form, config_.options, shared_.ids};
  SharedRendering rendering = shared_.messages.Encode(message, *config_.adapter->codec, recipe_, context);
  shared_.RecordAssignments(now);
  return rendering;
}

void Egress::Refuse(const Subject& subject, v1::SendOutcome outcome, const std::string& reason, Now now, std::string_view form) {
  v1::MessageEgressed rendering;
  rendering.set_form(std::string(form));
  Record(subject, {outcome, reason, 0}, {.rendering = rendering.SerializeAsString(), .form = form}, now);
}

void Egress::Conclude(const Subject& subject, const Outcome& outcome, Rendering& rendering, Now now) {
  Record(subject, outcome,
         {.rendering = rendering.TellRecord(),
          .form = rendering.form(),
          .unit_hashes = rendering.unit_hashes(),
          .lost = rendering.lost()},
         now);
}

void Egress::Record(const Subject& subject, const Outcome& outcome, EgressedMessage said, Now now) {
  said.origin = subject.id.origin;
  said.incarnation = subject.id.incarnation;
  said.precedence = subject.precedence;
  said.sequence = subject.id.sequence;
  said.node = node_;
  said.outcome = outcome.sent;
  said.reason = outcome.reason;
  said.first_unit = outcome.first_unit;
  shared_.Record(said, now);
  Decide(subject.precedence, subject.delivery);
}

void Egress::Decide(v1::Precedence precedence, std::uint64_t delivery) {
  const auto up_to = acknowledgements_[static_cast<std::size_t>(precedence)].Decide(delivery);
  if (up_to) bus_.Acknowledge(precedence, *up_to);
}

WaitingQueue::OnGivenUp Egress::Dropped(Now now) {
  return [this, now](const WaitingDelivery& waiting, const std::string& reason) {
    Refuse(waiting, v1::SEND_OUTCOME_DROPPED, reason, now);
  };
}

}  // namespace entente::gateway
