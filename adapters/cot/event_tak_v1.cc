// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/event_tak_v1.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "adapters/common/xml/xml_text.h"
#include "adapters/cot/event_xml.h"
#include "adapters/cot/tak_v1.pb.h"
#include "adapters/cot/type_code.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/limits.h"

namespace entente::cot {
namespace {

using adapter::DecodeCode;
using adapter::DecodeError;
using xml::Attribute;
using xml::XmlReader;

constexpr std::string_view kFramingClause = "TAK protocol v1, header";
constexpr std::uint64_t kVersion = 1;

std::unexpected<DecodeError> Refuse(DecodeCode code, std::size_t offset, std::string_view field, std::string_view clause,
                                    std::string text) {
  return std::unexpected(DecodeError{code, offset, std::string(field), std::string(clause), std::move(text)});
}

// The message behind the header.
adapter::DecodeResult<ByteView> OpenHeader(ByteView unit, TakHeader header) {
  ByteReader reader(unit);
  const std::uint8_t magic = reader.U8();
  const std::uint64_t number = reader.Varint();
  const std::uint8_t second_magic = header == TakHeader::kMesh ? reader.U8() : kTakMagic;
  if (!reader.ok()) return Refuse(DecodeCode::kTruncated, unit.size(), "header", kFramingClause, "the unit ends inside its header");
  if (magic != kTakMagic) {
    return Refuse(DecodeCode::kFraming, 0, "header", kFramingClause, fmt::format("starts with 0x{:02X}, not with 0xBF", magic));
  }
  if (header == TakHeader::kMesh) {
    if (second_magic != kTakMagic) {
      return Refuse(DecodeCode::kFraming, reader.offset() - 1, "header", kFramingClause,
                    "no 0xBF behind the version: a stream header, which has no place in a datagram");
    }
    if (number != kVersion)
      return Refuse(DecodeCode::kVersion, 1, "version", kFramingClause, fmt::format("version {}, not 1", number));
    return reader.Take(reader.remaining());
  }
  if (number > reader.remaining()) {
    return Refuse(DecodeCode::kTruncated, unit.size(), "length", kFramingClause,
                  fmt::format("{} octets announced, {} there", number, reader.remaining()));
  }
  if (number < reader.remaining()) {
    return Refuse(DecodeCode::kFraming, reader.offset() + number, "length", kFramingClause, "octets behind the announced length");
  }
  return reader.Take(number);
}

void OpenElement(std::string& out, std::string_view name) {
  out.append("<").append(name);
}
void AppendIfSaid(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) AppendAttribute(out, name, value);
}

// The typed fields as the elements that they stand for.
struct TypedElements {
  const wire::Detail& detail;
  std::string& out;
  bool contact = false, group = false, precision = false, status = false, takv = false, track = false;  // XML has it: XML wins

