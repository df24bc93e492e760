// SPDX-License-Identifier: Apache-2.0
#include "harness/nodes/listener.h"

#include <algorithm>

#include "base/digest.h"

namespace entente::harness {
namespace {

// Of a refused unit, into the record.
constexpr std::size_t kRefusedOctets = 4096;

// Texts that wait for an answer; more at once are not answered.
constexpr std::size_t kTexts = 256;

bool WantsReceipt(const v1::Envelope& envelope) {
  if (!envelope.has_chat() || envelope.native_message_id().empty()) return false;
  const auto delivery = envelope.chat().delivery();
  return delivery == v1::CHAT_DELIVERY_SENT || delivery == v1::CHAT_DELIVERY_UNSPECIFIED;
}

}  // namespace

void Listener::Record(v1::RecordEvent& event) const {
  event.set_utc_ns(ToNanoseconds(now_.utc));
  events_(event);
}

void Listener::SetState(v1::NodeState state, std::string_view reason, std::string_view endpoint, std::string_view form) {
  if (state == state_) return;
  state_ = state;
  v1::RecordEvent event;
  auto* changed = event.mutable_node_state_changed();
  changed->set_node(setting_.plan.node());
  changed->set_state(state);
  changed->set_reason(std::string(reason));
  changed->set_side(v1::SIDE_NODE);
  changed->set_endpoint(std::string(endpoint));
  changed->set_form(std::string(form));
  Record(event);
}

void Listener::OnMessage(adapter::DecodedMessage message, std::span<const ByteView> units) {
  if (WantsReceipt(message.envelope) && texts_.size() < kTexts) texts_.push_back(message.envelope);
  v1::MessageUnderstood& understood = *understood_.mutable_message_understood();
  understood.Clear();
  understood.set_node(setting_.plan.node());
  understood.mutable_understood()->Swap(&message.envelope);
  for (const ByteView unit : units) understood.add_unit_hashes(UnitHash(unit));
  for (const adapter::Finding& finding : message.findings) *understood.add_findings() = adapter::ToProto(finding);
  understood.set_evidence("decoder");
  Record(understood_);
  understood.mutable_understood()->Swap(&message.envelope);  // so that it is taken apart once, not cleared first
}

void Listener::OnRefused(const adapter::RefusedUnit& unit) {
  v1::RecordEvent event;
  auto* refused = event.mutable_unit_refused();
  refused->set_node(setting_.plan.node());
  refused->set_side(v1::SIDE_NODE);
  refused->set_unit_hash(UnitHash(unit.octets));
  refused->set_unit(unit.number);
  *refused->mutable_refusal() = adapter::ToProto(unit.error);
  refused->set_octets(ToText(unit.octets.first(std::min(unit.octets.size(), kRefusedOctets))));
  Record(event);
}

void Listener::OnState(adapter::SessionState state, std::string_view detail) {
  switch (state) {
    case adapter::SessionState::kConnected:  // said when the transport connected
    case adapter::SessionState::kClosed:     // said when the transport disconnected, with the session's reason
      return;
    case adapter::SessionState::kNegotiated:
      return SetState(v1::NODE_STATE_NEGOTIATED, {}, {}, detail);
    case adapter::SessionState::kActive:
      return SetState(v1::NODE_STATE_ACTIVE, {}, {}, detail);
    case adapter::SessionState::kSilent:
      return SetState(v1::NODE_STATE_SILENT, detail);
  }
}

}  // namespace entente::harness
