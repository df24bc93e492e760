// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/event_xml.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "adapters/common/xml/xml_text.h"
#include "adapters/cot/type_code.h"

namespace entente::cot {
namespace {

using adapter::DecodeCode;
using adapter::DecodeError;
using xml::Attribute;
using xml::XmlReader;

std::unexpected<DecodeError> Refuse(DecodeCode code, std::size_t offset, std::string_view field, std::string text) {
  return std::unexpected(
      DecodeError{code, offset, std::string(field), fmt::format("{}, {}", kSchemaClause, field), std::move(text)});
}

adapter::DecodeResult<void> ReadTime(const Attribute& attribute, EventTime& time, Event& event) {
  bool zone_known = true;
  const auto parsed = ParseEventTime(attribute.raw, zone_known);
  if (!parsed) {
    return Refuse(DecodeCode::kOutOfRange, attribute.offset, attribute.name,
                  fmt::format("\"{}\" is no xs:dateTime, as 2026-01-01T00:00:00.000Z is", attribute.raw.substr(0, 40)));
  }
  if (!zone_known) {
    AddFinding(event, v1::FINDING_SEVERITY_DOUBT, attribute.offset, attribute.name, kSchemaClause, "no time zone; read as UTC");
  }
  time = *parsed;
  return {};
}

adapter::DecodeResult<void> CheckVersion(const Attribute& attribute) {
  const auto version = ParseDecimal(attribute.raw);
  if (version && version->value >= 2) return {};
  return Refuse(DecodeCode::kVersion, attribute.offset, "version",
                fmt::format("\"{}\", but must be a number of at least 2", attribute.raw.substr(0, 40)));
}

struct SeenAttributes {
  std::string_view time, start, stale;  // as they are spelt
  bool version = false;
};

// Most events start at the very time that they say.
adapter::DecodeResult<void> ReadStart(const Attribute& attribute, std::string_view time, Event& event) {
  if (attribute.raw != time || !time.ends_with('Z')) return ReadTime(attribute, event.head.start, event);
  event.head.start = event.head.time;
  return {};
}

std::string* TextPlace(const Attribute& attribute, EventHead& head) {
  switch (attribute.name.size()) {
    case 3:
      return attribute.Is("uid") ? &head.uid : attribute.Is("how") ? &head.how : attribute.Is("qos") ? &head.qos : nullptr;
    case 4:
      return attribute.Is("type") ? &head.type : attribute.Is("opex") ? &head.opex : nullptr;
    case 6:
      return attribute.Is("access") ? &head.access : attribute.Is("caveat") ? &head.caveat : nullptr;
    case 12:
      return attribute.Is("releasableTo") ? &head.releasable_to : nullptr;
    default:
      return nullptr;
  }
}

adapter::DecodeResult<void> ReadEventAttribute(const Attribute& attribute, SeenAttributes& seen, Event& event) {
  if (std::string* text = TextPlace(attribute, event.head)) {
    attribute.ReadInto(*text);
    return {};
  }
  if (attribute.Is("time")) return seen.time = attribute.raw, ReadTime(attribute, event.head.time, event);
  if (attribute.Is("start")) return seen.start = attribute.raw, ReadStart(attribute, seen.time, event);
  if (attribute.Is("stale")) return seen.stale = attribute.raw, ReadTime(attribute, event.head.stale, event);
  if (attribute.Is("version")) return seen.version = true, CheckVersion(attribute);
  if (attribute.Is("xmlns")) {
    AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, attribute.offset, "xmlns", kSchemaClause,
               "events are of no namespace; read as if it were one of them");
  } else if (!attribute.name.starts_with("xml")) {
    AddFinding(event, v1::FINDING_SEVERITY_NOTE, attribute.offset, "event", kSchemaClause,
               fmt::format("unknown attribute {} of <event> is not carried on", attribute.name.substr(0, 40)));
  }
  return {};
}

adapter::DecodeResult<void> ReadEventAttributes(const XmlReader& reader, Event& event) {
  SeenAttributes seen;
  for (const Attribute& attribute : reader.attributes()) {
    if (auto read = ReadEventAttribute(attribute, seen, event); !read) return read;
  }
  if (seen.time.data() == nullptr) return Refuse(DecodeCode::kMissingField, reader.offset(), "time", "the event has no time");
  if (seen.start.data() == nullptr) return Refuse(DecodeCode::kMissingField, reader.offset(), "start", "the event has no start");
  if (seen.stale.data() == nullptr)
    return Refuse(DecodeCode::kMissingField, reader.offset(), "stale", "the event has no stale time");
  if (!seen.version) {
    AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, reader.offset(), "version", kSchemaClause, "the event has no version");
  }
  return CheckHead(event, reader.offset(), kSchemaClause);
}

