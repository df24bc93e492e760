// SPDX-License-Identifier: Apache-2.0
// Children of <detail>: which of them are understood, and whether wholly.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "adapters/common/xml/xml_text.h"
#include "adapters/cot/event.h"

namespace entente::cot {
namespace {

using xml::Attribute;
using xml::XmlReader;

ChildKind KindOfChild(std::string_view name) {
  switch (name.size()) {
    case 4:
      return name == "link" ? ChildKind::kLink : ChildKind::kOther;
    case 5:
      return name == "track" ? ChildKind::kTrack : name == "marti" ? ChildKind::kMarti : ChildKind::kOther;
    case 6:
      return name == "status" ? ChildKind::kStatus : name == "__chat" ? ChildKind::kChat : ChildKind::kOther;
    case 7:
      return name == "contact" ? ChildKind::kContact : name == "remarks" ? ChildKind::kRemarks : ChildKind::kOther;
    case 9:
      return name == "emergency" ? ChildKind::kEmergency : ChildKind::kOther;
    case 13:
      return name == "__chatreceipt" ? ChildKind::kChatReceipt : ChildKind::kOther;
    default:
      return ChildKind::kOther;
  }
}

// A number of a detail's attribute; not a number, not finite or out of [low, high]: std::nullopt and a finding.
std::optional<double> Number(const Attribute& attribute, double low, double high, std::string_view clause, Event& event) {
  const auto decimal = ParseDecimal(attribute.raw);
  if (decimal && decimal->value >= low && decimal->value <= high) return decimal->value;
  AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, attribute.offset, attribute.name, clause,
             fmt::format("not a number from {} to {}; taken as not said", low, high));
  return std::nullopt;
}

bool ReadContact(std::span<const Attribute> attributes, Detail& detail) {
  for (const Attribute& attribute : attributes) {
    if (attribute.Is("callsign")) attribute.ReadInto(detail.callsign.emplace());
  }
  return detail.callsign.has_value() && attributes.size() == 1;
}

// The schema wants [0, 360). -108.9 means 251.1, and 360 is 0: clear, but a deviation.
std::optional<double> Course(const Attribute& attribute, std::string_view clause, bool& conforming, Event& event) {
  const auto course = Number(attribute, -360, 360, clause, event);
  if (!course || (*course >= 0 && *course < 360)) return course;
  conforming = false;
  AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, attribute.offset, attribute.name, clause, "not in [0, 360); turned into it");
  return *course < 0 && *course > -360 ? *course + 360 : 0;
}

bool ReadTrack(std::span<const Attribute> attributes, Event& event) {
  constexpr std::string_view kClause = "CoT Track Schema";
  std::size_t understood = 0;
  bool conforming = true;
  for (const Attribute& attribute : attributes) {
    std::optional<double>* place = nullptr;
    if (attribute.Is("course")) {
      place = &event.detail.course_deg;
      *place = Course(attribute, kClause, conforming, event);
    } else if (attribute.Is("speed")) {
      place = &event.detail.speed_mps;
      *place = Number(attribute, 0, 1e9, kClause, event);
    } else if (attribute.Is("slope")) {
      place = &event.detail.slope_deg;
      *place = Number(attribute, -90, 90, kClause, event);
    }
    if (place != nullptr && place->has_value()) ++understood;
  }
  if (!event.detail.course_deg || !event.detail.speed_mps) {
    AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, 0, "track", kClause, "course and speed are both mandatory");
    return false;
  }
  return conforming && understood == attributes.size();
}

bool ReadStatus(std::span<const Attribute> attributes, Event& event) {
  std::size_t understood = 0;
  for (const Attribute& attribute : attributes) {
    if (attribute.Is("battery")) {
      event.detail.battery_percent = Number(attribute, 0, 100, "TAK status schema", event);
      understood += event.detail.battery_percent ? 1 : 0;
    } else if (attribute.Is("readiness") && (attribute.raw == "true" || attribute.raw == "false")) {
      event.detail.readiness = attribute.raw == "true";
      ++understood;
    }
  }
  return understood > 0 && understood == attributes.size();
}

bool ReadLink(std::span<const Attribute> attributes, Detail& detail) {
  Link link;
  std::size_t understood = 0;
  for (const Attribute& attribute : attributes) {
    std::string* place = attribute.Is("uid")        ? &link.uid
                         : attribute.Is("type")     ? &link.type
                         : attribute.Is("relation") ? &link.relation
                                                    : nullptr;
    if (place == nullptr) continue;
    attribute.ReadInto(*place);
    understood += place->empty() ? 0 : 1;
  }
  if (link.uid.empty()) return false;
  detail.links.push_back(std::move(link));
  return understood == 3 && attributes.size() == 3;
}

void ReadChat(std::span<const Attribute> attributes, Detail& detail) {
  ChatElement chat;
  for (const Attribute& attribute : attributes) {
    if (attribute.Is("chatroom")) chat.room = attribute.Value();
    if (attribute.Is("id")) chat.id = attribute.Value();
    if (attribute.Is("senderCallsign")) chat.sender_callsign = attribute.Value();
    if (attribute.Is("messageId")) chat.message_id = attribute.Value();
  }
  detail.chat = std::move(chat);
}

void ReadChatGroup(std::span<const Attribute> attributes, Detail& detail) {
  for (const Attribute& attribute : attributes) {
    if (attribute.name.starts_with("uid")) detail.chat->member_uids.push_back(attribute.Value());
  }
}

bool ReadEmergency(std::span<const Attribute> attributes, Detail& detail) {
  Emergency emergency;
  std::size_t understood = 0;
  for (const Attribute& attribute : attributes) {
    if (attribute.Is("type")) emergency.type = attribute.Value(), ++understood;
    if (attribute.Is("cancel")) emergency.cancel = attribute.raw == "true", ++understood;
  }
  detail.emergency = std::move(emergency);
  return understood == attributes.size();
}

