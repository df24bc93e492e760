// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/control_event.h"

#include <array>

#include "adapters/cot/codec.h"

namespace entente::cot {
namespace {

using xml::Attribute;
using xml::XmlReader;

struct Spelling {
  ControlKind kind;
  std::string_view type;
};
constexpr std::array kSpellings = {
    Spelling{ControlKind::kPing, "t-x-c-t"},        Spelling{ControlKind::kPong, "t-x-c-t-r"},
    Spelling{ControlKind::kOffer, "t-x-takp-v"},    Spelling{ControlKind::kRequest, "t-x-takp-q"},
    Spelling{ControlKind::kResponse, "t-x-takp-r"},
};

void ReadElement(const XmlReader& reader, ControlEvent& control) {
  const bool versioned = (control.kind == ControlKind::kOffer && reader.name() == "TakProtocolSupport") ||
                         (control.kind == ControlKind::kRequest && reader.name() == "TakRequest");
  if (versioned) {
    const Attribute* version = Attribute::Find(reader.attributes(), "version");
    control.version_1 |= version != nullptr && version->raw == "1";
  }
  if (control.kind == ControlKind::kResponse && reader.name() == "TakResponse") {
    const Attribute* status = Attribute::Find(reader.attributes(), "status");
    control.accepted |= status != nullptr && (status->raw == "true" || status->raw == "1");
  }
}

std::string DetailOf(const ControlEvent& control) {
  switch (control.kind) {
    case ControlKind::kOffer:
      return "<TakControl><TakProtocolSupport version=\"1\"/></TakControl>";
    case ControlKind::kRequest:
      return "<TakControl><TakRequest version=\"1\"/></TakControl>";
    case ControlKind::kResponse:
      return control.accepted ? "<TakControl><TakResponse status=\"true\"/></TakControl>"
                              : "<TakControl><TakResponse status=\"false\"/></TakControl>";
    case ControlKind::kPing:
    case ControlKind::kPong:
      break;
  }
  return {};
}

}  // namespace

std::optional<ControlEvent> ReadControl(const Event& event) {
  for (const Spelling& spelling : kSpellings) {
    if (event.head.type != spelling.type) continue;
    ControlEvent control{.kind = spelling.kind, .uid = event.head.uid};
    XmlReader reader(event.detail_xml, XmlReader::Shape::kFragment);
    for (auto token = reader.Next(); token != XmlReader::Token::kDone && token != XmlReader::Token::kError; token = reader.Next()) {
      if (token == XmlReader::Token::kStart) ReadElement(reader, control);
    }
    return control;
  }
  return std::nullopt;
}

Bytes WriteControl(const ControlEvent& control, UtcTime now, std::string_view form) {
  constexpr auto kLifetime = std::chrono::seconds(20);
  EventHead head;
  head.uid = control.uid;
  for (const Spelling& spelling : kSpellings) {
    if (spelling.kind == control.kind) head.type = spelling.type;
  }
  head.how = "m-g";
  head.time.time = head.start.time = std::chrono::floor<std::chrono::milliseconds>(now);
  head.stale.time = head.start.time + kLifetime;
  head.point = Point{};
  return WriteEvent(head, DetailOf(control), form);
}

}  // namespace entente::cot
