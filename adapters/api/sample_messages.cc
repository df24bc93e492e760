// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/sample_messages.h"

#include <algorithm>
#include <chrono>

#include "base/invariant.h"

namespace entente::adapter {
namespace {

// Builds the list; every message gets a sequence and, when it is about an object, an id of its own.
class Samples {
 public:
  explicit Samples(UtcTime now) : now_(now) {}

  v1::Envelope& Add(std::string name, v1::Family family) {
    Sample& sample = samples_.emplace_back();
    sample.name = std::move(name);
    v1::Envelope& message = sample.message;
    message.set_family(family);
    message.mutable_id()->set_origin("DEU/brigade");
    message.mutable_id()->set_incarnation(1);
    message.mutable_id()->set_precedence(v1::PRECEDENCE_ROUTINE);
    message.mutable_id()->set_sequence(samples_.size());
    SetTime(*message.mutable_times()->mutable_observed(), now_ - std::chrono::milliseconds(250));
    return message;
  }
  v1::Track& AddTrack(std::string name, double latitude_deg, double longitude_deg) {
    v1::Envelope& message = Add(std::move(name), v1::FAMILY_TRACK);
    NameObject(message);
    SetTime(*message.mutable_times()->mutable_stale_at(), now_ + std::chrono::minutes(5));
    message.set_stale_at_ns(message.times().stale_at().utc_ns());
    v1::Track& track = *message.mutable_track();
    track.mutable_position()->set_latitude_deg(latitude_deg);
    track.mutable_position()->set_longitude_deg(longitude_deg);
    return track;
  }
  v1::Track& AddShip(std::string name, double latitude_deg, double longitude_deg) {
    v1::Track& track = AddTrack(std::move(name), latitude_deg, longitude_deg);
    track.mutable_classification()->set_standard_identity(v1::STANDARD_IDENTITY_FRIEND);
    track.mutable_classification()->set_dimension(v1::DIMENSION_SEA_SURFACE);
    return track;
  }
  v1::Chat& AddChat(std::string name, std::string text) {
    v1::Chat& chat = *Add(std::move(name), v1::FAMILY_CHAT).mutable_chat();
    chat.set_sender_callsign("ALPHA 6");
    chat.mutable_sender()->set_scheme("cot-uid");
    chat.mutable_sender()->set_value("ALPHA-6");
    chat.set_room("All Chat Rooms");
    chat.set_text(std::move(text));
    chat.set_delivery(v1::CHAT_DELIVERY_SENT);
    samples_.back().message.set_native_message_id("chat-" + std::to_string(samples_.size()));
    return chat;
  }
  void NameObject(v1::Envelope& message) { message.set_object_id("DEU/brigade/object-" + std::to_string(samples_.size())); }
  v1::Envelope& last() { return samples_.back().message; }
  [[nodiscard]] UtcTime now() const { return now_; }
  std::vector<Sample> Take() { return std::move(samples_); }

 private:
  static void SetTime(v1::Timestamp& stamp, UtcTime time) {
    stamp.set_utc_ns(ToNanoseconds(time));
    stamp.set_precision_ns(1'000'000);
    stamp.set_clock(v1::CLOCK_SOURCE_ORIGINATOR);
  }

