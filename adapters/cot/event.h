// SPDX-License-Identifier: Apache-2.0
#pragma once

// One CoT event as both notations, XML and TAK protocol v1, say it; between the octets and the canonical message. Values are
// unescaped; children of <detail> stay the XML that came, so that they can be given back whole.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/api/decode_error.h"
#include "adapters/api/finding.h"
#include "adapters/common/xml/xml_reader.h"
#include "adapters/cot/notation.h"

namespace entente::cot {

inline constexpr std::string_view kSchemaClause = "CoT Base-Event Schema 2.0";
inline constexpr std::string_view kDatamodelClause = "TAK protocol v1, CotEvent";

struct Point {
  double latitude_deg = 0;
  double longitude_deg = 0;
  std::optional<double> hae_m;  // height above the WGS-84 ellipsoid; std::nullopt: said to be unknown
  std::optional<double> ce_m;
  std::optional<double> le_m;

  bool operator==(const Point&) const = default;
};

struct EventHead {
  std::string type;
  std::string uid;
  std::string how;
  std::string access;
  std::string caveat;         // TAK Server's extension
  std::string releasable_to;  // TAK Server's extension
  std::string qos;
  std::string opex;
  EventTime time;
  EventTime start;
  EventTime stale;
  std::optional<Point> point;

  bool operator==(const EventHead&) const = default;
};

// Children of <detail> that some family has fields for.
enum class ChildKind { kContact, kTrack, kStatus, kRemarks, kLink, kChat, kChatReceipt, kEmergency, kMarti, kTakControl, kOther };

struct DetailChild {
  ChildKind kind = ChildKind::kOther;
  std::string_view raw;  // the whole element
  std::size_t offset = 0;
  // The element holds nothing but what Detail below has a place for.
  bool plain = false;
};

struct Link {
  std::string uid;
  std::string type;
  std::string relation;
};

struct ChatElement {  // __chat, __chatreceipt
  std::string room;
  std::string id;
  std::string sender_callsign;
  std::string message_id;
  std::vector<std::string> member_uids;  // chatgrp uid0, uid1 ...
};

struct Emergency {
  std::string type;
  std::string text;
  bool cancel = false;
};

// What of <detail> is understood.
struct Detail {
  std::optional<std::string> callsign;
  std::optional<double> course_deg;
  std::optional<double> speed_mps;  // magnitude in space
  std::optional<double> slope_deg;
  std::optional<double> battery_percent;
  std::optional<bool> readiness;
  std::optional<std::string> remarks;
  std::string remarks_source;
  std::string remarks_to;
  std::vector<Link> links;
  std::optional<ChatElement> chat;
  std::optional<Emergency> emergency;
  std::vector<std::string> destinations;  // marti/dest@callsign
  std::vector<DetailChild> children;
  bool text_dropped = false;  // text stood between the elements
};

// Views in it are of the unit that it was read from, or of `fragment`: it stays where it is.
struct Event {
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  EventHead head;
  Detail detail;
  std::string_view detail_xml;  // everything between <detail> and </detail>
  std::string fragment;         // of TAK v1: typed fields, spelt as elements, and the XML that came beside them
  std::vector<adapter::Finding> findings;
};

// Reads the children of <detail> up to its end tag, or to the end of a fragment. `all` is false when only the callsign is wanted,
// since the event will be carried whole.
adapter::DecodeResult<void> ReadDetail(xml::XmlReader& reader, bool all, std::string_view input, Event& event);

// Adds a finding unless there are limits::kFindingsPerUnit.
void AddFinding(Event& event, v1::FindingSeverity severity, std::size_t offset, std::string_view field, std::string_view clause,
                std::string text);

// Checks that hold in both notations: mandatory text, type pattern. Fills `event.findings`.
adapter::DecodeResult<void> CheckHead(Event& event, std::size_t offset, std::string_view clause);

}  // namespace entente::cot
