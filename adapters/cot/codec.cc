// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/codec.h"

#include <fmt/format.h>

#include "adapters/cot/event_tak_v1.h"
#include "adapters/cot/event_xml.h"
#include "adapters/cot/families.h"
#include "adapters/cot/type_code.h"
#include "base/limits.h"

namespace entente::cot {
namespace {

using adapter::CannotSay;
using adapter::DecodeCode;
using adapter::DecodedMessage;
using adapter::DecodedUnit;
using adapter::DecodeError;

// Of most messages; a larger ledger grows.
constexpr std::size_t kCustomaryLedger = 20;

// A thing without a place is no track. Other events are tolerated without a point.
adapter::DecodeResult<void> CheckPoint(Event& event, EventKind kind) {
  if (event.head.point || kind == EventKind::kControl) return {};
  if (kind == EventKind::kTrack) {
    return std::unexpected(
        DecodeError{DecodeCode::kMissingField, 0, "point", fmt::format("{}, point", kSchemaClause), "a track without a point"});
  }
  AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, 0, "point", kSchemaClause, "mandatory, but absent");
  return {};
}

// Some use the type b-t-f for messages of their own, which are no GeoChat.
EventKind KindOfEvent(const Event& event) {
  const EventKind kind = KindOf(event.head.type);
  const bool texts = event.detail.chat || event.detail.remarks;
  return kind == EventKind::kChat && !texts ? EventKind::kOpaque : kind;
}

void Understand(const Event& event, EventKind kind, ByteView unit, DecodedMessage& message) {
  switch (kind) {
    case EventKind::kTrack:
      UnderstandTrack(event, message);
      break;
    case EventKind::kChat:
      UnderstandChat(event, message);
      break;
    case EventKind::kAlert:
      UnderstandAlert(event, message);
      break;
    case EventKind::kWeaponEvent:
      UnderstandWeaponEvent(event, message);
      break;
    case EventKind::kOpaque:
      UnderstandOpaque(event, unit, message);
      break;
    case EventKind::kControl:
      break;
  }
}

Drafted DraftBody(const v1::Envelope& message, Draft& draft) {
  switch (message.body_case()) {
    case v1::Envelope::kTrack:
      return DraftTrack(message, draft);
    case v1::Envelope::kIdentity:
      return DraftIdentity(message, draft);
    case v1::Envelope::kChat:
      return DraftChat(message, draft);
    case v1::Envelope::kAlert:
      return DraftAlert(message, draft);
    case v1::Envelope::kWeaponEvent:
      return DraftWeaponEvent(message, draft);
    case v1::Envelope::kSimulationControl:
      return DraftComment(message, draft);
    case v1::Envelope::kOpaque:
      return DraftOpaque(message, draft);
    case v1::Envelope::kLiveness:
      return std::unexpected(CannotSay{"pings are between a session and its peer; another's are not passed on"});
    case v1::Envelope::kProtocolError:
      return std::unexpected(CannotSay{"CoT has no event for a protocol error"});
    case v1::Envelope::BODY_NOT_SET:
      break;
  }
  return std::unexpected(CannotSay{"the message has no body that this adapter knows"});
}

}  // namespace

const CotCodec& Codec() {
  static const CotCodec codec;
  return codec;
}

adapter::DecodeResult<void> ReadEvent(ByteView unit, std::string_view form, Event& event) {
  if (unit.size() > limits::kUnitOctets) {
    return std::unexpected(DecodeError{DecodeCode::kLimit, limits::kUnitOctets, "event", "ATAK inbound limit",
                                       fmt::format("{} octets; at most {} are read", unit.size(), limits::kUnitOctets)});
  }
  if (form == kFormTakV1) return ReadTakV1(unit, TakHeader::kStream, event);
  if (form == kFormTakV1Mesh) return ReadTakV1(unit, TakHeader::kMesh, event);
  return ReadXml(unit, event);
}

Bytes WriteEvent(const EventHead& head, std::string_view detail, std::string_view form) {
  if (form == kFormTakV1) return WriteTakV1(head, detail, TakHeader::kStream);
  if (form == kFormTakV1Mesh) return WriteTakV1(head, detail, TakHeader::kMesh);
  return ToBytes(WriteXml(head, detail));
}

adapter::DecodeResult<DecodedUnit> CotCodec::Decode(ByteView unit, const adapter::DecodeContext& context) const {
  Event event;
  if (auto read = ReadEvent(unit, context.form, event); !read) return std::unexpected(std::move(read.error()));
  DecodedUnit decoded;
  if (event.head.type.empty()) {  // a contact's announcement
    decoded.role = v1::UNIT_ROLE_CONTROL;
    decoded.native_type = "TakControl";
    return decoded;
  }
  const EventKind kind = KindOfEvent(event);
  if (auto checked = CheckPoint(event, kind); !checked) return std::unexpected(std::move(checked.error()));
  decoded.native_type = event.head.type;
  if (kind == EventKind::kControl) {
    decoded.role = v1::UNIT_ROLE_CONTROL;
    decoded.findings = std::move(event.findings);
    return decoded;
  }
  DecodedMessage& message = decoded.messages.emplace_back();
  message.ledger.Reserve(kCustomaryLedger);
  UnderstandEnvelope(event, context.options.Text("label-policy"), message);
  Understand(event, kind, unit, message);
  // At last, since the families look at it, too: long, and so better moved than copied.
  message.envelope.mutable_native_id()->set_value(std::move(event.head.uid));
  message.findings.insert(message.findings.end(), std::make_move_iterator(event.findings.begin()),
                          std::make_move_iterator(event.findings.end()));
  return decoded;
}

std::expected<adapter::Encoded, CannotSay> CotCodec::Encode(const v1::Envelope& message,
                                                            const adapter::EncodeContext& context) const {
  Draft draft;
  draft.ledger.Reserve(kCustomaryLedger);
  if (auto drafted = DraftEnvelope(message, context, draft); !drafted) return std::unexpected(std::move(drafted.error()));
  if (auto drafted = DraftBody(message, draft); !drafted) return std::unexpected(std::move(drafted.error()));
  if (draft.head.uid.empty())
    return std::unexpected(CannotSay{"the message names no object and no origin, and a CoT event needs a uid"});
  draft.detail += draft.carried.xml;
  Bytes unit = WriteEvent(draft.head, draft.detail, context.form);
  if (unit.size() > limits::kUnitOctets) {
    return std::unexpected(
        CannotSay{fmt::format("the event would be {} octets; TAK reads at most {}", unit.size(), limits::kUnitOctets)});
  }
  adapter::Encoded encoded;
  encoded.units.push_back(Share(std::move(unit)));
  encoded.ledger = std::move(draft.ledger);
  return encoded;
}

}  // namespace entente::cot
