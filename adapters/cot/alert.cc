// SPDX-License-Identifier: Apache-2.0
// Emergencies: b-a-o-tbl (911), -pan (ring the bell), -opn (in contact), -can (cancelled), b-a-g (geofence), and <emergency>.
#include <array>

#include "adapters/common/xml/xml_text.h"
#include "adapters/cot/event_xml.h"
#include "adapters/cot/families.h"
#include "adapters/cot/type_code.h"

namespace entente::cot {
namespace {

struct EventOfType {
  v1::AlertEvent event;
  std::string_view type;
  std::string_view words;  // emergency@type, as ATAK writes it where it has one
};
constexpr std::array kEvents = {
    EventOfType{v1::ALERT_EVENT_RING_THE_BELL, "b-a-o-pan", "Ring The Bell"},
    EventOfType{v1::ALERT_EVENT_IN_CONTACT, "b-a-o-opn", "In Contact"},
    EventOfType{v1::ALERT_EVENT_GEOFENCE, "b-a-g", "Geo-fence Breached"},
    EventOfType{v1::ALERT_EVENT_SEARCH_AND_RESCUE, "b-a-o-tbl", "Search And Rescue"},
    EventOfType{v1::ALERT_EVENT_CIVIL, "b-a-o-tbl", "Civil Alert"},
    EventOfType{v1::ALERT_EVENT_EMERGENCY, "b-a-o-tbl", "911 Alert"},
};
constexpr std::string_view kCancelType = "b-a-o-can";

const EventOfType& WordsOf(v1::AlertEvent event) {
  for (const EventOfType& known : kEvents) {
    if (known.event == event) return known;
  }
  return kEvents.back();
}

// By the words where they are known, else by the type.
v1::AlertEvent EventOf(std::string_view type, std::string_view words) {
  for (const EventOfType& known : kEvents) {
    if (!words.empty() && known.words == words) return known.event;
  }
  for (const EventOfType& known : kEvents) {
    if (known.event != v1::ALERT_EVENT_SEARCH_AND_RESCUE && known.event != v1::ALERT_EVENT_CIVIL && IsBelow(type, known.type)) {
      return known.event;
    }
  }
  return v1::ALERT_EVENT_EMERGENCY;
}

bool IsOver(v1::AlertStatus status) {
  return status == v1::ALERT_STATUS_CANCELLED || status == v1::ALERT_STATUS_CLEARED;
}

std::string TypeOfAlert(const v1::Alert& alert) {
  return std::string(IsOver(alert.status()) ? kCancelType : WordsOf(alert.event()).type);
}

void UnderstandText(const Detail& detail, v1::Alert& alert, adapter::DecodedMessage& message) {
  if (detail.remarks && !detail.remarks->empty()) {
    alert.set_text(*detail.remarks);
  } else if (detail.emergency && !detail.emergency->text.empty() && detail.emergency->text != alert.callsign()) {
    alert.set_text(detail.emergency->text);
  }
  if (alert.has_text()) message.ledger.Kept(v1::FIELD_ALERT_TEXT);
}

void UnderstandPlace(const EventHead& head, v1::Alert& alert, adapter::DecodedMessage& message) {
  if (IsNowhere(head)) return;
  alert.mutable_position()->set_latitude_deg(head.point->latitude_deg);
  alert.mutable_position()->set_longitude_deg(head.point->longitude_deg);
  message.ledger.Kept(v1::FIELD_POSITION);
  if (!head.point->hae_m) return;
  alert.mutable_altitude()->set_metres(*head.point->hae_m);
  alert.mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_ELLIPSOID);
  message.ledger.Kept(v1::FIELD_ALTITUDE);
}

void DraftEmergency(const v1::Alert& alert, Draft& draft) {
  if (draft.carried.Has(ChildKind::kEmergency)) return;
  draft.detail += "<emergency";
  AppendAttribute(draft.detail, "type",
                  alert.native_event().empty() ? WordsOf(alert.event()).words : std::string_view(alert.native_event()));
  if (IsOver(alert.status())) AppendAttribute(draft.detail, "cancel", "true");
  draft.detail += ">";
  xml::AppendEscaped(draft.detail, alert.callsign());
  draft.detail += "</emergency>";
}

}  // namespace

void UnderstandAlert(const Event& event, adapter::DecodedMessage& message) {
  const Detail& detail = event.detail;
  message.envelope.set_family(v1::FAMILY_ALERT);
  v1::Alert& alert = *message.envelope.mutable_alert();
  const bool cancelled = IsBelow(event.head.type, kCancelType) || (detail.emergency && detail.emergency->cancel);
  alert.set_event(EventOf(event.head.type, detail.emergency ? detail.emergency->type : std::string{}));
  alert.set_status(cancelled ? v1::ALERT_STATUS_CANCELLED : v1::ALERT_STATUS_ACTIVE);
  message.ledger.Kept(v1::FIELD_ALERT_EVENT);
  message.ledger.Kept(v1::FIELD_ALERT_STATUS);
  if (detail.emergency && !detail.emergency->type.empty()) alert.set_native_event(detail.emergency->type);
  if (detail.callsign) {
    alert.set_callsign(*detail.callsign);
    message.ledger.Kept(v1::FIELD_CALLSIGN);
  }
  UnderstandText(detail, alert, message);
  UnderstandPlace(event.head, alert, message);
  CarryType(event, TypeOfAlert(alert), message);
  CarryForeign(event, {ChildKind::kContact, ChildKind::kRemarks}, message);
}

Drafted DraftAlert(const v1::Envelope& message, Draft& draft) {
  const v1::Alert& alert = message.alert();
  draft.head.type = TypeOr(message, TypeOfAlert(alert));
  draft.head.how = "m-r";
  adapter::LossLedger& ledger = draft.ledger;
  if (alert.event() != v1::ALERT_EVENT_UNSPECIFIED) ledger.Kept(v1::FIELD_ALERT_EVENT);
  if (alert.status() == v1::ALERT_STATUS_ACKNOWLEDGED) {
    ledger.Dropped(v1::FIELD_ALERT_STATUS, "an emergency is there or cancelled; acknowledged is said as there");
  } else if (alert.status() == v1::ALERT_STATUS_CLEARED) {
    ledger.Approximated(v1::FIELD_ALERT_STATUS, 0, "cleared is said as cancelled");
  } else if (alert.status() != v1::ALERT_STATUS_UNSPECIFIED) {
    ledger.Kept(v1::FIELD_ALERT_STATUS);
  }
  DraftPoint(alert.has_position(), alert.position(), alert.has_altitude(), alert.altitude(), draft);
  DraftCallsign(alert.callsign(), draft);
  DraftEmergency(alert, draft);
  DraftRemarks(alert.text(), draft);
  if (!alert.text().empty()) KeepText(v1::FIELD_ALERT_TEXT, alert.text(), ledger);
  return {};
}

}  // namespace entente::cot
