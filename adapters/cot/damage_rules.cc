// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/damage_rules.h"

#include <array>
#include <functional>
#include <string>

#include "adapters/cot/event_tak_v1.h"
#include "adapters/cot/tak_v1.pb.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace entente::cot {
namespace {

using adapter::DamageRule;
using adapter::Reaction;
using Damaged = std::optional<Bytes>;

bool IsXml(ByteView unit) {
  return NotationOf(unit) == Notation::kXml;
}

Damaged Replaced(ByteView unit, std::size_t at, std::size_t length, std::string_view with) {
  std::string text(AsText(unit));
  text.replace(at, length, with);
  return ToBytes(text);
}

// Where the value of the first ` name="..."` behind `from` lies.
struct Value {
  std::size_t name_at = 0;
  std::size_t at = 0;
  std::size_t length = 0;
};
std::optional<Value> FindValue(ByteView unit, std::string_view name, std::size_t from) {
  const std::string_view text = AsText(unit);
  for (std::size_t at = text.find(name, from); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t quote = at + name.size() + 1;
    if (at == 0 || text[at - 1] > ' ' || quote >= text.size() || text[quote - 1] != '=') continue;
    const std::size_t end = text.find(text[quote], quote + 1);
    if (end == std::string_view::npos) return std::nullopt;
    return Value{at, quote + 1, end - quote - 1};
  }
  return std::nullopt;
}

Damaged WithValue(ByteView unit, std::string_view element, std::string_view name, std::string_view value) {
  if (!IsXml(unit)) return std::nullopt;
  const std::size_t start = AsText(unit).find(element);
  const auto found = start == std::string_view::npos ? std::nullopt : FindValue(unit, name, start);
  return found ? Replaced(unit, found->at, found->length, value) : std::nullopt;
}

Damaged WithoutAttribute(ByteView unit, std::string_view name) {
  if (!IsXml(unit)) return std::nullopt;
  const auto found = FindValue(unit, name, 0);
  return found ? Replaced(unit, found->name_at, found->at + found->length + 1 - found->name_at, "") : std::nullopt;
}

// Before the last closing tag, so inside the event.
Damaged WithInside(ByteView unit, std::string_view closing, std::string_view text) {
  if (!IsXml(unit)) return std::nullopt;
  const std::size_t at = AsText(unit).rfind(closing);
  return at == std::string_view::npos ? std::nullopt : Replaced(unit, at, 0, text);
}

// Changes the message of a TAK v1 unit, and writes the header anew around it.
Damaged Reframed(ByteView unit, const std::function<bool(wire::TakMessage&, std::string& octets)>& change) {
  const auto notation = NotationOf(unit);
  if (!notation || *notation == Notation::kXml) return std::nullopt;
  ByteReader reader(unit);
  reader.Skip(1);
  reader.Varint();
  if (*notation == Notation::kTakMesh) reader.Skip(1);
  const ByteView payload = reader.Take(reader.remaining());
  wire::TakMessage message;
  if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size())) || !message.has_event()) return std::nullopt;
  std::string octets;
  if (!change(message, octets)) return std::nullopt;
  if (octets.empty()) octets = message.SerializeAsString();
  ByteWriter writer;
  writer.U8(kTakMagic);
  writer.Varint(*notation == Notation::kTakMesh ? 1 : octets.size());
  if (*notation == Notation::kTakMesh) writer.U8(kTakMagic);
  writer.Text(octets);
  return std::move(writer).Release();
}

