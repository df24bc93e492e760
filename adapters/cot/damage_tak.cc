// SPDX-License-Identifier: Apache-2.0
// Rules of TAK protocol v1: its headers, its message, and the agreement on it.
#include <array>
#include <functional>
#include <limits>
#include <string>

#include "adapters/cot/codec.h"
#include "adapters/cot/damaged_event.h"
#include "adapters/cot/event_tak_v1.h"
#include "adapters/cot/tak_v1.pb.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace entente::cot {
namespace {

using adapter::DamageCategory;
using adapter::DamageRule;
using adapter::Reaction;

bool IsTak(ByteView unit, Notation notation) {
  return notation != Notation::kXml && NotationOf(unit) == notation;
}

// The message of a whole TAK v1 unit that holds an event.
std::optional<wire::TakMessage> MessageOf(ByteView unit) {
  if (!IsTak(unit, Notation::kTakStream) && !IsTak(unit, Notation::kTakMesh)) return std::nullopt;
  ByteReader reader(unit);
  reader.Skip(1);
  const std::uint64_t number = reader.Varint();
  const bool mesh = IsTak(unit, Notation::kTakMesh);
  if (mesh) reader.Skip(1);
  if (!reader.ok() || (!mesh && number != reader.remaining())) return std::nullopt;
  const ByteView payload = reader.Take(reader.remaining());
  wire::TakMessage message;
  if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size())) || !message.has_event()) return std::nullopt;
  return message;
}

// Behind a header of the same notation as `like`; `more` octets announced than there are.
Bytes Framed(std::string_view payload, ByteView like, std::size_t more = 0) {
  ByteWriter writer;
  writer.U8(kTakMagic);
  const bool mesh = IsTak(like, Notation::kTakMesh);
  writer.Varint(mesh ? 1 : payload.size() + more);
  if (mesh) writer.U8(kTakMagic);
  writer.Text(payload);
  return std::move(writer).Release();
}

template <typename Change>
DamagedEvent WithEvent(ByteView unit, Change change) {
  auto message = MessageOf(unit);
  if (!message) return std::nullopt;
  change(*message->mutable_event());
  return Framed(message->SerializeAsString(), unit);
}

DamagedEvent MeshVersionTwo(ByteView unit, Prng&) {
  if (!MessageOf(unit) || !IsTak(unit, Notation::kTakMesh)) return std::nullopt;
  Bytes damaged = ToBytes(unit);
  damaged[1] = 2;
  return damaged;
}
DamagedEvent StreamHeaderInDatagram(ByteView unit, Prng&) {
  const auto message = MessageOf(unit);
  if (!message || !IsTak(unit, Notation::kTakMesh)) return std::nullopt;
  ByteWriter writer;
  writer.U8(kTakMagic);
  writer.Varint(message->ByteSizeLong());
  writer.Text(message->SerializeAsString());
  return std::move(writer).Release();
}
DamagedEvent LengthBeyondMessage(ByteView unit, Prng& prng) {
  const auto message = MessageOf(unit);
  if (!message || !IsTak(unit, Notation::kTakStream)) return std::nullopt;
  return Framed(message->SerializeAsString(), unit, 1 + prng.Below(1000));
}
DamagedEvent EndlessVarint(ByteView unit, Prng&) {
  const auto message = MessageOf(unit);
  if (!message) return std::nullopt;
  Bytes damaged(13, std::uint8_t{0xFF});
  damaged[0] = kTakMagic;
  const std::string payload = message->SerializeAsString();
  damaged.insert(damaged.end(), payload.begin(), payload.end());
  return damaged;
}
DamagedEvent BrokenProtobuf(ByteView unit, Prng&) {
  const auto message = MessageOf(unit);
  if (!message) return std::nullopt;
  std::string payload = message->SerializeAsString();
  payload[0] = 0x17;  // field 2, wire type 7, which does not exist
  return Framed(payload, unit);
}
DamagedEvent NoEvent(ByteView unit, Prng&) {
  auto message = MessageOf(unit);
  if (!message) return std::nullopt;
  message->clear_event();
  message->set_submission_ms(1);
  return Framed(message->SerializeAsString(), unit);
}
DamagedEvent NoUid(ByteView unit, Prng&) {
  return WithEvent(unit, [](wire::CotEvent& event) { event.clear_uid(); });
}
DamagedEvent NoType(ByteView unit, Prng&) {
  auto message = MessageOf(unit);
  return message ? WithEvent(unit, [](wire::CotEvent& event) { event.clear_type(); }) : std::nullopt;
}
DamagedEvent NoHow(ByteView unit, Prng&) {
  return WithEvent(unit, [](wire::CotEvent& event) { event.clear_how(); });
}
DamagedEvent NoTime(ByteView unit, Prng&) {
  return WithEvent(unit, [](wire::CotEvent& event) { event.clear_time_ms(); });
}
DamagedEvent StaleBeforeStart(ByteView unit, Prng&) {
  return WithEvent(unit, [](wire::CotEvent& event) { event.set_stale_ms(1); });
}
DamagedEvent TypeWithSpaces(ByteView unit, Prng&) {
  return WithEvent(unit, [](wire::CotEvent& event) { event.set_type("friendly ground unit"); });
}
DamagedEvent LatitudeBeyondPole(ByteView unit, Prng&) {
  return WithEvent(unit, [](wire::CotEvent& event) { event.set_lat(91.5); });
}
DamagedEvent LatitudeNotANumber(ByteView unit, Prng&) {
  return WithEvent(unit, [](wire::CotEvent& event) { event.set_lat(std::numeric_limits<double>::quiet_NaN()); });
}
DamagedEvent LongitudeBeyondAntimeridian(ByteView unit, Prng&) {
  return WithEvent(unit, [](wire::CotEvent& event) { event.set_lon(-180.5); });
}
DamagedEvent IllFormedUtf8(ByteView unit, Prng&) {
  return WithEvent(unit, [](wire::CotEvent& event) { event.set_how("caf\xE9"); });
}
DamagedEvent BrokenXmlDetail(ByteView unit, Prng&) {
  return WithEvent(unit, [](wire::CotEvent& event) { event.mutable_detail()->mutable_xml()->append("<remarks>no end"); });
}

