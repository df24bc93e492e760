// SPDX-License-Identifier: Apache-2.0
// Tracks, events "a-*", and static data of a fixed object, which CoT can only say as one.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "adapters/cot/event_xml.h"
#include "adapters/cot/families.h"
#include "adapters/cot/type_code.h"

namespace entente::cot {
namespace {

double Radians(double degrees) {
  return degrees * std::numbers::pi / 180;
}

void NoteUnknown(v1::Field field, adapter::DecodedMessage& message) {
  v1::FieldNote& note = *message.envelope.add_field_notes();
  note.set_field(field);
  note.set_presence(v1::PRESENCE_UNKNOWN);
}

void UnderstandPoint(const Point& point, v1::Track& track, adapter::DecodedMessage& message) {
  track.mutable_position()->set_latitude_deg(point.latitude_deg);
  track.mutable_position()->set_longitude_deg(point.longitude_deg);
  message.ledger.Kept(v1::FIELD_POSITION);
  if (point.hae_m) {
    track.mutable_altitude()->set_metres(*point.hae_m);
    track.mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_ELLIPSOID);
    message.ledger.Kept(v1::FIELD_ALTITUDE);
  } else {
    NoteUnknown(v1::FIELD_ALTITUDE, message);
  }
  if (point.ce_m) {
    track.set_horizontal_accuracy_m(*point.ce_m);
    message.ledger.Kept(v1::FIELD_HORIZONTAL_ACCURACY);
  } else {
    NoteUnknown(v1::FIELD_HORIZONTAL_ACCURACY, message);
  }
  if (point.le_m) {
    track.set_vertical_accuracy_m(*point.le_m);
    message.ledger.Kept(v1::FIELD_VERTICAL_ACCURACY);
  } else {
    NoteUnknown(v1::FIELD_VERTICAL_ACCURACY, message);
  }
}

// CoT Track Schema: speed is the magnitude in space, slope its angle above the horizon. Without a slope it is taken as horizontal,
// as the schema says of those who leave the slope out.
void UnderstandMovement(const Detail& detail, v1::Track& track, adapter::DecodedMessage& message) {
  if (detail.course_deg) {
    track.set_course_deg(*detail.course_deg);
    message.ledger.Kept(v1::FIELD_COURSE);
  }
  if (!detail.speed_mps) return;
  const double slope = Radians(detail.slope_deg.value_or(0));
  track.set_speed_mps(*detail.speed_mps * std::cos(slope));
  message.ledger.Kept(v1::FIELD_SPEED);
  if (detail.slope_deg) {
    track.set_vertical_rate_mps(*detail.speed_mps * std::sin(slope));
    message.ledger.Kept(v1::FIELD_VERTICAL_RATE);
  }
}

void UnderstandType(const Event& event, v1::Track& track, adapter::DecodedMessage& message) {
  v1::Classification& classification = *track.mutable_classification();
  ReadType(event.head.type, classification);
  if (classification.standard_identity() != v1::STANDARD_IDENTITY_UNSPECIFIED) message.ledger.Kept(v1::FIELD_STANDARD_IDENTITY);
  if (classification.dimension() != v1::DIMENSION_UNSPECIFIED) message.ledger.Kept(v1::FIELD_DIMENSION);
  if (!classification.function().empty()) message.ledger.Kept(v1::FIELD_FUNCTION_SYMBOL);
  TypeDefaults defaults;
  CarryType(event, TypeOf(classification, defaults), message);
  if (defaults.standard_identity || defaults.dimension) {
    message.findings.push_back({v1::FINDING_SEVERITY_DEVIATION, 0, "type", "CoT Base-Event Schema 2.0, type",
                                "no known affiliation or battle dimension in \"" + event.head.type.substr(0, 40) + "\""});
  }
}

void UnderstandStatus(const Detail& detail, v1::Track& track, adapter::DecodedMessage& message) {
  if (!detail.battery_percent && !detail.readiness) return;
  v1::OperationalStatus& status = *track.mutable_operational_status();
  if (detail.battery_percent) status.set_battery_percent(*detail.battery_percent);
  if (detail.readiness) status.set_code(*detail.readiness ? v1::OPERATIONAL_CODE_FULLY : v1::OPERATIONAL_CODE_NOT);
  message.ledger.Kept(v1::FIELD_OPERATIONAL_STATUS);
}

void DraftAccuracy(v1::Field field, bool said, double value, std::optional<double>& place, adapter::LossLedger& ledger) {
  if (said) {
    place = value;
    ledger.Kept(field);
  } else {
    ledger.Defaulted(field, "mandatory: 9999999.0, unknown");
  }
}

void DraftMovement(const v1::Track& track, Draft& draft) {
  const bool movement = track.has_course_deg() && track.has_speed_mps();
  if (!movement) {
    constexpr auto kWhy = "the track element needs course and speed together";
    if (track.has_course_deg()) draft.ledger.Dropped(v1::FIELD_COURSE, kWhy);
    if (track.has_speed_mps()) draft.ledger.Dropped(v1::FIELD_SPEED, kWhy);
    if (track.has_vertical_rate_mps()) draft.ledger.Dropped(v1::FIELD_VERTICAL_RATE, kWhy);
    return;
  }
  draft.ledger.Kept(v1::FIELD_COURSE);
  draft.ledger.Kept(v1::FIELD_SPEED);
  if (track.has_vertical_rate_mps()) draft.ledger.Kept(v1::FIELD_VERTICAL_RATE);
  if (draft.carried.Has(ChildKind::kTrack)) return;
  draft.detail += "<track";
  AppendAttribute(draft.detail, "course", track.course_deg() >= 360 ? 0 : track.course_deg());
  AppendAttribute(draft.detail, "speed",
                  track.has_vertical_rate_mps() ? std::hypot(track.speed_mps(), track.vertical_rate_mps()) : track.speed_mps());
  if (track.has_vertical_rate_mps()) {
    const double slope = std::atan2(track.vertical_rate_mps(), track.speed_mps()) * 180 / std::numbers::pi;
    AppendAttribute(draft.detail, "slope", std::clamp(slope, -90.0, 90.0));
  }
  draft.detail += "/>";
}

void DraftStatus(const v1::OperationalStatus& status, Draft& draft) {
  const bool ready = status.code() == v1::OPERATIONAL_CODE_FULLY;
  const bool readiness = ready || status.code() == v1::OPERATIONAL_CODE_NOT;
  if (!readiness && !status.has_battery_percent()) {
    draft.ledger.Dropped(v1::FIELD_OPERATIONAL_STATUS, "status says ready or not, and battery");
    return;
  }
  const bool lost = (status.code() != v1::OPERATIONAL_CODE_UNSPECIFIED && !readiness) || status.has_ais_navigation_status() ||
                    status.has_dis_appearance();
  if (lost) {
    draft.ledger.Approximated(v1::FIELD_OPERATIONAL_STATUS, 0, "status says ready or not, and battery");
  } else {
    draft.ledger.Kept(v1::FIELD_OPERATIONAL_STATUS);
  }
  if (draft.carried.Has(ChildKind::kStatus)) return;
  draft.detail += "<status";
  if (status.has_battery_percent()) {
    const double rounded = std::round(status.battery_percent());
    AppendAttribute(draft.detail, "battery", std::to_string(static_cast<int>(std::clamp(rounded, 0.0, 100.0))));
  }
  if (readiness) AppendAttribute(draft.detail, "readiness", ready ? "true" : "false");
  draft.detail += "/>";
}

void DraftRelations(const v1::Track& track, Draft& draft) {
  if (track.relations_size() == 0) return;
  bool foreign = false;
  for (const v1::Relation& relation : track.relations()) {
    if (std::ranges::find(draft.carried.link_uids, relation.to().value()) != draft.carried.link_uids.end()) continue;
    if (relation.to().scheme() != kUidScheme) {
      foreign = true;
      continue;
    }
    draft.detail += "<link";
    AppendAttribute(draft.detail, "uid", relation.to().value());
    AppendAttribute(draft.detail, "type", relation.type().empty() ? "a-u-G" : std::string_view(relation.type()));
    AppendAttribute(draft.detail, "relation", relation.kind().empty() ? "r" : std::string_view(relation.kind()));
    draft.detail += "/>";
  }
  if (foreign) {
    draft.ledger.Dropped(v1::FIELD_RELATIONS, "a link names a CoT uid, and the related object has none here");
  } else {
    draft.ledger.Kept(v1::FIELD_RELATIONS);
  }
}

void DraftType(const v1::Envelope& message, const v1::Classification& classification, Draft& draft) {
  TypeDefaults defaults;
  draft.head.type = TypeOr(message, TypeOf(classification, defaults));
  adapter::LossLedger& ledger = draft.ledger;
  if (defaults.standard_identity) {
    ledger.Defaulted(v1::FIELD_STANDARD_IDENTITY, "the type needs an affiliation: u, unknown");
  } else {
    ledger.Kept(v1::FIELD_STANDARD_IDENTITY);
  }
  if (defaults.dimension || defaults.dimension_from_platform) {
    ledger.Defaulted(v1::FIELD_DIMENSION,
                     defaults.dimension ? "the type needs a battle dimension: G, ground" : "from the platform type");
  } else {
    ledger.Kept(v1::FIELD_DIMENSION);
  }
  if (defaults.function_from_platform) {
    ledger.Defaulted(v1::FIELD_FUNCTION_SYMBOL, "the nearest function of the AIS ship type");
  } else if (defaults.function_dropped) {
    ledger.Dropped(v1::FIELD_FUNCTION_SYMBOL, "not letters of a function id");
  } else if (!classification.function().empty()) {
    ledger.Kept(v1::FIELD_FUNCTION_SYMBOL);
  }
  if (classification.has_dis_entity_type() || classification.has_ais_ship_type()) {
    ledger.Dropped(v1::FIELD_PLATFORM_TYPE, "a type has letters of function, no enumeration");
  }
}

void DropWhatHasNoPlace(const v1::Track& track, Draft& draft) {
  adapter::LossLedger& ledger = draft.ledger;
  if (track.has_attitude()) ledger.Dropped(v1::FIELD_HEADING);
  if (track.has_rate_of_turn_dps()) ledger.Dropped(v1::FIELD_RATE_OF_TURN);
  if (track.has_acceleration_mps2()) ledger.Dropped(v1::FIELD_ACCELERATION);
  if (track.has_confidence()) ledger.Dropped(v1::FIELD_CONFIDENCE);
  if (track.has_transponder_ids()) ledger.Dropped(v1::FIELD_TRANSPONDER_IDS);
  if (track.lifecycle() == v1::LIFECYCLE_DROPPED) {
    ledger.Kept(v1::FIELD_LIFECYCLE);
  } else if (track.lifecycle() != v1::LIFECYCLE_UNSPECIFIED) {
    ledger.Dropped(v1::FIELD_LIFECYCLE, "an event is a track that is, or one that is dropped");
  }
}

void DraftHow(const std::string& how, Draft& draft) {
  if (!how.empty()) {
    draft.head.how = how;
    draft.ledger.Kept(v1::FIELD_HOW);
  } else {
    draft.head.how = "m-r";
    draft.ledger.Defaulted(v1::FIELD_HOW, "m-r: relayed, imported from another system by a gateway");
  }
}

}  // namespace

