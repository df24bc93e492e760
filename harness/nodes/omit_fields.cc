// SPDX-License-Identifier: Apache-2.0
#include "harness/nodes/omit_fields.h"

namespace entente::harness {
namespace {

void OmitFromAll(v1::Field field, v1::Envelope& envelope) {
  switch (field) {
    case v1::FIELD_OBJECT_ID:
      envelope.clear_object_id();
      return envelope.clear_native_id();
    case v1::FIELD_OBSERVED_TIME:
      return envelope.mutable_times()->clear_observed();
    case v1::FIELD_STALE_TIME:
      envelope.clear_stale_at_ns();
      return envelope.mutable_times()->clear_stale_at();
    case v1::FIELD_REALITY:
      envelope.clear_exercise_name();
      return envelope.clear_reality();
    case v1::FIELD_CLASSIFICATION:
      return envelope.mutable_label()->clear_classification();
    case v1::FIELD_RELEASABILITY:
      return envelope.mutable_label()->clear_categories();
    case v1::FIELD_PRECEDENCE:
      return envelope.mutable_id()->clear_precedence();
    case v1::FIELD_EXTENSIONS:
      return envelope.clear_extensions();
    case v1::FIELD_ADDRESSEES:
      return envelope.clear_addressees();
    default:
      return;
  }
}

void OmitFromClassification(v1::Field field, v1::Classification& classification) {
  switch (field) {
    case v1::FIELD_STANDARD_IDENTITY:
      return classification.clear_standard_identity();
    case v1::FIELD_DIMENSION:
      return classification.clear_dimension();
    case v1::FIELD_FUNCTION_SYMBOL:
      return classification.clear_function();
    case v1::FIELD_PLATFORM_TYPE:
      classification.clear_ais_ship_type();
      return classification.clear_dis_entity_type();
    default:
      return;
  }
}

void OmitFromTrack(v1::Field field, v1::Track& track) {
  switch (field) {
    case v1::FIELD_CALLSIGN:
      return track.clear_callsign();
    case v1::FIELD_REMARKS:
      return track.clear_remarks();
    case v1::FIELD_RELATIONS:
      return track.clear_relations();
    case v1::FIELD_POSITION:
      return track.clear_position();
    case v1::FIELD_ALTITUDE:
      return track.clear_altitude();
    case v1::FIELD_HORIZONTAL_ACCURACY:
      return track.clear_horizontal_accuracy_m();
    case v1::FIELD_VERTICAL_ACCURACY:
      return track.clear_vertical_accuracy_m();
    case v1::FIELD_COURSE:
      return track.clear_course_deg();
    case v1::FIELD_HEADING:
      return track.clear_attitude();
    case v1::FIELD_SPEED:
      return track.clear_speed_mps();
    case v1::FIELD_VERTICAL_RATE:
      return track.clear_vertical_rate_mps();
    case v1::FIELD_OPERATIONAL_STATUS:
      return track.clear_operational_status();
    case v1::FIELD_HOW:
      return track.clear_how();
    case v1::FIELD_CONFIDENCE:
      return track.clear_confidence();
    case v1::FIELD_LIFECYCLE:
      return track.clear_lifecycle();
    case v1::FIELD_TRANSPONDER_IDS:
      return track.clear_transponder_ids();
    case v1::FIELD_RATE_OF_TURN:
      return track.clear_rate_of_turn_dps();
    case v1::FIELD_ACCELERATION:
      return track.clear_acceleration_mps2();
    default:
      return OmitFromClassification(field, *track.mutable_classification());
  }
}

void OmitFromIdentity(v1::Field field, v1::Identity& identity) {
  switch (field) {
    case v1::FIELD_CALLSIGN:
      return identity.clear_name();
    case v1::FIELD_TRANSPONDER_IDS:
      return identity.clear_transponder_ids();
    default:
      return OmitFromClassification(field, *identity.mutable_classification());
  }
}

void OmitFromChat(v1::Field field, v1::Chat& chat) {
  switch (field) {
    case v1::FIELD_CHAT_ROOM:
      return chat.clear_room();
    case v1::FIELD_CHAT_SENDER:
      chat.clear_sender_callsign();
      return chat.clear_sender();
    case v1::FIELD_CHAT_BODY:
      return chat.clear_text();
    case v1::FIELD_CHAT_THREAD:
      return chat.clear_thread();
    case v1::FIELD_CHAT_DELIVERY:
      return chat.clear_delivery();
    default:
      return;
  }
}

void OmitFromAlert(v1::Field field, v1::Alert& alert) {
  switch (field) {
    case v1::FIELD_CALLSIGN:
      return alert.clear_callsign();
    case v1::FIELD_POSITION:
      return alert.clear_position();
    case v1::FIELD_ALTITUDE:
      return alert.clear_altitude();
    case v1::FIELD_ALERT_STATUS:
      return alert.clear_status();
    case v1::FIELD_ALERT_TEXT:
      return alert.clear_text();
    default:
      return;
  }
}

void OmitFromWeaponEvent(v1::Field field, v1::WeaponEvent& event) {
  switch (field) {
    case v1::FIELD_POSITION:
      return event.clear_position();
    case v1::FIELD_WEAPON_EVENT_ID:
      return event.clear_event_id();
    case v1::FIELD_WEAPON_FIRER:
      return event.clear_firer();
    case v1::FIELD_WEAPON_TARGET:
      return event.clear_target();
    case v1::FIELD_WEAPON_MUNITION:
      return event.clear_munition_type();
    case v1::FIELD_WEAPON_RESULT:
      return event.clear_detonation_result();
    case v1::FIELD_WEAPON_VELOCITY:
      return event.clear_velocity_mps();
    default:
      return;
  }
}

}  // namespace

void OmitField(v1::Field field, v1::Envelope& envelope) {
  OmitFromAll(field, envelope);
  switch (envelope.body_case()) {
    case v1::Envelope::kTrack:
      return OmitFromTrack(field, *envelope.mutable_track());
    case v1::Envelope::kIdentity:
      return OmitFromIdentity(field, *envelope.mutable_identity());
    case v1::Envelope::kChat:
      return OmitFromChat(field, *envelope.mutable_chat());
    case v1::Envelope::kAlert:
      return OmitFromAlert(field, *envelope.mutable_alert());
    case v1::Envelope::kWeaponEvent:
      return OmitFromWeaponEvent(field, *envelope.mutable_weapon_event());
    default:
      return;
  }
}

}  // namespace entente::harness
