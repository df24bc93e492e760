// SPDX-License-Identifier: Apache-2.0
// Fire and detonation as detections of a launch (b-d-l) and of an impact (b-d-i), which CoT users know as point of origin and point
// of impact. What hit whom has no place but the remarks.
#include <fmt/format.h>

#include "adapters/cot/families.h"
#include "adapters/cot/type_code.h"
#include "proto/message_id.h"

namespace entente::cot {
namespace {

constexpr std::string_view kLaunch = "b-d-l";
constexpr std::string_view kImpact = "b-d-i";

// One event id joins fire and detonation, and a uid names one event.
std::string_view SuffixOf(v1::WeaponPhase phase) {
  return phase == v1::WEAPON_PHASE_DETONATION ? ".impact" : ".launch";
}

std::string TypeOfPhase(v1::WeaponPhase phase) {
  return std::string(phase == v1::WEAPON_PHASE_DETONATION ? kImpact : kLaunch);
}

std::string UidOf(const v1::Envelope& message) {
  if (message.native_id().scheme() == kUidScheme) return message.native_id().value();
  const v1::WeaponEvent& weapon = message.weapon_event();
  const std::string id = !weapon.event_id().empty()      ? weapon.event_id()
                         : message.id().origin().empty() ? message.object_id()
                                                         : ToText(message.id());
  return id + std::string(SuffixOf(weapon.phase()));
}

std::string TypeText(const v1::DisEntityType& type) {
  return fmt::format("{}.{}.{}.{}.{}.{}.{}", type.kind(), type.domain(), type.country(), type.category(), type.subcategory(),
                     type.specific(), type.extra());
}

std::string RemarksOf(const v1::WeaponEvent& weapon) {
  std::string text = weapon.phase() == v1::WEAPON_PHASE_DETONATION ? "detonation" : "fire";
  if (weapon.has_munition_type()) text += ", munition " + TypeText(weapon.munition_type());
  if (!weapon.firer().value().empty()) text += ", firer " + weapon.firer().value();
  if (!weapon.target().value().empty()) text += ", target " + weapon.target().value();
  if (weapon.has_detonation_result()) text += fmt::format(", result {}", weapon.detonation_result());
  if (weapon.has_quantity()) text += fmt::format(", quantity {}", weapon.quantity());
  return text;
}

}  // namespace

void UnderstandWeaponEvent(const Event& event, adapter::DecodedMessage& message) {
  message.envelope.set_family(v1::FAMILY_WEAPON_EVENT);
  v1::WeaponEvent& weapon = *message.envelope.mutable_weapon_event();
  weapon.set_phase(IsBelow(event.head.type, kImpact) ? v1::WEAPON_PHASE_DETONATION : v1::WEAPON_PHASE_FIRE);
  message.ledger.Kept(v1::FIELD_WEAPON_PHASE);
  std::string_view uid = event.head.uid;
  if (const std::string_view suffix = SuffixOf(weapon.phase()); uid.ends_with(suffix)) uid.remove_suffix(suffix.size());
  weapon.set_event_id(uid.data(), uid.size());
  message.ledger.Kept(v1::FIELD_WEAPON_EVENT_ID);
  if (!IsNowhere(event.head)) {
    weapon.mutable_position()->set_latitude_deg(event.head.point->latitude_deg);
    weapon.mutable_position()->set_longitude_deg(event.head.point->longitude_deg);
    message.ledger.Kept(v1::FIELD_POSITION);
    if (event.head.point->hae_m) {
      weapon.mutable_altitude()->set_metres(*event.head.point->hae_m);
      weapon.mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_ELLIPSOID);
      message.ledger.Kept(v1::FIELD_ALTITUDE);
    }
  }
  CarryType(event, TypeOfPhase(weapon.phase()), message);
  CarryForeign(event, {}, message);
}

Drafted DraftWeaponEvent(const v1::Envelope& message, Draft& draft) {
  const v1::WeaponEvent& weapon = message.weapon_event();
  if (!weapon.has_position()) return std::unexpected(adapter::CannotSay{"the weapon event has no position, and a CoT event must"});
  if (weapon.phase() == v1::WEAPON_PHASE_UNSPECIFIED) {
    return std::unexpected(adapter::CannotSay{"a weapon event that is neither fire nor detonation"});
  }
  draft.head.uid = UidOf(message);
  draft.head.type = TypeOr(message, TypeOfPhase(weapon.phase()));
  draft.head.how = "m-r";
  DraftPoint(true, weapon.position(), weapon.has_altitude(), weapon.altitude(), draft);
  if (draft.carried.xml.empty()) DraftRemarks(RemarksOf(weapon), draft);
  adapter::LossLedger& ledger = draft.ledger;
  constexpr auto kForPeople = "in the remarks, for people";
  ledger.Kept(v1::FIELD_WEAPON_PHASE);
  if (weapon.has_event_id()) ledger.Kept(v1::FIELD_WEAPON_EVENT_ID);
  if (weapon.has_firer()) ledger.Dropped(v1::FIELD_WEAPON_FIRER, kForPeople);
  if (weapon.has_target()) ledger.Dropped(v1::FIELD_WEAPON_TARGET, kForPeople);
  if (weapon.has_munition_type() || weapon.has_munition_object()) ledger.Dropped(v1::FIELD_WEAPON_MUNITION, kForPeople);
  if (weapon.has_detonation_result()) ledger.Dropped(v1::FIELD_WEAPON_RESULT, kForPeople);
  if (weapon.has_velocity_mps()) ledger.Dropped(v1::FIELD_WEAPON_VELOCITY);
  return {};
}

}  // namespace entente::cot