void UnderstandTrack(const Event& event, adapter::DecodedMessage& message) {
  const Detail& detail = event.detail;
  message.envelope.set_family(v1::FAMILY_TRACK);
  v1::Track& track = *message.envelope.mutable_track();
  UnderstandPoint(*event.head.point, track, message);
  UnderstandMovement(detail, track, message);
  UnderstandType(event, track, message);
  UnderstandStatus(detail, track, message);
  if (detail.callsign) {
    track.set_callsign(*detail.callsign);
    message.ledger.Kept(v1::FIELD_CALLSIGN);
  }
  if (!event.head.how.empty()) {
    track.set_how(event.head.how);
    message.ledger.Kept(v1::FIELD_HOW);
  }
  if (event.head.stale.time <= event.head.start.time) {
    track.set_lifecycle(v1::LIFECYCLE_DROPPED);
    message.ledger.Kept(v1::FIELD_LIFECYCLE);
  }
  if (detail.remarks && !detail.remarks->empty()) {
    track.set_remarks(*detail.remarks);
    message.ledger.Kept(v1::FIELD_REMARKS);
  }
  for (const Link& link : detail.links) {
    v1::Relation& relation = *track.add_relations();
    relation.set_kind(link.relation);
    relation.set_type(link.type);
    relation.mutable_to()->set_scheme(kUidScheme.data(), kUidScheme.size());
    relation.mutable_to()->set_value(link.uid);
  }
  if (!detail.links.empty()) message.ledger.Kept(v1::FIELD_RELATIONS);
  CarryForeign(event, {ChildKind::kContact, ChildKind::kTrack, ChildKind::kStatus, ChildKind::kRemarks, ChildKind::kLink}, message);
}