  UtcTime now_;
  std::vector<Sample> samples_;
};

void Move(v1::Track& track, double course_deg, double speed_mps) {
  track.set_course_deg(course_deg);
  track.set_speed_mps(speed_mps);
}

void SetAltitude(v1::Track& track, double metres, v1::AltitudeDatum datum) {
  track.mutable_altitude()->set_metres(metres);
  track.mutable_altitude()->set_datum(datum);
}

void AddPlainTracks(Samples& samples) {
  v1::Track& ship = samples.AddShip("ship under way", 54.321987, 10.135791);
  ship.set_callsign("F220 HAMBURG");
  Move(ship, 231.7, 9.1);
  ship.mutable_attitude()->set_heading_deg(229);
  ship.set_horizontal_accuracy_m(4.5);
  ship.mutable_classification()->set_ais_ship_type(35);
  ship.mutable_operational_status()->set_ais_navigation_status(0);
  ship.set_how("m-g");

  v1::Track& aircraft = samples.AddTrack("aircraft", 53.63, 9.98);
  aircraft.set_callsign("RESCUE 51");
  aircraft.mutable_classification()->set_standard_identity(v1::STANDARD_IDENTITY_NEUTRAL);
  aircraft.mutable_classification()->set_dimension(v1::DIMENSION_AIR);
  SetAltitude(aircraft, 1524.0, v1::ALTITUDE_DATUM_ELLIPSOID);
  Move(aircraft, 12.34, 71.2);
  aircraft.set_vertical_rate_mps(-2.5);

  v1::Track& vehicle = samples.AddTrack("vehicle on land", 52.516275, 13.377704);
  vehicle.set_callsign("ALPHA 6");
  vehicle.mutable_classification()->set_standard_identity(v1::STANDARD_IDENTITY_FRIEND);
  vehicle.mutable_classification()->set_dimension(v1::DIMENSION_LAND);
  vehicle.mutable_classification()->set_function("U-C-I");
  SetAltitude(vehicle, 74.5, v1::ALTITUDE_DATUM_ELLIPSOID);
  vehicle.set_remarks("refuelling at 1430");
  Move(vehicle, 90, 13.9);

  v1::Track& submarine = samples.AddTrack("submarine", 60.1, 24.9);
  submarine.mutable_classification()->set_dimension(v1::DIMENSION_SUBSURFACE);
  submarine.mutable_classification()->set_standard_identity(v1::STANDARD_IDENTITY_HOSTILE);
  SetAltitude(submarine, -120, v1::ALTITUDE_DATUM_ELLIPSOID);

  v1::Track& dropped = samples.AddShip("track that is dropped", 54.0, 11.0);
  dropped.set_lifecycle(v1::LIFECYCLE_DROPPED);
}

void AddExtremeTracks(Samples& samples) {
  v1::Track& zero = samples.AddShip("everything zero", 0, 0);
  Move(zero, 0, 0);
  SetAltitude(zero, 0, v1::ALTITUDE_DATUM_ELLIPSOID);
  samples.AddShip("north pole", 90, 0);
  samples.AddShip("south pole", -90, 0);
  samples.AddShip("antimeridian from the east", 12.5, -180);
  samples.AddShip("antimeridian from the west", -12.5, 180);
  samples.AddShip("position and nothing else", -33.856789, 151.215296);
  Move(samples.AddShip("course just below 360", 1.5, 103.75), 359.999, 0.02);
  Move(samples.AddShip("faster than sound", -54.8, -68.3), 180, 600);
  SetAltitude(samples.AddShip("far below the sea", 11.35, 142.2), -10'900, v1::ALTITUDE_DATUM_ELLIPSOID);
  samples.AddShip("turning", 36.1, -5.35).set_rate_of_turn_dps(-3.25);
}

void AddNamedTracks(Samples& samples) {
  samples.AddShip("name of one character", 43.1, 5.9).set_callsign("A");
  samples.AddShip("name of a hundred characters", 43.2, 5.9).set_callsign(std::string(100, 'N'));
  samples.AddShip("name with accents", 43.3, 5.9).set_callsign("Île d'Aix – Œuvre");
  samples.AddShip("name with emoji", 43.4, 5.9).set_callsign("🚢 Atlantis");
  samples.AddShip("name from right to left", 43.5, 5.9).set_callsign("ספינה");
  samples.AddShip("name with markup", 43.6, 5.9).set_callsign("<a&b>\"c'");
}

// The same place, once per standard identity: vocabularies differ in nothing as much as in this.
void AddStandardIdentities(Samples& samples) {
  for (int value = v1::STANDARD_IDENTITY_PENDING; value <= v1::STANDARD_IDENTITY_OTHER; ++value) {
    const auto identity = static_cast<v1::StandardIdentity>(value);
    v1::Track& track = samples.AddTrack("standard identity " + v1::StandardIdentity_Name(identity), 55.0, 12.0);
    track.mutable_classification()->set_standard_identity(identity);
    track.mutable_classification()->set_dimension(v1::DIMENSION_SEA_SURFACE);
  }
}

v1::Identity& AddIdentity(Samples& samples, std::string name) {
  v1::Envelope& message = samples.Add(std::move(name), v1::FAMILY_IDENTITY);
  samples.NameObject(message);
  return *message.mutable_identity();
}

void AddIdentities(Samples& samples) {
  v1::Identity& ship = AddIdentity(samples, "ship's static data");
  ship.set_name("NORDIC HAMBURG");
  ship.mutable_transponder_ids()->set_mmsi(211331640);
  ship.mutable_transponder_ids()->set_imo(9131886);
  ship.mutable_transponder_ids()->set_radio_callsign("DCXY2");
  ship.mutable_classification()->set_dimension(v1::DIMENSION_SEA_SURFACE);
  ship.mutable_classification()->set_ais_ship_type(70);
  ship.set_dimension_to_bow_m(120);
  ship.set_dimension_to_stern_m(30);
  ship.set_dimension_to_port_m(10);
  ship.set_dimension_to_starboard_m(12);
  ship.set_draught_m(8.4);
  ship.set_destination("KIEL");
  AddIdentity(samples, "name only").set_name("ALPHA 6");
  AddIdentity(samples, "long name with accents").set_name("Büsum und die sieben übrigen Häfen der Westküste");
  v1::Identity& buoy = AddIdentity(samples, "aid to navigation");
  buoy.set_name("KIEL LT");
  buoy.set_aid_type(5);
  buoy.mutable_position()->set_latitude_deg(54.499);
  buoy.mutable_position()->set_longitude_deg(10.273);
}

void AddChats(Samples& samples) {
  samples.AddChat("plain text", "ALPHA 6 AT PHASE LINE BLUE");
  samples.AddChat("text in small letters", "moving to checkpoint 4, over");
  samples.AddChat("text with accents and emoji", "Größe prüfen – café à 10 h 👍");
  samples.AddChat("text with markup", "]]></event><event/> & \"quotes\" <remarks>");
  samples.AddChat("text of three thousand characters", std::string(3000, 'x'));
  samples.AddChat("text of several lines", "line one\nline two\n\tindented");
  samples.AddChat("text with a control character", std::string("bell\x07 and escape\x1b", 16));
  samples.AddChat("text in a thread", "ROGER").set_thread("thread-1");
  v1::Chat& receipt = samples.AddChat("receipt", "");
  receipt.set_delivery(v1::CHAT_DELIVERY_DELIVERED);
  samples.last().set_in_reply_to("chat-1");
}

v1::Alert& AddAlert(Samples& samples, std::string name, v1::AlertEvent event, v1::AlertStatus status) {
  v1::Envelope& message = samples.Add(std::move(name), v1::FAMILY_ALERT);
  samples.NameObject(message);
  v1::Alert& alert = *message.mutable_alert();
  alert.set_event(event);
  alert.set_status(status);
  alert.set_callsign("ALPHA 6");
  alert.mutable_position()->set_latitude_deg(54.1);
  alert.mutable_position()->set_longitude_deg(10.2);
  return alert;
}

void AddAlerts(Samples& samples) {
  AddAlert(samples, "emergency", v1::ALERT_EVENT_EMERGENCY, v1::ALERT_STATUS_ACTIVE).set_text("MAN DOWN");
  AddAlert(samples, "emergency cancelled", v1::ALERT_EVENT_EMERGENCY, v1::ALERT_STATUS_CANCELLED);
  AddAlert(samples, "search and rescue", v1::ALERT_EVENT_SEARCH_AND_RESCUE, v1::ALERT_STATUS_ACTIVE).set_text("MAYDAY RELAY");
  AddAlert(samples, "in contact", v1::ALERT_EVENT_IN_CONTACT, v1::ALERT_STATUS_ACTIVE);
}

void SetDisEntity(v1::NativeId& id, std::string value) {
  id.set_scheme("dis-entity");
  id.set_value(std::move(value));
}

void AddWeaponEvents(Samples& samples) {
  for (const v1::WeaponPhase phase : {v1::WEAPON_PHASE_FIRE, v1::WEAPON_PHASE_DETONATION}) {
    v1::Envelope& message = samples.Add(phase == v1::WEAPON_PHASE_FIRE ? "fire" : "detonation", v1::FAMILY_WEAPON_EVENT);
    samples.NameObject(message);
    v1::WeaponEvent& event = *message.mutable_weapon_event();
    event.set_phase(phase);
    event.set_event_id("1:3101:7");
    SetDisEntity(*event.mutable_firer(), "1:3101:1");
    SetDisEntity(*event.mutable_target(), "1:3101:2");
    event.mutable_munition_type()->set_kind(2);
    event.mutable_munition_type()->set_domain(1);
    event.mutable_munition_type()->set_country(225);
    event.mutable_munition_type()->set_category(2);
    event.mutable_position()->set_latitude_deg(54.3);
    event.mutable_position()->set_longitude_deg(10.1);
    event.mutable_altitude()->set_metres(30);
    event.mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_ELLIPSOID);
    event.mutable_velocity_mps()->set_east(200);
    event.mutable_velocity_mps()->set_north(-100);
    event.mutable_velocity_mps()->set_up(5);
    event.set_quantity(1);
    if (phase == v1::WEAPON_PHASE_DETONATION) event.set_detonation_result(1);
  }
}

void AddControls(Samples& samples) {
  for (const v1::ControlAction action : {v1::CONTROL_ACTION_START_RESUME, v1::CONTROL_ACTION_STOP_FREEZE,
                                         v1::CONTROL_ACTION_ACKNOWLEDGE, v1::CONTROL_ACTION_COMMENT}) {
    v1::Envelope& message = samples.Add("control " + v1::ControlAction_Name(action), v1::FAMILY_SIMULATION_CONTROL);
    v1::SimulationControl& control = *message.mutable_simulation_control();
    control.set_action(action);
    if (action == v1::CONTROL_ACTION_COMMENT) {
      control.set_text("STARTEX in five minutes");
      continue;
    }
    control.set_request_id(4711);
    if (action == v1::CONTROL_ACTION_STOP_FREEZE) control.set_reason(1);
    if (action == v1::CONTROL_ACTION_ACKNOWLEDGE) control.set_acknowledged(v1::CONTROL_ACTION_START_RESUME);
    if (action == v1::CONTROL_ACTION_START_RESUME) control.set_real_world_time_ns(ToNanoseconds(samples.now()));
  }
}

void AddOpaque(Samples& samples) {
  v1::Opaque& opaque = *samples.Add("unit of a protocol that nobody speaks", v1::FAMILY_OPAQUE).mutable_opaque();
  samples.last().mutable_provenance()->set_protocol("unspoken");
  opaque.set_native_type("mystery");
  opaque.set_octets(std::string("\x00\x01\x02 opaque \xff", 12));
}

}  // namespace

std::vector<Sample> SampleMessages(UtcTime now) {
  Samples samples(now);
  AddPlainTracks(samples);
  AddExtremeTracks(samples);
  AddNamedTracks(samples);
  AddStandardIdentities(samples);
  AddIdentities(samples);
  AddChats(samples);
  AddAlerts(samples);
  AddWeaponEvents(samples);
  AddControls(samples);
  AddOpaque(samples);
  return samples.Take();
}

v1::Envelope PlainSample(v1::Family family, UtcTime now) {
  std::vector<Sample> samples = SampleMessages(now);
  const auto found = std::ranges::find_if(samples, [&](const Sample& sample) { return sample.message.family() == family; });
  ENTENTE_INVARIANT(found != samples.end());  // there is a sample of every family that has a body
  return std::move(found->message);
}

std::vector<NodeOptions> EachOtherChoice(std::span<const NodeOption> declared) {
  std::vector<NodeOptions> chosen;
  for (const NodeOption& option : declared) {
    for (const std::string_view choice : option.choices) {
      NodeOptions options = NodeOptions::Defaults(declared);
      if (choice != option.default_text && options.Set(declared, option.name, choice)) chosen.push_back(std::move(options));
    }
  }
  return chosen;
}

}  // namespace entente::adapter