  void NoteXml(std::string_view name) {
    contact |= name == "contact";
    group |= name == "__group";
    precision |= name == "precisionlocation";
    status |= name == "status";
    takv |= name == "takv";
    track |= name == "track";
  }
  void Append() const {
    if (detail.has_contact() && !contact) {
      OpenElement(out, "contact");
      AppendIfSaid(out, "endpoint", detail.contact().endpoint());
      AppendIfSaid(out, "callsign", detail.contact().callsign());
      out += "/>";
    }
    if (detail.has_group() && !group) {
      OpenElement(out, "__group");
      AppendIfSaid(out, "name", detail.group().name());
      AppendIfSaid(out, "role", detail.group().role());
      out += "/>";
    }
    if (detail.has_precision_location() && !precision) {
      OpenElement(out, "precisionlocation");
      AppendIfSaid(out, "geopointsrc", detail.precision_location().geopointsrc());
      AppendIfSaid(out, "altsrc", detail.precision_location().altsrc());
      out += "/>";
    }
    if (detail.has_status() && !status) out += fmt::format("<status battery=\"{}\"/>", detail.status().battery());
    if (detail.has_takv() && !takv) {
      OpenElement(out, "takv");
      AppendIfSaid(out, "device", detail.takv().device());
      AppendIfSaid(out, "platform", detail.takv().platform());
      AppendIfSaid(out, "os", detail.takv().os());
      AppendIfSaid(out, "version", detail.takv().version());
      out += "/>";
    }
    if (detail.has_track() && !track) {
      OpenElement(out, "track");
      if (std::isfinite(detail.track().course())) AppendAttribute(out, "course", detail.track().course());
      if (std::isfinite(detail.track().speed())) AppendAttribute(out, "speed", detail.track().speed());
      out += "/>";
    }
  }
};

adapter::DecodeResult<void> CheckText(std::string_view field, const std::string& text, ByteView unit) {
  const auto bad = xml::FindBadCharacter(text);
  if (!bad) return {};
  DecodeError error = xml::BadCharacter(text, *bad);
  const std::size_t at = AsText(unit).find(text);
  error.offset += at == std::string_view::npos ? 0 : at;
  error.field = std::string(field);
  return std::unexpected(std::move(error));
}

adapter::DecodeResult<void> CheckTexts(const wire::CotEvent& said, ByteView unit) {
  const wire::Detail& detail = said.detail();
  const std::pair<std::string_view, const std::string*> texts[] = {
      {"type", &said.type()},
      {"access", &said.access()},
      {"qos", &said.qos()},
      {"opex", &said.opex()},
      {"uid", &said.uid()},
      {"how", &said.how()},
      {"caveat", &said.caveat()},
      {"releaseableTo", &said.releasable_to()},
      {"xmlDetail", &detail.xml()},
      {"contact", &detail.contact().endpoint()},
      {"contact", &detail.contact().callsign()},
      {"group", &detail.group().name()},
      {"group", &detail.group().role()},
      {"precisionLocation", &detail.precision_location().geopointsrc()},
      {"precisionLocation", &detail.precision_location().altsrc()},
      {"takv", &detail.takv().device()},
      {"takv", &detail.takv().platform()},
      {"takv", &detail.takv().os()},
      {"takv", &detail.takv().version()}};
  for (const auto& [field, text] : texts) {
    if (auto checked = CheckText(field, *text, unit); !checked) return checked;
  }
  return {};
}

// Builds `event.fragment` and reads it; an error in the XML gets its offset in the unit.
adapter::DecodeResult<void> ReadTakDetail(const wire::Detail& said, ByteView unit, Event& event) {
  const std::size_t at = said.xml().empty() ? 0 : AsText(unit).find(said.xml());
  const auto refuse = [&](DecodeError error, std::size_t before) {
    error.offset = error.offset < before ? 0 : error.offset - before + at;
    error.field = "xmlDetail";
    return std::unexpected(std::move(error));
  };
  TypedElements typed{said, event.fragment};
  XmlReader names(said.xml(), XmlReader::Shape::kFragment);
  for (auto token = names.Next(); token != XmlReader::Token::kDone; token = names.Next()) {
    if (token == XmlReader::Token::kStart && names.depth() == 1) typed.NoteXml(names.name());
    if (token == XmlReader::Token::kError) return refuse(names.error(), 0);
  }
  event.fragment.reserve(said.xml().size() + 256);
  typed.Append();
  const std::size_t before = event.fragment.size();
  event.fragment += said.xml();
  event.detail_xml = event.fragment;
  XmlReader reader(event.fragment, XmlReader::Shape::kFragment);
  const bool whole = KindOf(event.head.type) == EventKind::kOpaque;
  if (auto read = ReadDetail(reader, !whole, event.fragment, event); !read) return refuse(read.error(), before);
  return {};
}

std::optional<double> Metres(double value) {
  return IsUnknownMetres(value) ? std::nullopt : std::optional(value);
}

adapter::DecodeResult<void> ReadCotEvent(const wire::CotEvent& said, ByteView unit, Event& event) {
  if (auto checked = CheckTexts(said, unit); !checked) return checked;
  EventHead& head = event.head;
  head.type = said.type();
  head.access = said.access();
  head.qos = said.qos();
  head.opex = said.opex();
  head.uid = said.uid();
  head.how = said.how();
  head.caveat = said.caveat();
  head.releasable_to = said.releasable_to();
  head.time.time = FromTakMilliseconds(said.time_ms());
  head.start.time = FromTakMilliseconds(said.start_ms());
  head.stale.time = FromTakMilliseconds(said.stale_ms());
  if (said.time_ms() == 0) {
    AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, 0, "time", kDatamodelClause, "the time was never set: read as 1970");
  }
  if (auto checked = CheckHead(event, 0, kDatamodelClause); !checked) return checked;
  if (!(std::abs(said.lat()) <= 90)) {
    return Refuse(DecodeCode::kOutOfRange, 0, "lat", "TAK protocol v1, CotEvent, lat",
                  fmt::format("{} is not from -90 to 90", said.lat()));
  }
  if (!(std::abs(said.lon()) <= 180)) {
    return Refuse(DecodeCode::kOutOfRange, 0, "lon", "TAK protocol v1, CotEvent, lon",
                  fmt::format("{} is not from -180 to 180", said.lon()));
  }
  head.point = Point{said.lat(), said.lon(), Metres(said.hae()), Metres(said.ce()), Metres(said.le())};
  return ReadTakDetail(said.detail(), unit, event);
}

}  // namespace