// The same event in the other notation.
DamagedEvent Rewritten(ByteView unit, std::string_view from, std::string_view to) {
  Event event;
  if (!ReadEvent(unit, from, event)) return std::nullopt;
  return WriteEvent(event.head, event.detail_xml, to);
}
DamagedEvent TakBeforeAgreed(ByteView unit, Prng&) {
  return IsXmlEvent(unit) ? Rewritten(unit, kFormXml, kFormTakV1) : std::nullopt;
}
DamagedEvent XmlAfterTak(ByteView unit, Prng&) {
  return MessageOf(unit) && IsTak(unit, Notation::kTakStream) ? Rewritten(unit, kFormTakV1, kFormXml) : std::nullopt;
}

constexpr std::string_view kHeader = "TAK protocol v1, header";
constexpr std::string_view kMessage = "TAK protocol v1, TakMessage";

constexpr std::array kRules = {
    DamageRule{"cot.mesh-version-2", DamageCategory::kState, kHeader, "a mesh datagram of version 2", Reaction::kRefused,
               MeshVersionTwo},
    DamageRule{"cot.stream-header-in-datagram", DamageCategory::kFraming, kHeader, "a datagram with the header of a stream",
               Reaction::kRefused, StreamHeaderInDatagram},
    DamageRule{"cot.tak-length-beyond-message", DamageCategory::kLength, kHeader, "more octets announced than the message has",
               Reaction::kRefused, LengthBeyondMessage},
    DamageRule{"cot.tak-endless-varint", DamageCategory::kLength, kHeader, "a header whose number has no end within ten octets",
               Reaction::kRefused, EndlessVarint},
    DamageRule{"cot.tak-before-agreed", DamageCategory::kState, kHeader, "TAK protocol v1 on a link on which XML is spoken",
               Reaction::kRefused, TakBeforeAgreed},
    DamageRule{"cot.xml-after-tak", DamageCategory::kState, kHeader, "an XML event after TAK protocol v1 was agreed",
               Reaction::kRefused, XmlAfterTak},
    DamageRule{"cot.broken-protobuf", DamageCategory::kEncoding, kMessage, "a wire type that does not exist", Reaction::kRefused,
               BrokenProtobuf},
    DamageRule{"cot.tak-no-event", DamageCategory::kMissing, kMessage, "a message with neither event nor control",
               Reaction::kRefused, NoEvent},
    DamageRule{"cot.tak-no-uid", DamageCategory::kMissing, "TAK protocol v1, CotEvent, uid", "the event has no uid",
               Reaction::kRefused, NoUid},
    DamageRule{"cot.tak-no-type", DamageCategory::kMissing, "TAK protocol v1, CotEvent, type", "the event has no type",
               Reaction::kRefused, NoType},
    DamageRule{"cot.tak-no-how", DamageCategory::kMissing, "TAK protocol v1, CotEvent, how",
               "the event does not say how it came about", Reaction::kTolerated, NoHow},
    DamageRule{"cot.tak-no-time", DamageCategory::kTime, "TAK protocol v1, CotEvent, time", "the event's time was never set",
               Reaction::kTolerated, NoTime},
    DamageRule{"cot.tak-stale-before-start", DamageCategory::kTime, "TAK protocol v1, CotEvent, stale",
               "the event was stale before it started", Reaction::kTolerated, StaleBeforeStart},
    DamageRule{"cot.tak-type-with-spaces", DamageCategory::kEnumeration, "TAK protocol v1, CotEvent, type",
               "a type that is not words joined by '-'", Reaction::kRefused, TypeWithSpaces},
    DamageRule{"cot.tak-latitude-beyond-pole", DamageCategory::kRange, "TAK protocol v1, CotEvent, lat",
               "a latitude of 91.5 degrees", Reaction::kRefused, LatitudeBeyondPole},
    DamageRule{"cot.tak-latitude-not-a-number", DamageCategory::kRange, "TAK protocol v1, CotEvent, lat",
               "a latitude that is not a number", Reaction::kRefused, LatitudeNotANumber},
    DamageRule{"cot.tak-longitude-beyond-antimeridian", DamageCategory::kRange, "TAK protocol v1, CotEvent, lon",
               "a longitude of -180.5 degrees", Reaction::kRefused, LongitudeBeyondAntimeridian},
    DamageRule{"cot.tak-ill-formed-utf8", DamageCategory::kEncoding, "XML 1.0 §2.2", "an ISO 8859-1 letter in UTF-8 text",
               Reaction::kRefused, IllFormedUtf8},
    DamageRule{"cot.broken-xml-detail", DamageCategory::kFraming, "XML 1.0 §2.1", "XML in xmlDetail that has no end tag",
               Reaction::kRefused, BrokenXmlDetail},
};

}  // namespace

std::span<const DamageRule> TakDamage() {
  return kRules;
}

}  // namespace entente::cot
