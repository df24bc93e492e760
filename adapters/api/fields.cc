// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/fields.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <string>

namespace entente::adapter {
namespace {

constexpr double kNoMeasure = std::numeric_limits<double>::infinity();
constexpr double kMeanEarthRadiusM = 6'371'008.8;

double Radians(double degrees) {
  return degrees * std::numbers::pi / 180.0;
}

double GreatCircleM(const v1::Position& a, const v1::Position& b) {
  const double latitude_a = Radians(a.latitude_deg());
  const double latitude_b = Radians(b.latitude_deg());
  const double half_latitude = (latitude_b - latitude_a) / 2;
  const double half_longitude = Radians(b.longitude_deg() - a.longitude_deg()) / 2;
  const double h =
      std::pow(std::sin(half_latitude), 2) + std::cos(latitude_a) * std::cos(latitude_b) * std::pow(std::sin(half_longitude), 2);
  return 2 * kMeanEarthRadiusM * std::asin(std::sqrt(std::clamp(h, 0.0, 1.0)));
}

double AngleBetweenDeg(double a, double b) {
  return std::abs(std::remainder(a - b, 360.0));
}

double VectorDistance(const v1::Vector& a, const v1::Vector& b) {
  return std::hypot(a.east() - b.east(), a.north() - b.north(), a.up() - b.up());
}

// Collects the comparisons of one pair of messages; every Add looks at one field.
class Comparer {
 public:
  // `error` is called only when both sides say the field.
  template <typename ErrorOf>
  void Add(v1::Field field, bool said, bool understood, ErrorOf error_of) {
    if (!said && !understood) return;
    if (!said) {
      comparisons_.push_back({field, FieldVerdict::kInvented, 0});
    } else if (!understood) {
      comparisons_.push_back({field, FieldVerdict::kMissing, 0});
    } else {
      const double error = error_of();
      comparisons_.push_back({field, error == 0 ? FieldVerdict::kKept : FieldVerdict::kDiffers, error});
    }
  }
  void AddNumber(v1::Field field, std::optional<double> said, std::optional<double> understood) {
    Add(field, said.has_value(), understood.has_value(), [&] { return std::abs(*said - *understood); });
  }
  void AddText(v1::Field field, const std::string& said, const std::string& understood) {
    Add(field, !said.empty(), !understood.empty(), [&] { return said == understood ? 0 : kNoMeasure; });
  }
  template <typename Enum>
  void AddEnum(v1::Field field, Enum said, Enum understood) {
    Add(field, said != Enum{}, understood != Enum{}, [&] { return said == understood ? 0 : kNoMeasure; });
  }
  template <typename Message>
  void AddMessage(v1::Field field, bool said, const Message& a, bool understood, const Message& b) {
    Add(field, said, understood, [&] { return a.SerializeAsString() == b.SerializeAsString() ? 0 : kNoMeasure; });
  }
  void AddPosition(bool said, const v1::Position& a, bool understood, const v1::Position& b) {
    Add(v1::FIELD_POSITION, said, understood, [&] { return GreatCircleM(a, b); });
  }
  void AddAltitude(bool said, const v1::Altitude& a, bool understood, const v1::Altitude& b) {
    Add(v1::FIELD_ALTITUDE, said, understood,
        [&] { return a.datum() == b.datum() ? std::abs(a.metres() - b.metres()) : kNoMeasure; });
  }
  void AddTime(v1::Field field, bool said, const v1::Timestamp& a, bool understood, const v1::Timestamp& b) {
    Add(field, said, understood, [&] { return std::abs(static_cast<double>(a.utc_ns() - b.utc_ns())) * 1e-9; });
  }
  std::vector<FieldComparison> Take() { return std::move(comparisons_); }