std::optional<Notation> NotationOf(ByteView unit) {
  if (unit.empty()) return std::nullopt;
  if (unit[0] == kTakMagic)
    return unit.size() > 2 && unit[1] == kVersion && unit[2] == kTakMagic ? Notation::kTakMesh : Notation::kTakStream;
  return unit[0] == '<' || unit[0] == 0xEF || xml::IsSpace(static_cast<char>(unit[0])) ? std::optional(Notation::kXml)
                                                                                       : std::nullopt;
}

adapter::DecodeResult<void> ReadTakV1(ByteView unit, TakHeader header, Event& event) {
  const auto payload = OpenHeader(unit, header);
  if (!payload) return std::unexpected(payload.error());
  wire::TakMessage message;
  if (!message.ParseFromArray(payload->data(), static_cast<int>(payload->size()))) {
    return Refuse(DecodeCode::kSyntax, unit.size() - payload->size(), "TakMessage", "TAK protocol v1, TakMessage",
                  "not a well-formed protobuf message");
  }
  if (!message.has_event()) {
    if (message.has_control()) return {};
    return Refuse(DecodeCode::kMissingField, unit.size() - payload->size(), "cotEvent", "TAK protocol v1, TakMessage",
                  "neither an event nor a control");
  }
  return ReadCotEvent(message.event(), unit, event);
}

namespace {

// Moves an element into a typed field when it has exactly the field's attributes and nothing inside (whole-element rule).
class WholeElements {
 public:
  explicit WholeElements(wire::Detail& detail) : detail_(detail) {}

  // An element of that name stood before: only one of them could be typed, and the reader would lose it, since XML wins.
  bool Repeats(std::string_view name) {
    const auto known = std::ranges::find(kTypedNames, name);
    if (known == kTypedNames.end()) return false;
    return std::exchange(seen_[static_cast<std::size_t>(known - kTypedNames.begin())], true);
  }
  // True when the element went into a typed field.
  bool Take(std::string_view name, std::span<const Attribute> attributes) {
    if (name == "contact") return TakeContact(attributes);
    if (name == "__group") return TakeGroup(attributes);
    if (name == "precisionlocation") return TakePrecision(attributes);
    if (name == "status") return TakeStatus(attributes);
    if (name == "takv") return TakeTakv(attributes);
    if (name == "track") return TakeTrack(attributes);
    return false;
  }

 private:
  // The value of an attribute that must be there and not empty, since an empty field is an absent one.
  static std::optional<std::string> Text(std::span<const Attribute> attributes, std::string_view name) {
    const Attribute* found = Attribute::Find(attributes, name);
    if (found == nullptr || found->raw.empty()) return std::nullopt;
    return found->Value();
  }
  static std::optional<double> Number(std::span<const Attribute> attributes, std::string_view name) {
    const Attribute* found = Attribute::Find(attributes, name);
    const auto decimal = found == nullptr ? std::nullopt : ParseDecimal(found->raw);
    return decimal && decimal->conforming ? std::optional(decimal->value) : std::nullopt;
  }
  bool TakeContact(std::span<const Attribute> attributes) {
    const auto callsign = Text(attributes, "callsign");
    const auto endpoint = Text(attributes, "endpoint");
    if (!callsign || attributes.size() != (endpoint ? 2 : 1)) return false;
    detail_.mutable_contact()->set_callsign(*callsign);
    if (endpoint) detail_.mutable_contact()->set_endpoint(*endpoint);
    return true;
  }
  bool TakeGroup(std::span<const Attribute> attributes) {
    const auto name = Text(attributes, "name");
    const auto role = Text(attributes, "role");
    if (!name || !role || attributes.size() != 2) return false;
    detail_.mutable_group()->set_name(*name);
    detail_.mutable_group()->set_role(*role);
    return true;
  }
  bool TakePrecision(std::span<const Attribute> attributes) {
    const auto geopointsrc = Text(attributes, "geopointsrc");
    const auto altsrc = Text(attributes, "altsrc");
    if (!geopointsrc || !altsrc || attributes.size() != 2) return false;
    detail_.mutable_precision_location()->set_geopointsrc(*geopointsrc);
    detail_.mutable_precision_location()->set_altsrc(*altsrc);
    return true;
  }
  bool TakeStatus(std::span<const Attribute> attributes) {
    const auto text = Text(attributes, "battery");
    std::uint32_t battery = 0;
    if (!text || attributes.size() != 1) return false;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), battery);
    if (error != std::errc{} || end != text->data() + text->size()) return false;
    detail_.mutable_status()->set_battery(battery);
    return true;
  }
  bool TakeTakv(std::span<const Attribute> attributes) {
    const auto device = Text(attributes, "device"), platform = Text(attributes, "platform");
    const auto os = Text(attributes, "os"), version = Text(attributes, "version");
    if (!device || !platform || !os || !version || attributes.size() != 4) return false;
    detail_.mutable_takv()->set_device(*device);
    detail_.mutable_takv()->set_platform(*platform);
    detail_.mutable_takv()->set_os(*os);
    detail_.mutable_takv()->set_version(*version);
    return true;
  }
  bool TakeTrack(std::span<const Attribute> attributes) {
    const auto speed = Number(attributes, "speed");
    const auto course = Number(attributes, "course");
    if (!speed || !course || attributes.size() != 2) return false;
    detail_.mutable_track()->set_speed(*speed);
    detail_.mutable_track()->set_course(*course);
    return true;
  }

  static constexpr std::array<std::string_view, 6> kTypedNames = {"contact", "__group", "precisionlocation",
                                                                  "status",  "takv",    "track"};
  wire::Detail& detail_;
  std::array<bool, kTypedNames.size()> seen_{};
};

