// SPDX-License-Identifier: Apache-2.0
// What every family shares: identity, times, label, precedence, reality, foreign detail.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "adapters/common/xml/xml_text.h"
#include "adapters/cot/event_xml.h"
#include "adapters/cot/families.h"
#include "adapters/cot/label.h"
#include "adapters/cot/qos.h"
#include "adapters/cot/type_code.h"
#include "proto/message_id.h"

namespace entente::cot {
namespace {

constexpr std::int64_t kNanosecondsPerMillisecond = 1'000'000;

void SetTime(const EventTime& said, v1::Timestamp& time) {
  time.set_utc_ns(ToNanoseconds(said.time));
  time.set_precision_ns(said.precision_ns);
  time.set_clock(v1::CLOCK_SOURCE_ORIGINATOR);
}

// A track that is over as it begins is a removal: its stale time is that sign and no time. Since everybody must still hear of it,
// the envelope never goes stale.
void UnderstandTimes(const EventHead& head, adapter::DecodedMessage& message) {
  v1::Times& times = *message.envelope.mutable_times();
  SetTime(head.time, *times.mutable_observed());
  SetTime(head.start, *times.mutable_valid_from());
  message.ledger.Kept(v1::FIELD_OBSERVED_TIME);
  const bool over = head.stale.time <= head.start.time;
  if (over && KindOf(head.type) == EventKind::kTrack) return;
  SetTime(head.stale, *times.mutable_stale_at());
  message.ledger.Kept(v1::FIELD_STALE_TIME);
  if (!over && head.stale.time != UtcTime::max()) message.envelope.set_stale_at_ns(ToNanoseconds(head.stale.time));
}

std::string UidOf(const v1::Envelope& message) {
  if (message.native_id().scheme() == kUidScheme) return message.native_id().value();
  if (!message.object_id().empty()) return message.object_id();
  if (!message.native_id().value().empty()) return fmt::format("{}.{}", message.native_id().scheme(), message.native_id().value());
  return message.has_id() && !message.id().origin().empty() ? ToText(message.id()) : std::string{};
}

std::optional<std::int64_t> ObservedAt(const v1::Times& times) {
  for (const v1::Timestamp* time : {&times.observed(), &times.sent(), &times.valid_from()}) {
    if (time->utc_ns() != 0) return time->utc_ns();
  }
  return std::nullopt;
}

void KeepTime(v1::Field field, std::int64_t utc_ns, bool milliseconds, adapter::LossLedger& ledger) {
  const std::int64_t lost_ns = milliseconds && utc_ns != INT64_MAX ? utc_ns % kNanosecondsPerMillisecond : 0;
  if (lost_ns == 0) {
    ledger.Kept(field);
  } else {
    ledger.Approximated(field, static_cast<double>(lost_ns) * 1e-9, "milliseconds");
  }
}

Drafted DraftTimes(const v1::Envelope& message, const adapter::EncodeContext& context, Draft& draft) {
  const v1::Times& times = message.times();
  const auto observed = ObservedAt(times);
  if (!observed) return std::unexpected(adapter::CannotSay{"the message says no time, and a CoT event must"});
  const bool milliseconds = context.form.starts_with("tak-v1");
  draft.head.time.time = FromNanoseconds(*observed);
  draft.head.start.time = FromNanoseconds(times.has_valid_from() ? times.valid_from().utc_ns() : *observed);
  KeepTime(v1::FIELD_OBSERVED_TIME, *observed, milliseconds, draft.ledger);
  if (message.has_track() && message.track().lifecycle() == v1::LIFECYCLE_DROPPED) {
    draft.head.stale.time = draft.head.start.time - std::chrono::seconds(1);
    if (times.has_stale_at())
      draft.ledger.Dropped(v1::FIELD_STALE_TIME, "a stale time before start says that the track is dropped");
    return {};
  }
  const std::int64_t stale_ns = times.has_stale_at() ? times.stale_at().utc_ns() : message.stale_at_ns();
  if (stale_ns != 0) {
    draft.head.stale.time = FromNanoseconds(stale_ns);
    KeepTime(v1::FIELD_STALE_TIME, stale_ns, milliseconds, draft.ledger);
    return {};
  }
  const std::int64_t lifetime_s = context.options.Integer("stale-s");
  draft.head.stale.time = draft.head.start.time + std::chrono::seconds(lifetime_s);
  draft.ledger.Defaulted(v1::FIELD_STALE_TIME, fmt::format("start + {} s (option stale-s)", lifetime_s));
  return {};
}

// Reads the names in the carried XML; false when it is not whole XML, and must not be written.
bool ReadCarried(std::string_view xml, Carried& carried) {
  Event event;
  auto reader = xml::Open(xml, xml::XmlReader::Shape::kFragment);
  if (!reader || !ReadDetail(*reader, true, xml, event)) return false;
  carried.xml = xml;
  for (const DetailChild& child : event.detail.children) carried.kinds.push_back(child.kind);
  for (Link& link : event.detail.links) carried.link_uids.push_back(std::move(link.uid));
  return true;
}

void DraftExtensions(const v1::Envelope& message, Draft& draft) {
  bool held = false;
  std::string dropped;
  for (const v1::Extension& extension : message.extensions()) {
    if (extension.namespace_() == kTypeNamespace) continue;
    held = true;
    if (extension.namespace_() == kDetailNamespace && draft.carried.xml.empty() &&
        ReadCarried(extension.content(), draft.carried)) {
      continue;
    }
    dropped += (dropped.empty() ? "" : ", ") + extension.namespace_();
  }
  if (!held) return;
  if (dropped.empty()) {
    draft.ledger.Kept(v1::FIELD_EXTENSIONS);
  } else {
    draft.ledger.Dropped(v1::FIELD_EXTENSIONS, "not of CoT: " + dropped);
  }
}

}  // namespace

bool Carried::Has(ChildKind kind) const {
  return std::ranges::find(kinds, kind) != kinds.end();
}

void UnderstandEnvelope(const Event& event, std::string_view policy, adapter::DecodedMessage& message) {
  const EventHead& head = event.head;
  v1::Envelope& envelope = message.envelope;
  envelope.mutable_native_id()->set_scheme(kUidScheme.data(), kUidScheme.size());
  message.ledger.Kept(v1::FIELD_OBJECT_ID);
  UnderstandTimes(head, message);
  if (ReadLabel(head, policy, envelope)) {
    if (!envelope.label().classification().empty()) message.ledger.Kept(v1::FIELD_CLASSIFICATION);
    if (envelope.label().categories_size() > 0) message.ledger.Kept(v1::FIELD_RELEASABILITY);
  }
  const auto odd = [&](std::string_view field, const std::string& value) {
    message.findings.push_back({v1::FINDING_SEVERITY_DEVIATION, 0, std::string(field), fmt::format("{}, {}", kSchemaClause, field),
                                fmt::format("\"{}\" is not of the schema's form; taken as not said", value.substr(0, 40))});
  };
  if (!head.qos.empty()) {
    if (ReadQos(head.qos, envelope)) {
      message.ledger.Kept(v1::FIELD_PRECEDENCE);
    } else {
      odd("qos", head.qos);
    }
  }
  if (!head.opex.empty()) {
    if (ReadOpex(head.opex, envelope)) {
      message.ledger.Kept(v1::FIELD_REALITY);
    } else {
      odd("opex", head.opex);
    }
  }
}

void CarryForeign(const Event& event, std::initializer_list<ChildKind> plain, adapter::DecodedMessage& message) {
  std::string* content = nullptr;
  for (const DetailChild& child : event.detail.children) {
    if (child.plain && std::ranges::find(plain, child.kind) != plain.end()) continue;
    if (content == nullptr) {
      v1::Extension& extension = *message.envelope.add_extensions();
      extension.set_namespace_(kDetailNamespace.data(), kDetailNamespace.size());
      content = extension.mutable_content();
      content->reserve(event.detail_xml.size());
    }
    content->append(child.raw);
  }
  if (event.detail.text_dropped) {
    message.ledger.Dropped(v1::FIELD_EXTENSIONS, "text between the elements of <detail>, where the schema allows none");
  } else if (content != nullptr) {
    message.ledger.Kept(v1::FIELD_EXTENSIONS);
  }
}

void CarryType(const Event& event, std::string_view said, adapter::DecodedMessage& message) {
  if (event.head.type == said) return;
  v1::Extension& extension = *message.envelope.add_extensions();
  extension.set_namespace_(kTypeNamespace.data(), kTypeNamespace.size());
  extension.set_content(event.head.type);
}

Drafted DraftEnvelope(const v1::Envelope& message, const adapter::EncodeContext& context, Draft& draft) {
  draft.head.uid = UidOf(message);
  draft.ledger.Kept(v1::FIELD_OBJECT_ID);
  if (auto drafted = DraftTimes(message, context, draft); !drafted) return drafted;
  if (message.has_label()) WriteLabel(message.label(), context.options.Text("label-policy"), draft.head, draft.ledger);
  draft.head.qos = WriteQos(message);
  if (!draft.head.qos.empty()) draft.ledger.Kept(v1::FIELD_PRECEDENCE);
  draft.head.opex = WriteOpex(message, draft.ledger);
  DraftExtensions(message, draft);
  return {};
}

std::string TypeOr(const v1::Envelope& message, std::string otherwise) {
  for (const v1::Extension& extension : message.extensions()) {
    if (extension.namespace_() == kTypeNamespace && IsTypeCode(extension.content())) return extension.content();
  }
  return otherwise;
}

bool IsNowhere(const EventHead& head) {
  if (!head.point) return true;
  const Point& point = *head.point;
  return point.latitude_deg == 0 && point.longitude_deg == 0 && (!point.ce_m || !point.hae_m);
}

void DraftPoint(bool has_position, const v1::Position& position, bool has_altitude, const v1::Altitude& altitude, Draft& draft) {
  draft.head.point.emplace();
  Point& point = *draft.head.point;
  if (has_position) {
    point.latitude_deg = position.latitude_deg();
    point.longitude_deg = position.longitude_deg();
    draft.ledger.Kept(v1::FIELD_POSITION);
  }
  if (has_altitude && altitude.datum() == v1::ALTITUDE_DATUM_ELLIPSOID) {
    point.hae_m = altitude.metres();
    draft.ledger.Kept(v1::FIELD_ALTITUDE);
  } else if (has_altitude) {
    draft.ledger.Dropped(v1::FIELD_ALTITUDE, "hae is above the ellipsoid, and the altitude is not; said as unknown");
  } else if (has_position) {
    draft.ledger.Defaulted(v1::FIELD_ALTITUDE, "hae is mandatory: 9999999.0, unknown");
  }
}

void DraftCallsign(const std::string& callsign, Draft& draft) {
  if (callsign.empty()) return;
  KeepText(v1::FIELD_CALLSIGN, callsign, draft.ledger);
  if (draft.carried.Has(ChildKind::kContact)) return;
  draft.detail += "<contact";
  AppendAttribute(draft.detail, "callsign", callsign);
  draft.detail += "/>";
}

void DraftRemarks(std::string_view text, Draft& draft) {
  if (text.empty() || draft.carried.Has(ChildKind::kRemarks)) return;
  draft.detail += "<remarks>";
  xml::AppendEscaped(draft.detail, text);
  draft.detail += "</remarks>";
}

void KeepText(v1::Field field, std::string_view text, adapter::LossLedger& ledger) {
  if (!xml::FindBadCharacter(text)) {
    ledger.Kept(field);
  } else {
    ledger.Approximated(field, std::numeric_limits<double>::infinity(), "characters that XML cannot hold are replaced by U+FFFD");
  }
}

}  // namespace entente::cot