Drafted DraftTrack(const v1::Envelope& message, Draft& draft) {
  const v1::Track& track = message.track();
  if (!track.has_position()) return std::unexpected(adapter::CannotSay{"the track has no position, and a CoT event must"});
  DraftType(message, track.classification(), draft);
  DraftHow(track.how(), draft);
  DraftPoint(true, track.position(), track.has_altitude(), track.altitude(), draft);
  DraftAccuracy(v1::FIELD_HORIZONTAL_ACCURACY, track.has_horizontal_accuracy_m(), track.horizontal_accuracy_m(),
                draft.head.point->ce_m, draft.ledger);
  DraftAccuracy(v1::FIELD_VERTICAL_ACCURACY, track.has_vertical_accuracy_m(), track.vertical_accuracy_m(), draft.head.point->le_m,
                draft.ledger);
  DraftCallsign(track.callsign(), draft);
  DraftMovement(track, draft);
  if (track.has_operational_status()) DraftStatus(track.operational_status(), draft);
  if (!track.remarks().empty()) {
    DraftRemarks(track.remarks(), draft);
    KeepText(v1::FIELD_REMARKS, track.remarks(), draft.ledger);
  }
  DraftRelations(track, draft);
  DropWhatHasNoPlace(track, draft);
  return {};
}

Drafted DraftIdentity(const v1::Envelope& message, Draft& draft) {
  const v1::Identity& identity = message.identity();
  if (!identity.has_position()) {
    return std::unexpected(
        adapter::CannotSay{"static data without a position: every CoT event is a position, and the name goes with the next one"});
  }
  DraftType(message, identity.classification(), draft);
  draft.head.how = "m-r";
  DraftPoint(true, identity.position(), false, {}, draft);
  DraftCallsign(identity.name(), draft);
  if (identity.has_transponder_ids()) draft.ledger.Dropped(v1::FIELD_TRANSPONDER_IDS);
  if (identity.has_destination() || identity.has_draught_m() || identity.has_eta_month()) draft.ledger.Dropped(v1::FIELD_VOYAGE);
  if (identity.lifecycle() != v1::LIFECYCLE_UNSPECIFIED) draft.ledger.Dropped(v1::FIELD_LIFECYCLE);
  return {};
}

}  // namespace entente::cot