adapter::DecodeResult<double> ReadDegrees(const Attribute& attribute, double bound, Event& event) {
  const auto decimal = ParseDecimal(attribute.raw);
  if (!decimal || !(std::abs(decimal->value) <= bound)) {
    return Refuse(DecodeCode::kOutOfRange, attribute.offset, attribute.name,
                  fmt::format("\"{}\" is no number from -{} to {}", attribute.raw.substr(0, 40), bound, bound));
  }
  if (!decimal->conforming) {
    AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, attribute.offset, attribute.name, kSchemaClause,
               "an exponent in an xs:decimal");
  }
  return decimal->value;
}

// hae, ce and le: a sentinel, NaN or nonsense is no value.
std::optional<double> ReadMetres(const Attribute& attribute, bool may_be_negative, Event& event) {
  const auto decimal = ParseDecimal(attribute.raw);
  if (!decimal || !decimal->conforming || (!may_be_negative && decimal->value < 0)) {
    AddFinding(
        event, v1::FINDING_SEVERITY_DEVIATION, attribute.offset, attribute.name, kSchemaClause,
        fmt::format("\"{}\" is not {}; {}", attribute.raw.substr(0, 40), may_be_negative ? "an xs:decimal" : "a radius",
                    decimal && decimal->value >= 0 && !IsUnknownMetres(decimal->value) ? "read as it stands" : "taken as unknown"));
  }
  if (!decimal || IsUnknownMetres(decimal->value) || (!may_be_negative && decimal->value < 0)) return std::nullopt;
  return decimal->value;
}

adapter::DecodeResult<void> ReadPoint(XmlReader& reader, Event& event) {
  static constexpr std::array<std::string_view, 5> kNames = {"lat", "lon", "hae", "ce", "le"};
  Point point;
  std::array<bool, 5> seen{};
  for (const Attribute& attribute : reader.attributes()) {
    const std::size_t which = attribute.Is("lat")   ? 0
                              : attribute.Is("lon") ? 1
                              : attribute.Is("hae") ? 2
                              : attribute.Is("ce")  ? 3
                              : attribute.Is("le")  ? 4
                                                    : kNames.size();
    if (which == kNames.size()) continue;
    seen[which] = true;
    if (which < 2) {
      const auto degrees = ReadDegrees(attribute, which == 0 ? 90 : 180, event);
      if (!degrees) return std::unexpected(degrees.error());
      (which == 0 ? point.latitude_deg : point.longitude_deg) = *degrees;
    } else {
      (which == 2 ? point.hae_m : which == 3 ? point.ce_m : point.le_m) = ReadMetres(attribute, which == 2, event);
    }
  }
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (seen[i]) continue;
    if (i < 2) return Refuse(DecodeCode::kMissingField, reader.offset(), kNames[i], fmt::format("the point has no {}", kNames[i]));
    AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, reader.offset(), kNames[i], kSchemaClause,
               "mandatory, but absent; taken as unknown");
  }
  event.head.point = point;
  if (!reader.SkipElement()) return std::unexpected(reader.error());
  return {};
}

