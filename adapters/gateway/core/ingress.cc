// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/ingress.h"

#include <algorithm>

#include "adapters/gateway/core/rebase.h"
#include "base/digest.h"

namespace entente::gateway {
namespace {

// Of a refused unit, into the record.
constexpr std::size_t kRefusedOctets = 4096;

void SetOctets(std::string& field, ByteView octets) {
  field.assign(AsText(octets));
}

}  // namespace

void Ingress::OnUnit(const adapter::ReceivedUnit& unit) {
  hashed_ = {};
  v1::UnitReceived& received = *received_.mutable_unit_received();
  received.set_node(config_.node.text());
  received.set_unit(unit.number);
  received.set_unit_hash(HashOf(unit.octets));
  SetOctets(*received.mutable_octets(), unit.octets);
  received.set_role(unit.role);
  received.set_native_type(unit.native_type.data(), unit.native_type.size());
  shared_.Record(received_, call_.now);
}

void Ingress::OnMessage(adapter::DecodedMessage message, std::span<const ByteView> units) {
  states_.Active(call_.now);
  std::vector<std::string> unit_hashes;
  unit_hashes.reserve(units.size());
  for (const ByteView unit : units) unit_hashes.push_back(HashOf(unit));

  v1::Envelope& envelope = message.envelope;
  Complete(envelope, unit_hashes);
  MapLabel(message);
  const auto original = echoes_.OriginalOf(envelope, unit_hashes, config_.options, call_.now);
  ApplyTimePolicy(envelope);
  Candidate candidate{std::move(envelope), std::move(unit_hashes), std::move(message.findings), std::move(message.ledger)};
  if (original) {
    publisher_.Refuse(candidate, "echo of " + ToText(*original), call_.now);
  } else {
    PassStage(std::move(candidate));
  }
}

void Ingress::PassStage(Candidate candidate) {
  if (config_.stage == nullptr) return publisher_.Offer(std::move(candidate), call_.now);
  const MessageFate fate = config_.stage->Decide(candidate.envelope, v1::DIRECTION_TO_GATEWAY, call_.now);
  if (!fate.lost_because.empty()) return publisher_.Refuse(candidate, fate.lost_because, call_.now);
  if (fate.delay == Duration{0} && fate.copies == 0) return publisher_.Offer(std::move(candidate), call_.now);
  const std::size_t octets = candidate.envelope.ByteSizeLong();
  for (std::size_t i = 0; i <= fate.copies; ++i) {
    if (fate.delay == Duration{0}) {
      publisher_.Offer(candidate, call_.now);
    } else if (delayed_.HasRoom(octets)) {
      delayed_.Put(call_.now.instant + fate.delay, octets, candidate);
    } else {
      return publisher_.Refuse(candidate, "too much is delayed by faults", call_.now);
    }
  }
}

void Ingress::ReleaseDue(Now now) {
  while (auto candidate = delayed_.TakeDue(now.instant)) publisher_.Offer(*std::move(candidate), now);
}

void Ingress::GiveUp(std::string_view reason, Now now) {
  while (const auto candidate = delayed_.TakeFirst()) publisher_.Refuse(*candidate, reason, now);
}

void Ingress::OnRefused(const adapter::RefusedUnit& unit) {
  hashed_ = {};
  v1::RecordEvent event;
  v1::UnitRefused& refused = *event.mutable_unit_refused();
  refused.set_node(config_.node.text());
  refused.set_side(v1::SIDE_GATEWAY);
  refused.set_unit_hash(HashOf(unit.octets));
  refused.set_unit(unit.number);
  *refused.mutable_refusal() = adapter::ToProto(unit.error);
  SetOctets(*refused.mutable_octets(), unit.octets.first(std::min(unit.octets.size(), kRefusedOctets)));
  shared_.Record(std::move(event), call_.now);
}

void Ingress::OnState(adapter::SessionState state, std::string_view detail) {
  switch (state) {
    case adapter::SessionState::kConnected:  // said when the transport connected
    case adapter::SessionState::kClosed:     // said when the transport disconnected, with the session's reason
      return;
    case adapter::SessionState::kNegotiated:
      return states_.Negotiated(call_.session->form(), detail, call_.now);
    case adapter::SessionState::kActive:
      return states_.Active(call_.now);
    case adapter::SessionState::kSilent:
      return states_.Silent(detail, call_.now);
  }
}

const std::string& Ingress::HashOf(ByteView octets) {
  if (hashed_.data() != octets.data() || hashed_.size() != octets.size() || octets.empty()) {
    hash_ = UnitHash(octets);
    hashed_ = octets;
  }
  return hash_;
}

void Ingress::Complete(v1::Envelope& envelope, const std::vector<std::string>& unit_hashes) const {
  v1::MessageId& id = *envelope.mutable_id();
  id.set_origin(config_.node.text());
  id.set_incarnation(config_.incarnation);
  id.set_sequence(0);
  const bool has_precedence = id.precedence() > v1::PRECEDENCE_UNSPECIFIED && v1::Precedence_IsValid(id.precedence());
  if (!has_precedence) id.set_precedence(v1::PRECEDENCE_ROUTINE);

  if (envelope.family() == v1::FAMILY_UNSPECIFIED) envelope.set_family(FamilyOf(envelope));
  if (envelope.has_native_id()) envelope.set_object_id(shared_.ObjectIdOf(envelope.native_id()));
  if (!envelope.has_label() && config_.default_label) {
    *envelope.mutable_label() = *config_.default_label;
    envelope.mutable_label()->set_origin(v1::LABEL_ORIGIN_DEFAULT);
  }
  if (envelope.stale_at_ns() == 0 && envelope.times().has_stale_at()) {
    envelope.set_stale_at_ns(envelope.times().stale_at().utc_ns());
  }
  v1::Provenance& provenance = *envelope.mutable_provenance();
  provenance.set_protocol(std::string(config_.adapter->name));
  provenance.set_form(std::string(call_.session->form()));
  provenance.set_transport(config_.transport);
  for (const std::string& hash : unit_hashes) provenance.add_unit_hashes(hash);
}

// Everybody behind the bus reads the label in the words of the exercise's policy; what it said before stands in the ledger.
void Ingress::MapLabel(adapter::DecodedMessage& message) const {
  if (!config_.map_label || !message.envelope.has_label()) return;
  v1::Label& label = *message.envelope.mutable_label();
  auto mapped = config_.map_label(label);
  if (!mapped) return;
  message.ledger.Approximated(v1::FIELD_CLASSIFICATION, 0, "mapped from " + label.policy() + ' ' + label.classification());
  label = *std::move(mapped);
}

void Ingress::ApplyTimePolicy(v1::Envelope& envelope) const {
  if (!call_.replayed || config_.as_recorded) return;
  Rebase(envelope, ShiftToNow(envelope, call_.recorded, call_.now.utc));
}

}  // namespace entente::gateway
