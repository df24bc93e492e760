// SPDX-License-Identifier: Apache-2.0
#include "harness/nodes/speaker.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "harness/nodes/omit_fields.h"

namespace entente::harness {
namespace {

void SetOutcome(v1::SendOutcome outcome, std::string reason, v1::MessageComposed& composed) {
  composed.set_outcome(outcome);
  composed.set_reason(std::move(reason));
}

}  // namespace

void Speaker::Say(v1::Envelope message, v1::Precedence precedence, const v1::Label& label, adapter::Session* session, Now now) {
  Complete(precedence, label, session == nullptr ? setting_.form->name : session->form(), now, message);
  composed_.set_utc_ns(ToNanoseconds(now.utc));
  v1::MessageComposed& composed = *composed_.mutable_message_composed();
  composed.Clear();
  composed.set_node(setting_.plan.node());
  if (setting_.plan.defects().muted()) {
    SetOutcome(v1::SEND_OUTCOME_MUTED, "the node is told not to speak", composed);
  } else if (session == nullptr) {
    SetOutcome(v1::SEND_OUTCOME_DROPPED, "the link is down", composed);
  } else {
    Send(message, *session, now, composed);
  }
  composed.mutable_truth()->Swap(&message);
  events_(composed_);
  composed.mutable_truth()->Swap(&message);  // so that it is taken apart once, not cleared first
}

void Speaker::Complete(v1::Precedence precedence, const v1::Label& label, std::string_view form, Now now, v1::Envelope& message) {
  if (precedence == v1::PRECEDENCE_UNSPECIFIED) precedence = v1::PRECEDENCE_ROUTINE;
  auto* id = message.mutable_id();
  id->set_origin(setting_.plan.node());
  id->set_incarnation(setting_.incarnation);
  id->set_precedence(precedence);
  id->set_sequence(++said_[static_cast<std::size_t>(precedence)]);
  *message.mutable_label() = label;
  message.set_reality(v1::REALITY_EXERCISE);
  message.set_exercise_name(setting_.exercise);
  if (message.has_chat()) {
    message.set_native_message_id(fmt::format("{}-{}-{}", setting_.plan.node(), static_cast<int>(precedence), id->sequence()));
  }
  if (message.object_id().empty()) return;
  if (const auto native = NativeIdOf(message, form, now)) *message.mutable_native_id() = *native;
}

std::optional<v1::NativeId> Speaker::NativeIdOf(const v1::Envelope& message, std::string_view form, Now now) {
  if (const auto known = native_ids_.find(message.object_id()); known != native_ids_.end()) return known->second;
  const auto encoded = setting_.adapter->codec->Encode(message, {form, setting_.options, ids_});
  if (!encoded) return std::nullopt;
  std::optional<v1::NativeId> native;
  for (const SharedBytes& unit : encoded->units) {
    const auto decoded = setting_.adapter->codec->Decode(*unit, {form, setting_.options, now});
    if (!decoded || decoded->messages.empty() || !decoded->messages.front().envelope.has_native_id()) continue;
    native = decoded->messages.front().envelope.native_id();
    break;
  }
  native_ids_.emplace(message.object_id(), native);
  return native;
}

void Speaker::Send(const v1::Envelope& truth, adapter::Session& session, Now now, v1::MessageComposed& composed) {
  if (setting_.plan.defects().omits().empty()) return SendAs(truth, session, now, composed);
  v1::Envelope said = truth;
  for (const int field : setting_.plan.defects().omits()) OmitField(static_cast<v1::Field>(field), said);
  SendAs(said, session, now, composed);
}

void Speaker::SendAs(const v1::Envelope& said, adapter::Session& session, Now now, v1::MessageComposed& composed) {
  const auto encoded = setting_.adapter->codec->Encode(said, {session.form(), setting_.options, ids_});
  if (!encoded) return SetOutcome(v1::SEND_OUTCOME_UNSUPPORTED, encoded.error().reason, composed);
  adapter::ToProto(encoded->ledger, *composed.mutable_ledger());
  const adapter::SendResult result = session.Send(said, *encoded, now);
  SetOutcome(result.outcome, result.reason, composed);
  for (const adapter::SentUnit& unit : result.units) composed.add_unit_hashes(UnitHash(*unit.octets));
}

}  // namespace entente::harness