adapter::DecodeResult<void> ReadEventChild(XmlReader& reader, std::string_view text, Event& event) {
  if (reader.name() == "point" && !event.head.point) return ReadPoint(reader, event);
  if (reader.name() == "detail" && event.detail_xml.data() == nullptr) {
    const std::size_t start = reader.end_offset();
    const bool whole = KindOf(event.head.type) == EventKind::kOpaque;
    if (auto read = ReadDetail(reader, !whole, text, event); !read) return read;
    // For <detail/> the end tag is the start tag.
    event.detail_xml = text.substr(start, std::max(start, reader.offset()) - start);
    return {};
  }
  AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, reader.offset(), "event", kSchemaClause,
             fmt::format("<{}> inside <event> is not carried on", reader.name().substr(0, 40)));
  if (!reader.SkipElement()) return std::unexpected(reader.error());
  return {};
}

}  // namespace

adapter::DecodeResult<void> ReadXml(ByteView unit, Event& event) {
  const std::string_view text = AsText(unit);
  auto opened = xml::Open(text);
  if (!opened) return std::unexpected(opened.error());
  XmlReader& reader = *opened;
  if (reader.Next() != XmlReader::Token::kStart) return std::unexpected(reader.error());
  if (reader.name() != "event") {
    return Refuse(DecodeCode::kUnknownType, reader.offset(), "event",
                  fmt::format("the root element is <{}>, not <event>", reader.name().substr(0, 40)));
  }
  if (auto read = ReadEventAttributes(reader, event); !read) return read;
  while (true) {
    switch (reader.NextPastSpace()) {
      case XmlReader::Token::kStart:
        if (auto read = ReadEventChild(reader, text, event); !read) return read;
        break;
      case XmlReader::Token::kText:
        if (!reader.text_is_blank()) {
          AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, reader.offset(), "event", kSchemaClause, "text inside <event>");
        }
        break;
      case XmlReader::Token::kEnd:
        break;
      case XmlReader::Token::kDone:
        return {};
      case XmlReader::Token::kError:
        return std::unexpected(reader.error());
    }
  }
}

void AppendAttribute(std::string& out, std::string_view name, std::string_view value) {
  out.append(" ").append(name).append("=\"");
  xml::AppendEscaped(out, value);
  out += '"';
}

void AppendAttribute(std::string& out, std::string_view name, double value) {
  out.append(" ").append(name).append("=\"");
  AppendDecimal(out, value);
  out += '"';
}

namespace {

void AppendTime(std::string& out, std::string_view name, UtcTime time) {
  out.append(" ").append(name).append("=\"");
  AppendEventTime(out, time);
  out += '"';
}

void AppendOptional(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) AppendAttribute(out, name, value);
}

}  // namespace

std::string WriteXml(const EventHead& head, std::string_view detail) {
  std::string out;
  out.reserve(384 + head.uid.size() + detail.size());
  out += "<event version=\"2.0\"";
  AppendAttribute(out, "uid", head.uid);
  AppendAttribute(out, "type", head.type);
  AppendTime(out, "time", head.time.time);
  AppendTime(out, "start", head.start.time);
  AppendTime(out, "stale", head.stale.time);
  AppendAttribute(out, "how", head.how);
  AppendOptional(out, "access", head.access);
  AppendOptional(out, "caveat", head.caveat);
  AppendOptional(out, "releasableTo", head.releasable_to);
  AppendOptional(out, "qos", head.qos);
  AppendOptional(out, "opex", head.opex);
  const Point point = head.point.value_or(Point{});
  out += "><point";
  AppendAttribute(out, "lat", point.latitude_deg);
  AppendAttribute(out, "lon", point.longitude_deg);
  AppendAttribute(out, "hae", point.hae_m.value_or(kUnknownMetres));
  AppendAttribute(out, "ce", point.ce_m.value_or(kUnknownMetres));
  AppendAttribute(out, "le", point.le_m.value_or(kUnknownMetres));
  out.append("/><detail>").append(detail).append("</detail></event>");
  return out;
}

}  // namespace entente::cot