// `xml` was written or checked by us; what cannot be read goes on as it is.
void SplitDetail(std::string_view xml, wire::Detail& detail) {
  WholeElements whole(detail);
  XmlReader reader(xml, XmlReader::Shape::kFragment);
  std::size_t kept = 0;
  const auto keep_up_to = [&](std::size_t end) { detail.mutable_xml()->append(xml.substr(kept, end - kept)); };
  for (auto token = reader.Next(); token == XmlReader::Token::kStart || token == XmlReader::Token::kText; token = reader.Next()) {
    if (token == XmlReader::Token::kText) continue;
    if (whole.Repeats(reader.name())) {
      detail.Clear();
      detail.set_xml(xml.data(), xml.size());
      return;
    }
    const std::size_t start = reader.offset();
    const bool empty = xml[reader.end_offset() - 2] == '/';
    const bool taken = empty && whole.Take(reader.name(), reader.attributes());
    if (!reader.SkipElement()) break;
    if (!taken) continue;
    keep_up_to(start);
    kept = reader.end_offset();
  }
  keep_up_to(xml.size());
}

void FillCotEvent(const EventHead& head, wire::CotEvent& said) {
  said.set_type(head.type);
  said.set_access(head.access);
  said.set_qos(head.qos);
  said.set_opex(head.opex);
  said.set_uid(head.uid);
  said.set_how(head.how);
  said.set_caveat(head.caveat);
  said.set_releasable_to(head.releasable_to);
  said.set_time_ms(ToTakMilliseconds(head.time.time));
  said.set_start_ms(ToTakMilliseconds(head.start.time));
  said.set_stale_ms(ToTakMilliseconds(head.stale.time));
  const Point point = head.point.value_or(Point{});
  said.set_lat(point.latitude_deg);
  said.set_lon(point.longitude_deg);
  said.set_hae(point.hae_m.value_or(kUnknownMetres));
  said.set_ce(point.ce_m.value_or(kUnknownMetres));
  said.set_le(point.le_m.value_or(kUnknownMetres));
}

}  // namespace

Bytes WriteTakV1(const EventHead& head, std::string_view detail, TakHeader header) {
  wire::TakMessage message;
  FillCotEvent(head, *message.mutable_event());
  SplitDetail(detail, *message.mutable_event()->mutable_detail());
  const std::size_t length = message.ByteSizeLong();
  ByteWriter writer(length + 12);
  writer.U8(kTakMagic);
  writer.Varint(header == TakHeader::kMesh ? kVersion : length);
  if (header == TakHeader::kMesh) writer.U8(kTakMagic);
  Bytes unit = std::move(writer).Release();
  const std::size_t before = unit.size();
  unit.resize(before + length);
  message.SerializeWithCachedSizesToArray(unit.data() + before);
  return unit;
}

}  // namespace entente::cot
