// SPDX-License-Identifier: Apache-2.0
// Events of every other type: recognised, and carried whole in the notation that they came in.
#include "adapters/common/xml/xml_text.h"
#include "adapters/cot/event_tak_v1.h"
#include "adapters/cot/event_xml.h"
#include "adapters/cot/families.h"

namespace entente::cot {

void UnderstandOpaque(const Event& event, ByteView unit, adapter::DecodedMessage& message) {
  message.envelope.set_family(v1::FAMILY_OPAQUE);
  v1::Opaque& opaque = *message.envelope.mutable_opaque();
  opaque.set_native_type(event.head.type);
  *opaque.mutable_octets() = AsText(unit);
  message.ledger.Kept(v1::FIELD_EXTENSIONS);
  if (event.detail.callsign) {
    opaque.set_callsign(*event.detail.callsign);
    message.ledger.Kept(v1::FIELD_CALLSIGN);
  }
  if (IsNowhere(event.head)) return;
  opaque.mutable_position()->set_latitude_deg(event.head.point->latitude_deg);
  opaque.mutable_position()->set_longitude_deg(event.head.point->longitude_deg);
  message.ledger.Kept(v1::FIELD_POSITION);
}

// Head and detail come from the octets; only what the exercise added since, a label or a precedence, is the envelope's.
Drafted DraftOpaque(const v1::Envelope& message, Draft& draft) {
  const v1::Opaque& opaque = message.opaque();
  const ByteView octets = AsBytes(opaque.octets());
  const auto notation = NotationOf(octets);
  const bool ours = message.provenance().protocol() == "cot" || message.native_id().scheme() == kUidScheme;
  if (!ours || !notation)
    return std::unexpected(adapter::CannotSay{"\"" + opaque.native_type() + "\" is octets of another protocol"});
  Event event;
  const auto read = *notation == Notation::kXml       ? ReadXml(octets, event)
                    : *notation == Notation::kTakMesh ? ReadTakV1(octets, TakHeader::kMesh, event)
                                                      : ReadTakV1(octets, TakHeader::kStream, event);
  if (!read || event.head.type.empty()) {
    return std::unexpected(
        adapter::CannotSay{"the carried octets are no CoT event" + (read ? std::string{} : ": " + read.error().text)});
  }
  EventHead& head = event.head;
  if (message.has_label()) {
    head.access = draft.head.access;
    head.caveat = draft.head.caveat;
    head.releasable_to = draft.head.releasable_to;
  }
  if (!draft.head.qos.empty()) head.qos = draft.head.qos;
  if (head.how.empty()) head.how = "m-r";
  draft.head = std::move(head);
  draft.detail = std::string(xml::Trim(event.detail_xml));
  draft.carried = {};
  draft.ledger.Kept(v1::FIELD_EXTENSIONS);
  if (opaque.has_position()) draft.ledger.Kept(v1::FIELD_POSITION);
  if (!opaque.callsign().empty()) draft.ledger.Kept(v1::FIELD_CALLSIGN);
  return {};
}

}  // namespace entente::cot