 private:
  std::vector<FieldComparison> comparisons_;
};

template <typename Get, typename Message>
std::optional<double> Optional(bool has, const Message& message, Get get) {
  return has ? std::optional<double>(static_cast<double>((message.*get)())) : std::nullopt;
}

void CompareEnvelopes(const v1::Envelope& a, const v1::Envelope& b, Comparer& comparer) {
  comparer.AddTime(v1::FIELD_OBSERVED_TIME, a.times().has_observed(), a.times().observed(), b.times().has_observed(),
                   b.times().observed());
  comparer.AddTime(v1::FIELD_STALE_TIME, a.times().has_stale_at(), a.times().stale_at(), b.times().has_stale_at(),
                   b.times().stale_at());
  comparer.AddEnum(v1::FIELD_REALITY, a.reality(), b.reality());
  // Different words of two policies have no common measure: a label that was mapped is another text, and meant to be.
  const bool mapped = !a.label().policy().empty() && !b.label().policy().empty() && a.label().policy() != b.label().policy() &&
                      a.label().classification() != b.label().classification();
  if (!mapped) comparer.AddText(v1::FIELD_CLASSIFICATION, a.label().classification(), b.label().classification());
}

void CompareClassifications(const v1::Classification& a, const v1::Classification& b, Comparer& comparer) {
  comparer.AddEnum(v1::FIELD_STANDARD_IDENTITY, a.standard_identity(), b.standard_identity());
  comparer.AddEnum(v1::FIELD_DIMENSION, a.dimension(), b.dimension());
  comparer.AddText(v1::FIELD_FUNCTION_SYMBOL, a.function(), b.function());
  // Either enumeration is a platform type; they have no common measure.
  const bool said = a.has_dis_entity_type() || a.has_ais_ship_type();
  const bool understood = b.has_dis_entity_type() || b.has_ais_ship_type();
  comparer.Add(v1::FIELD_PLATFORM_TYPE, said, understood, [&] {
    return a.dis_entity_type().SerializeAsString() == b.dis_entity_type().SerializeAsString() &&
                   a.ais_ship_type() == b.ais_ship_type()
               ? 0
               : kNoMeasure;
  });
}

void CompareTracks(const v1::Track& a, const v1::Track& b, Comparer& comparer) {
  comparer.AddText(v1::FIELD_CALLSIGN, a.callsign(), b.callsign());
  comparer.AddPosition(a.has_position(), a.position(), b.has_position(), b.position());
  comparer.AddAltitude(a.has_altitude(), a.altitude(), b.has_altitude(), b.altitude());
  comparer.AddNumber(v1::FIELD_HORIZONTAL_ACCURACY, Optional(a.has_horizontal_accuracy_m(), a, &v1::Track::horizontal_accuracy_m),
                     Optional(b.has_horizontal_accuracy_m(), b, &v1::Track::horizontal_accuracy_m));
  comparer.AddNumber(v1::FIELD_VERTICAL_ACCURACY, Optional(a.has_vertical_accuracy_m(), a, &v1::Track::vertical_accuracy_m),
                     Optional(b.has_vertical_accuracy_m(), b, &v1::Track::vertical_accuracy_m));
  comparer.Add(v1::FIELD_COURSE, a.has_course_deg(), b.has_course_deg(),
               [&] { return AngleBetweenDeg(a.course_deg(), b.course_deg()); });
  comparer.Add(v1::FIELD_HEADING, a.attitude().has_heading_deg(), b.attitude().has_heading_deg(),
               [&] { return AngleBetweenDeg(a.attitude().heading_deg(), b.attitude().heading_deg()); });
  comparer.AddNumber(v1::FIELD_SPEED, Optional(a.has_speed_mps(), a, &v1::Track::speed_mps),
                     Optional(b.has_speed_mps(), b, &v1::Track::speed_mps));
  comparer.AddNumber(v1::FIELD_VERTICAL_RATE, Optional(a.has_vertical_rate_mps(), a, &v1::Track::vertical_rate_mps),
                     Optional(b.has_vertical_rate_mps(), b, &v1::Track::vertical_rate_mps));
  comparer.AddNumber(v1::FIELD_RATE_OF_TURN, Optional(a.has_rate_of_turn_dps(), a, &v1::Track::rate_of_turn_dps),
                     Optional(b.has_rate_of_turn_dps(), b, &v1::Track::rate_of_turn_dps));
  comparer.Add(v1::FIELD_ACCELERATION, a.has_acceleration_mps2(), b.has_acceleration_mps2(),
               [&] { return VectorDistance(a.acceleration_mps2(), b.acceleration_mps2()); });
  CompareClassifications(a.classification(), b.classification(), comparer);
  comparer.AddEnum(v1::FIELD_OPERATIONAL_STATUS, a.operational_status().code(), b.operational_status().code());
  comparer.AddText(v1::FIELD_HOW, a.how(), b.how());
  comparer.AddNumber(v1::FIELD_CONFIDENCE, Optional(a.has_confidence(), a, &v1::Track::confidence),
                     Optional(b.has_confidence(), b, &v1::Track::confidence));
  comparer.AddEnum(v1::FIELD_LIFECYCLE, a.lifecycle(), b.lifecycle());
  comparer.AddMessage(v1::FIELD_TRANSPONDER_IDS, a.has_transponder_ids(), a.transponder_ids(), b.has_transponder_ids(),
                      b.transponder_ids());
  comparer.AddText(v1::FIELD_REMARKS, a.remarks(), b.remarks());
}

void CompareIdentities(const v1::Identity& a, const v1::Identity& b, Comparer& comparer) {
  comparer.AddText(v1::FIELD_CALLSIGN, a.name(), b.name());
  comparer.AddMessage(v1::FIELD_TRANSPONDER_IDS, a.has_transponder_ids(), a.transponder_ids(), b.has_transponder_ids(),
                      b.transponder_ids());
  CompareClassifications(a.classification(), b.classification(), comparer);
  comparer.AddText(v1::FIELD_VOYAGE, a.destination(), b.destination());
  comparer.AddPosition(a.has_position(), a.position(), b.has_position(), b.position());
}

void CompareChats(const v1::Chat& a, const v1::Chat& b, Comparer& comparer) {
  comparer.AddText(v1::FIELD_CHAT_ROOM, a.room(), b.room());
  comparer.AddText(v1::FIELD_CHAT_SENDER, a.sender_callsign(), b.sender_callsign());
  comparer.AddText(v1::FIELD_CHAT_BODY, a.text(), b.text());
  comparer.AddText(v1::FIELD_CHAT_THREAD, a.thread(), b.thread());
  comparer.AddEnum(v1::FIELD_CHAT_DELIVERY, a.delivery(), b.delivery());
}

void CompareAlerts(const v1::Alert& a, const v1::Alert& b, Comparer& comparer) {
  comparer.AddEnum(v1::FIELD_ALERT_EVENT, a.event(), b.event());
  comparer.AddEnum(v1::FIELD_ALERT_STATUS, a.status(), b.status());
  comparer.AddText(v1::FIELD_ALERT_TEXT, a.text(), b.text());
  comparer.AddText(v1::FIELD_CALLSIGN, a.callsign(), b.callsign());
  comparer.AddPosition(a.has_position(), a.position(), b.has_position(), b.position());
  comparer.AddAltitude(a.has_altitude(), a.altitude(), b.has_altitude(), b.altitude());
}

void CompareWeaponEvents(const v1::WeaponEvent& a, const v1::WeaponEvent& b, Comparer& comparer) {
  comparer.AddEnum(v1::FIELD_WEAPON_PHASE, a.phase(), b.phase());
  comparer.AddText(v1::FIELD_WEAPON_EVENT_ID, a.event_id(), b.event_id());
  comparer.AddMessage(v1::FIELD_WEAPON_MUNITION, a.has_munition_type(), a.munition_type(), b.has_munition_type(),
                      b.munition_type());
  comparer.AddNumber(v1::FIELD_WEAPON_RESULT, Optional(a.has_detonation_result(), a, &v1::WeaponEvent::detonation_result),
                     Optional(b.has_detonation_result(), b, &v1::WeaponEvent::detonation_result));
  comparer.AddPosition(a.has_position(), a.position(), b.has_position(), b.position());
  comparer.AddAltitude(a.has_altitude(), a.altitude(), b.has_altitude(), b.altitude());
  comparer.Add(v1::FIELD_WEAPON_VELOCITY, a.has_velocity_mps(), b.has_velocity_mps(),
               [&] { return VectorDistance(a.velocity_mps(), b.velocity_mps()); });
}

void CompareControls(const v1::SimulationControl& a, const v1::SimulationControl& b, Comparer& comparer) {
  comparer.AddEnum(v1::FIELD_CONTROL_ACTION, a.action(), b.action());
  comparer.AddNumber(v1::FIELD_CONTROL_REQUEST_ID, Optional(a.has_request_id(), a, &v1::SimulationControl::request_id),
                     Optional(b.has_request_id(), b, &v1::SimulationControl::request_id));
  comparer.AddNumber(v1::FIELD_CONTROL_REASON, Optional(a.has_reason(), a, &v1::SimulationControl::reason),
                     Optional(b.has_reason(), b, &v1::SimulationControl::reason));
  comparer.AddText(v1::FIELD_REMARKS, a.text(), b.text());
}

}  // namespace

std::vector<FieldComparison> Compare(const v1::Envelope& said, const v1::Envelope& understood) {
  if (said.body_case() != understood.body_case()) {
    return {{v1::FIELD_UNSPECIFIED, FieldVerdict::kDiffers, kNoMeasure}};
  }
  Comparer comparer;
  CompareEnvelopes(said, understood, comparer);
  switch (said.body_case()) {
    case v1::Envelope::kTrack:
      CompareTracks(said.track(), understood.track(), comparer);
      break;
    case v1::Envelope::kIdentity:
      CompareIdentities(said.identity(), understood.identity(), comparer);
      break;
    case v1::Envelope::kChat:
      CompareChats(said.chat(), understood.chat(), comparer);
      break;
    case v1::Envelope::kAlert:
      CompareAlerts(said.alert(), understood.alert(), comparer);
      break;
    case v1::Envelope::kWeaponEvent:
      CompareWeaponEvents(said.weapon_event(), understood.weapon_event(), comparer);
      break;
    case v1::Envelope::kSimulationControl:
      CompareControls(said.simulation_control(), understood.simulation_control(), comparer);
      break;
    case v1::Envelope::kOpaque:
      comparer.AddText(v1::FIELD_EXTENSIONS, said.opaque().octets(), understood.opaque().octets());
      break;
    case v1::Envelope::kLiveness:
    case v1::Envelope::kProtocolError:
    case v1::Envelope::BODY_NOT_SET:
      break;
  }
  return comparer.Take();
}

}  // namespace entente::adapter
