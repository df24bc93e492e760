// SPDX-License-Identifier: Apache-2.0
#include "harness/nodes/inject_message.h"

#include "harness/nodes/simulated_unit.h"

namespace entente::harness {
namespace {

// SISO-REF-010 [UID 62]: detonation.
constexpr std::uint32_t kResultDetonation = 5;

void SetPosition(const Placement& placement, v1::Alert& alert) {
  alert.mutable_position()->set_latitude_deg(placement.latitude_deg);
  alert.mutable_position()->set_longitude_deg(placement.longitude_deg);
  alert.mutable_altitude()->set_metres(placement.altitude_m);
  alert.mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_ELLIPSOID);
}

void MakeChat(const v1::Inject& inject, const InjectSpeaker& speaker, v1::Envelope& envelope) {
  envelope.set_family(v1::FAMILY_CHAT);
  v1::Chat& chat = *envelope.mutable_chat();
  if (!inject.chat().room().empty()) chat.set_room(inject.chat().room());
  chat.set_sender_callsign(speaker.callsign);
  if (!speaker.native_id.value().empty()) *chat.mutable_sender() = speaker.native_id;
  chat.set_text(inject.text());
  chat.set_delivery(v1::CHAT_DELIVERY_SENT);
  for (const std::string& node : inject.chat().to()) {
    auto* addressee = envelope.add_addressees();
    addressee->set_node(node);
    addressee->set_native(node);
    addressee->set_role(v1::ADDRESSEE_ROLE_ACTION);
  }
}

void MakeAlert(const v1::Inject& inject, const InjectSpeaker& speaker, v1::Envelope& envelope) {
  envelope.set_family(v1::FAMILY_ALERT);
  envelope.set_object_id(speaker.object_id);
  v1::Alert& alert = *envelope.mutable_alert();
  alert.set_event(inject.alert().event());
  alert.set_status(inject.alert().status());
  alert.set_callsign(speaker.callsign);
  if (!speaker.object_id.empty()) SetPosition(speaker.placement, alert);
  if (!inject.text().empty()) alert.set_text(inject.text());
}

void MakeWeaponEvent(const v1::Inject& inject, const InjectSpeaker& speaker, v1::Envelope& envelope) {
  envelope.set_family(v1::FAMILY_WEAPON_EVENT);
  envelope.set_object_id(speaker.object_id);
  v1::WeaponEvent& event = *envelope.mutable_weapon_event();
  event.set_phase(inject.weapon().phase());
  if (!speaker.native_id.value().empty()) *event.mutable_firer() = speaker.native_id;
  if (inject.weapon().has_munition()) *event.mutable_munition_type() = inject.weapon().munition();
  *event.mutable_position() = inject.weapon().position();
  event.mutable_altitude()->set_metres(inject.weapon().altitude_m());
  event.mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_ELLIPSOID);
  event.set_quantity(1);
  if (inject.weapon().phase() == v1::WEAPON_PHASE_DETONATION) event.set_detonation_result(kResultDetonation);
}

void MakeControl(const v1::Inject& inject, const InjectSpeaker& speaker, UtcTime now, v1::Envelope& envelope) {
  envelope.set_family(v1::FAMILY_SIMULATION_CONTROL);
  v1::SimulationControl& control = *envelope.mutable_simulation_control();
  control.set_action(inject.control().action());
  if (!speaker.native_id.value().empty()) *control.mutable_from() = speaker.native_id;
  control.set_real_world_time_ns(ToNanoseconds(now));
  control.set_simulation_time_ns(ToNanoseconds(now));
  if (!inject.text().empty()) control.set_text(inject.text());
}

}  // namespace

v1::Envelope InjectMessage(const v1::Inject& inject, const InjectSpeaker& speaker, UtcTime now) {
  v1::Envelope envelope;
  envelope.set_act(v1::ACT_INFORM);
  *envelope.mutable_times()->mutable_observed() = OwnTime(now);
  *envelope.mutable_times()->mutable_sent() = OwnTime(now);
  switch (inject.action_case()) {
    case v1::Inject::kChat:
      MakeChat(inject, speaker, envelope);
      break;
    case v1::Inject::kAlert:
      MakeAlert(inject, speaker, envelope);
      break;
    case v1::Inject::kWeapon:
      MakeWeaponEvent(inject, speaker, envelope);
      break;
    case v1::Inject::kControl:
      MakeControl(inject, speaker, now, envelope);
      break;
    case v1::Inject::ACTION_NOT_SET:
      break;
  }
  return envelope;
}

std::string_view UnitOf(const v1::Inject& inject) {
  return inject.has_weapon() ? inject.weapon().firer_unit() : inject.alert().unit();
}

}  // namespace entente::harness