Damaged CutBeforeEnd(ByteView unit, Prng&) {
  const std::size_t end = AsText(unit).rfind("</event");
  if (!IsXml(unit) || end == std::string_view::npos) return std::nullopt;
  return ToBytes(unit.first(end));
}
Damaged UnescapedAmpersand(ByteView unit, Prng&) {
  return WithInside(unit, "</detail>", "<remarks>coffee & cake</remarks>");
}
Damaged CrossedTags(ByteView unit, Prng&) {
  return WithInside(unit, "</detail>", "<a><b></a></b>");
}
Damaged ControlCharacter(ByteView unit, Prng&) {
  return WithInside(unit, "</detail>", "<remarks>bell \x07</remarks>");
}
Damaged IllFormedUtf8(ByteView unit, Prng&) {
  return WithInside(unit, "</detail>", "<remarks>caf\xE9 au lait</remarks>");
}
Damaged DocumentType(ByteView unit, Prng&) {
  if (!AsText(unit).starts_with("<event")) return std::nullopt;
  return Replaced(unit, 0, 0, "<!DOCTYPE event [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>");
}
Damaged NoUid(ByteView unit, Prng&) {
  if (IsXml(unit)) return WithoutAttribute(unit, "uid");
  return Reframed(unit, [](wire::TakMessage& message, std::string&) {
    message.mutable_event()->clear_uid();
    return true;
  });
}
Damaged NoStale(ByteView unit, Prng&) {
  return WithoutAttribute(unit, "stale");
}
Damaged LatitudeBeyondPole(ByteView unit, Prng&) {
  if (IsXml(unit)) return WithValue(unit, "<point", "lat", "91.5");
  return Reframed(unit, [](wire::TakMessage& message, std::string&) {
    message.mutable_event()->set_lat(91.5);
    return true;
  });
}
Damaged TimeInWords(ByteView unit, Prng&) {
  return WithValue(unit, "<event", "time", "yesterday");
}
Damaged TypeWithSpaces(ByteView unit, Prng&) {
  return WithValue(unit, "<event", "type", "friendly ground unit");
}
Damaged VersionOne(ByteView unit, Prng&) {
  return WithValue(unit, "<event", "version", "1.1");
}
Damaged NotANumber(ByteView unit, Prng&) {
  return WithValue(unit, "<point", "ce", "NaN");
}
Damaged NoHow(ByteView unit, Prng&) {
  if (IsXml(unit)) return WithoutAttribute(unit, "how");
  return Reframed(unit, [](wire::TakMessage& message, std::string&) {
    message.mutable_event()->clear_how();
    return true;
  });
}
Damaged TextInDetail(ByteView unit, Prng&) {
  return WithInside(unit, "</detail>", "loose words");
}
Damaged MeshVersionTwo(ByteView unit, Prng&) {
  if (NotationOf(unit) != Notation::kTakMesh) return std::nullopt;
  Bytes damaged = ToBytes(unit);
  damaged[1] = 2;
  return damaged;
}
Damaged BrokenProtobuf(ByteView unit, Prng&) {
  return Reframed(unit, [](wire::TakMessage& message, std::string& octets) {
    octets = message.SerializeAsString();
    octets[0] = 0x17;  // field 2, wire type 7, which does not exist
    return true;
  });
}
Damaged BrokenXmlDetail(ByteView unit, Prng&) {
  return Reframed(unit, [](wire::TakMessage& message, std::string&) {
    message.mutable_event()->mutable_detail()->mutable_xml()->append("<remarks>no end");
    return true;
  });
}

constexpr std::array kRules = {
    DamageRule{"cot.half-event", "XML 1.0 §2.1", "the event ends before </event>", Reaction::kRefused, CutBeforeEnd},
    DamageRule{"cot.unescaped-ampersand", "XML 1.0 §4.1", "an '&' in text that starts no reference", Reaction::kRefused,
               UnescapedAmpersand},
    DamageRule{"cot.crossed-tags", "XML 1.0 §3", "elements that overlap instead of nesting", Reaction::kRefused, CrossedTags},
    DamageRule{"cot.control-character", "XML 1.0 §2.2", "the control character U+0007 in text", Reaction::kRefused,
               ControlCharacter},
    DamageRule{"cot.ill-formed-utf8", "XML 1.0 §2.2", "an ISO 8859-1 letter in UTF-8 text", Reaction::kRefused, IllFormedUtf8},
    DamageRule{"cot.document-type", "XML 1.0 §2.8, §4.2", "a DOCTYPE with an entity that names a file", Reaction::kRefused,
               DocumentType},
    DamageRule{"cot.no-uid", "CoT Base-Event Schema 2.0, uid", "the event has no uid", Reaction::kRefused, NoUid},
    DamageRule{"cot.no-stale", "CoT Base-Event Schema 2.0, stale", "the event has no stale time", Reaction::kRefused, NoStale},
    DamageRule{"cot.latitude-beyond-pole", "CoT Base-Event Schema 2.0, lat", "a latitude of 91.5 degrees", Reaction::kRefused,
               LatitudeBeyondPole},
    DamageRule{"cot.time-in-words", "CoT Base-Event Schema 2.0, time", "a time that is no xs:dateTime", Reaction::kRefused,
               TimeInWords},
    DamageRule{"cot.type-with-spaces", "CoT Base-Event Schema 2.0, type", "a type that is not words joined by '-'",
               Reaction::kRefused, TypeWithSpaces},
    DamageRule{"cot.version-1", "CoT Base-Event Schema 2.0, version", "an event of version 1.1", Reaction::kRefused, VersionOne},
    DamageRule{"cot.not-a-number", "CoT Base-Event Schema 2.0, ce", "a circular error of NaN", Reaction::kTolerated, NotANumber},
    DamageRule{"cot.no-how", "CoT Base-Event Schema 2.0, how", "the event does not say how it came about", Reaction::kTolerated,
               NoHow},
    DamageRule{"cot.text-in-detail", "CoT Base-Event Schema 2.0, detail", "words between the elements of <detail>",
               Reaction::kTolerated, TextInDetail},
    DamageRule{"cot.mesh-version-2", "TAK protocol v1, header", "a mesh datagram of version 2", Reaction::kRefused, MeshVersionTwo},
    DamageRule{"cot.broken-protobuf", "TAK protocol v1, TakMessage", "a wire type that does not exist", Reaction::kRefused,
               BrokenProtobuf},
    DamageRule{"cot.broken-xml-detail", "XML 1.0 §2.1", "XML in xmlDetail that has no end tag", Reaction::kRefused,
               BrokenXmlDetail},
};

}  // namespace

std::span<const DamageRule> DamageRules() {
  return kRules;
}

}  // namespace entente::cot