bool ReadRemarks(std::span<const Attribute> attributes, Detail& detail) {
  detail.remarks.emplace();
  for (const Attribute& attribute : attributes) {
    if (attribute.Is("source")) detail.remarks_source = attribute.Value();
    if (attribute.Is("to")) detail.remarks_to = attribute.Value();
  }
  return attributes.empty();
}

// True when the attributes say nothing beyond Detail's fields.
bool ReadAttributesOf(ChildKind kind, std::span<const Attribute> attributes, Event& event) {
  switch (kind) {
    case ChildKind::kContact:
      return ReadContact(attributes, event.detail);
    case ChildKind::kTrack:
      return ReadTrack(attributes, event);
    case ChildKind::kStatus:
      return ReadStatus(attributes, event);
    case ChildKind::kRemarks:
      return ReadRemarks(attributes, event.detail);
    case ChildKind::kLink:
      return ReadLink(attributes, event.detail);
    case ChildKind::kEmergency:
      return ReadEmergency(attributes, event.detail);
    case ChildKind::kChat:
    case ChildKind::kChatReceipt:
      ReadChat(attributes, event.detail);
      return false;
    case ChildKind::kMarti:
    case ChildKind::kTakControl:
    case ChildKind::kOther:
      return false;
  }
  return false;
}

// Text inside a child that we have a place for.
void TakeText(ChildKind kind, const XmlReader& reader, Detail& detail, bool& plain) {
  std::string* place = kind == ChildKind::kRemarks     ? &*detail.remarks
                       : kind == ChildKind::kEmergency ? &detail.emergency->text
                                                       : nullptr;
  if (place != nullptr) {
    *place += reader.text_is_cdata() ? std::string(reader.text()) : xml::Unescape(reader.text());
  } else if (!reader.text_is_blank()) {
    plain = false;
  }
}

// Only links may stand more than once; a second one of another kind is carried, not understood.
bool IsRepeated(ChildKind kind, const Detail& detail) {
  return kind != ChildKind::kOther && kind != ChildKind::kLink &&
         std::ranges::find(detail.children, kind, &DetailChild::kind) != detail.children.end();
}

// Elements of one kind are carried all or none: a writer that finds one of them carried writes none itself.
void CarryAll(ChildKind kind, Detail& detail) {
  for (DetailChild& child : detail.children) {
    if (child.kind == kind) child.plain = false;
  }
}

// From behind the child's start tag to behind its end tag.
bool ReadInside(ChildKind kind, XmlReader& reader, Event& event, bool& plain) {
  const std::size_t inside = reader.depth();
  while (reader.depth() >= inside) {
    switch (reader.Next()) {
      case XmlReader::Token::kText:
        if (reader.depth() == inside) TakeText(kind, reader, event.detail, plain);
        break;
      case XmlReader::Token::kStart:
        plain = false;
        if (reader.name() == "chatgrp" && event.detail.chat) ReadChatGroup(reader.attributes(), event.detail);
        if (kind == ChildKind::kMarti && reader.name() == "dest") {
          if (const Attribute* callsign = Attribute::Find(reader.attributes(), "callsign")) {
            event.detail.destinations.push_back(callsign->Value());
          }
        }
        break;
      case XmlReader::Token::kEnd:
        break;
      case XmlReader::Token::kDone:
      case XmlReader::Token::kError:
        return false;
    }
  }
  return true;
}

// A start tag was read: the whole child.
bool ReadChild(XmlReader& reader, bool all, std::string_view input, Event& event) {
  Detail& detail = event.detail;
  const std::size_t offset = reader.offset();
  ChildKind kind = KindOfChild(reader.name());
  if (!all && kind != ChildKind::kContact) kind = ChildKind::kOther;
  if (IsRepeated(kind, detail)) {
    CarryAll(kind, detail);
    kind = ChildKind::kOther;
  }
  bool plain = ReadAttributesOf(kind, reader.attributes(), event);
  if (!ReadInside(kind, reader, event, plain)) return false;
  if (kind == ChildKind::kRemarks && detail.remarks->empty()) plain = false;
  if (kind == ChildKind::kLink) {
    const auto earlier = std::ranges::find(detail.children, ChildKind::kLink, &DetailChild::kind);
    if (!plain) CarryAll(ChildKind::kLink, detail);
    if (earlier != detail.children.end() && !earlier->plain) plain = false;
  }
  detail.children.emplace_back(kind, input.substr(offset, reader.end_offset() - offset), offset, plain);
  return true;
}

}  // namespace

adapter::DecodeResult<void> ReadDetail(XmlReader& reader, bool all, std::string_view input, Event& event) {
  constexpr std::size_t kCustomaryChildren = 16;
  event.detail.children.reserve(kCustomaryChildren);
  const std::size_t around = reader.depth();
  while (true) {
    switch (reader.NextPastSpace()) {
      case XmlReader::Token::kDone:
        return {};
      case XmlReader::Token::kError:
        return std::unexpected(reader.error());
      case XmlReader::Token::kEnd:
        if (reader.depth() < around) return {};
        break;
      case XmlReader::Token::kText:
        if (!event.detail.text_dropped && !reader.text_is_blank()) {
          event.detail.text_dropped = true;
          AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, reader.offset(), "detail", kSchemaClause,
                     "text between the elements of <detail>");
        }
        break;
      case XmlReader::Token::kStart:
        if (!ReadChild(reader, all, input, event)) return std::unexpected(reader.error());
        break;
    }
  }
}

}  // namespace entente::cot
