// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/track_writer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>

#include "adapters/ais/six_bit_text.h"
#include "adapters/ais/units.h"

namespace entente::ais {
namespace {

using adapter::LossLedger;

constexpr double kMetresPerDegree = 6'371'008.8 * std::numbers::pi / 180;

// ---- single fields: canonical value to raw integer, with the ledger's word on it

std::int32_t Degrees(double degrees, double steps) {
  return static_cast<std::int32_t>(std::lround(degrees * steps));
}

template <typename Report>
void SayPosition(const v1::Position& position, double steps, Report& report, LossLedger& ledger) {
  report.lat = Degrees(position.latitude_deg(), steps);
  report.lon = Degrees(position.longitude_deg(), steps);
  const double north = (report.lat / steps - position.latitude_deg()) * kMetresPerDegree;
  const double east = (report.lon / steps - position.longitude_deg()) * kMetresPerDegree *
                      std::cos(position.latitude_deg() * std::numbers::pi / 180);
  const double error = std::hypot(north, east);
  constexpr double kNothing = 1e-6;
  error < kNothing ? ledger.Kept(v1::FIELD_POSITION) : ledger.Approximated(v1::FIELD_POSITION, error);
}

void SayNumber(v1::Field field, double truth, double said, LossLedger& ledger, std::string rule = {}) {
  const double error = std::abs(truth - said);
  error < 1e-9 ? ledger.Kept(field) : ledger.Approximated(field, error, std::move(rule));
}

std::uint32_t SaySpeed(double speed_mps, double step_mps, std::uint32_t bound, LossLedger& ledger) {
  const double steps = std::round(speed_mps / step_mps);
  const bool clamped = !(steps < bound);
  const std::uint32_t speed = clamped ? bound : static_cast<std::uint32_t>(std::max(0.0, steps));
  SayNumber(v1::FIELD_SPEED, speed_mps, speed * step_mps, ledger, clamped ? "clamped" : "");
  return speed;
}

double AngleErrorDeg(double a, double b) {
  return std::abs(std::remainder(a - b, 360.0));
}

std::uint32_t SayAngle(v1::Field field, double degrees, std::uint32_t steps_per_degree, LossLedger& ledger) {
  const double turned = std::fmod(std::fmod(degrees, 360.0) + 360.0, 360.0);
  const auto steps = static_cast<std::uint32_t>(std::lround(turned * steps_per_degree)) % (360 * steps_per_degree);
  SayNumber(field, AngleErrorDeg(degrees, static_cast<double>(steps) / steps_per_degree), 0, ledger);
  return steps;
}

std::int32_t SayTurn(double degrees_per_second, LossLedger& ledger) {
  const std::int32_t turn = TurnFromDegreesPerSecond(degrees_per_second);
  SayNumber(v1::FIELD_RATE_OF_TURN, degrees_per_second, TurnToDegreesPerSecond(turn), ledger,
            std::abs(turn) == kTurnBound ? "clamped" : "");
  return turn;
}

bool SayAccuracy(double accuracy_m, LossLedger& ledger) {
  if (accuracy_m > kGoodAccuracyM) {
    ledger.Dropped(v1::FIELD_HORIZONTAL_ACCURACY, "worse than 10 m");
    return false;
  }
  SayNumber(v1::FIELD_HORIZONTAL_ACCURACY, accuracy_m, kGoodAccuracyM, ledger, "10 m or better");
  return true;
}

std::chrono::sys_seconds WholeSecond(const v1::Timestamp& time) {
  return std::chrono::floor<std::chrono::seconds>(FromNanoseconds(time.utc_ns()));
}

std::uint32_t SaySecond(const v1::Envelope& envelope, LossLedger& ledger) {
  if (!envelope.times().has_observed()) return kSecondUnknown;
  const v1::Timestamp& observed = envelope.times().observed();
  const auto whole = WholeSecond(observed);
  const double lost = ToSeconds(FromNanoseconds(observed.utc_ns()) - whole);
  ledger.Approximated(v1::FIELD_OBSERVED_TIME, lost, "second of the minute");
  return static_cast<std::uint32_t>((whole - std::chrono::floor<std::chrono::minutes>(whole)).count());
}

std::string SayName(const std::string& name, std::size_t limit, LossLedger& ledger) {
  std::string folded = FoldToSixBit(name, limit);
  if (folded == name) {
    ledger.Kept(v1::FIELD_CALLSIGN);
  } else {
    ledger.Approximated(v1::FIELD_CALLSIGN, std::numeric_limits<double>::infinity(),
                        "six-bit capitals, " + std::to_string(limit) + " characters");
  }
  return folded;
}

std::uint32_t SayShipType(const v1::Classification& classification, LossLedger& ledger) {
  if (classification.has_ais_ship_type() && classification.ais_ship_type() <= 255) {
    ledger.Kept(v1::FIELD_PLATFORM_TYPE);
    return classification.ais_ship_type();
  }
  if (classification.has_dis_entity_type()) ledger.Dropped(v1::FIELD_PLATFORM_TYPE, "AIS ship types only");
  return 0;
}

void SayDimension(v1::Dimension dimension, v1::Dimension understood, LossLedger& ledger) {
  if (dimension == v1::DIMENSION_UNSPECIFIED) return;
  if (dimension == understood) return ledger.Kept(v1::FIELD_DIMENSION);
  ledger.Defaulted(v1::FIELD_DIMENSION, "AIS has ships and aircraft only");
}

void DropClassification(const v1::Classification& classification, LossLedger& ledger) {
  if (classification.standard_identity() != v1::STANDARD_IDENTITY_UNSPECIFIED) ledger.Dropped(v1::FIELD_STANDARD_IDENTITY);
  if (!classification.function().empty()) ledger.Dropped(v1::FIELD_FUNCTION_SYMBOL);
}

// The ids that AIS has a place for, in static data.
bool SayTransponderIds(const v1::TransponderIds& ids, StaticVoyageData& data) {
  data.imo = ids.imo() < 1U << 30 ? ids.imo() : 0;
  data.callsign = FoldToSixBit(ids.radio_callsign(), kCallsignCharacters);
  return data.imo == ids.imo() && data.callsign == ids.radio_callsign();
}

Dimensions SayDimensions(const v1::Identity& identity) {
  return {std::min(identity.dimension_to_bow_m(), kLongDimensionBound),
          std::min(identity.dimension_to_stern_m(), kLongDimensionBound),
          std::min(identity.dimension_to_port_m(), kShortDimensionBound),
          std::min(identity.dimension_to_starboard_m(), kShortDimensionBound)};
}

// ---- tracks

std::uint32_t PositionMessage(const v1::Track& track, const adapter::NodeOptions& options) {
  if (track.classification().dimension() == v1::DIMENSION_AIR) return 9;
  const std::string& wish = options.Text("position_message");
  if (wish != "auto") return static_cast<std::uint32_t>(std::stoul(wish));
  return options.Text("class") == "B" ? 18 : 1;
}

// What messages 1, 9, 18, 19 and 27 share; their steps differ.
struct Steps {
  double position = kPositionSteps;
  double speed_mps = kSpeedStepMps;
  std::uint32_t speed_bound = kSpeedBound;
  std::uint32_t course = 10;
};

template <typename Report>
void SayMovement(const v1::Track& track, const Steps& steps, Report& report, LossLedger& ledger) {
  if (track.has_position()) SayPosition(track.position(), steps.position, report, ledger);
  if (track.has_horizontal_accuracy_m()) report.accuracy = SayAccuracy(track.horizontal_accuracy_m(), ledger);
  if (track.has_speed_mps()) report.speed = SaySpeed(track.speed_mps(), steps.speed_mps, steps.speed_bound, ledger);
  if (track.has_course_deg()) report.course = SayAngle(v1::FIELD_COURSE, track.course_deg(), steps.course, ledger);
}

template <typename Report>
void SayHeading(const v1::Track& track, Report& report, LossLedger& ledger) {
  if (track.attitude().has_heading_deg()) report.heading = SayAngle(v1::FIELD_HEADING, track.attitude().heading_deg(), 1, ledger);
}

template <typename Report>
void SayStatus(const v1::Track& track, Report& report, LossLedger& ledger) {
  if (!track.has_operational_status()) return;
  if (track.operational_status().has_ais_navigation_status() &&
      track.operational_status().ais_navigation_status() <= kStatusUnknown) {
    report.status = track.operational_status().ais_navigation_status();
  }
  if (track.operational_status().code() != v1::OPERATIONAL_CODE_UNSPECIFIED || report.status == kStatusUnknown) {
    ledger.Dropped(v1::FIELD_OPERATIONAL_STATUS, "navigation status only");
  } else {
    ledger.Kept(v1::FIELD_OPERATIONAL_STATUS);
  }
}

std::uint32_t SayAltitude(const v1::Altitude& altitude, bool& barometric, LossLedger& ledger) {
  barometric = altitude.datum() == v1::ALTITUDE_DATUM_PRESSURE;
  if (!barometric && altitude.datum() != v1::ALTITUDE_DATUM_MEAN_SEA_LEVEL) {
    // Another datum's number would look like a height above the sea and be wrong by up to a hundred metres, or by the terrain.
    ledger.Dropped(v1::FIELD_ALTITUDE, "not above mean sea level");
    return kAltitudeUnknown;
  }
  const double clamped = std::clamp(std::round(altitude.metres()), 0.0, static_cast<double>(kAltitudeBound));
  SayNumber(v1::FIELD_ALTITUDE, altitude.metres(), clamped, ledger);
  return static_cast<std::uint32_t>(clamped);
}

// Fields that the chosen message has no place for, and those that no message has.
void DropTrackFields(const v1::Track& track, const v1::Envelope& envelope, std::uint32_t type, LossLedger& ledger) {
  const bool class_a = type <= 3;
  const bool has_heading = class_a || type == 18 || type == 19;
  if (track.has_altitude() && type != 9) ledger.Dropped(v1::FIELD_ALTITUDE, "aircraft only");
  if (track.has_vertical_accuracy_m()) ledger.Dropped(v1::FIELD_VERTICAL_ACCURACY);
  if (track.has_vertical_rate_mps()) ledger.Dropped(v1::FIELD_VERTICAL_RATE);
  if (track.attitude().has_heading_deg() && !has_heading) ledger.Dropped(v1::FIELD_HEADING, "not in this message");
  if (track.has_rate_of_turn_dps() && !class_a) ledger.Dropped(v1::FIELD_RATE_OF_TURN, "not in this message");
  if (track.has_operational_status() && !class_a && type != 27) ledger.Dropped(v1::FIELD_OPERATIONAL_STATUS, "not in this message");
  if (type == 11) {
    if (track.has_speed_mps()) ledger.Dropped(v1::FIELD_SPEED, "not in this message");
    if (track.has_course_deg()) ledger.Dropped(v1::FIELD_COURSE, "not in this message");
  }
  if (type == 27 && envelope.times().has_observed()) ledger.Dropped(v1::FIELD_OBSERVED_TIME, "not in this message");
  if (track.has_acceleration_mps2()) ledger.Dropped(v1::FIELD_ACCELERATION);
  if (track.has_how()) ledger.Dropped(v1::FIELD_HOW);
  if (track.has_confidence()) ledger.Dropped(v1::FIELD_CONFIDENCE);
  if (track.lifecycle() != v1::LIFECYCLE_UNSPECIFIED) ledger.Dropped(v1::FIELD_LIFECYCLE);
  if (track.has_remarks()) ledger.Dropped(v1::FIELD_REMARKS);
  if (track.relations_size() > 0) ledger.Dropped(v1::FIELD_RELATIONS);
  DropClassification(track.classification(), ledger);
}

PositionReport SayClassA(const v1::Envelope& envelope, LossLedger& ledger) {
  PositionReport report;
  SayMovement(envelope.track(), {}, report, ledger);
  SayHeading(envelope.track(), report, ledger);
  SayStatus(envelope.track(), report, ledger);
  if (envelope.track().has_rate_of_turn_dps()) report.turn = SayTurn(envelope.track().rate_of_turn_dps(), ledger);
  report.second = SaySecond(envelope, ledger);
  return report;
}

ClassBPositionReport SayClassB(const v1::Envelope& envelope, LossLedger& ledger) {
  ClassBPositionReport report;
  SayMovement(envelope.track(), {}, report, ledger);
  SayHeading(envelope.track(), report, ledger);
  report.second = SaySecond(envelope, ledger);
  return report;
}

ExtendedClassBReport SayExtendedClassB(const v1::Envelope& envelope, LossLedger& ledger) {
  const v1::Track& track = envelope.track();
  ExtendedClassBReport report;
  SayMovement(track, {}, report, ledger);
  SayHeading(track, report, ledger);
  report.second = SaySecond(envelope, ledger);
  if (track.has_callsign()) report.shipname = SayName(track.callsign(), kNameCharacters, ledger);
  report.shiptype = SayShipType(track.classification(), ledger);
  return report;
}

SarAircraftReport SayAircraft(const v1::Envelope& envelope, LossLedger& ledger) {
  SarAircraftReport report;
  SayMovement(envelope.track(), {.speed_mps = kMetresPerSecondPerKnot}, report, ledger);
  if (envelope.track().has_altitude()) report.alt = SayAltitude(envelope.track().altitude(), report.barometric, ledger);
  report.second = SaySecond(envelope, ledger);
  return report;
}

LongRangeReport SayLongRange(const v1::Envelope& envelope, LossLedger& ledger) {
  LongRangeReport report;
  SayMovement(envelope.track(), {kLongRangePositionSteps, kMetresPerSecondPerKnot, kLongRangeSpeedBound, 1}, report, ledger);
  SayStatus(envelope.track(), report, ledger);
  return report;
}

template <typename Report>
void SayFullTime(const v1::Envelope& envelope, Report& report, LossLedger& ledger) {
  if (!envelope.times().has_observed()) return;
  const auto whole = WholeSecond(envelope.times().observed());
  const auto days = std::chrono::floor<std::chrono::days>(whole);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(whole - days);
  report.year = static_cast<std::uint32_t>(static_cast<int>(date.year()));
  report.month = static_cast<unsigned>(date.month());
  report.day = static_cast<unsigned>(date.day());
  report.hour = static_cast<std::uint32_t>(clock.hours().count());
  report.minute = static_cast<std::uint32_t>(clock.minutes().count());
  report.second = static_cast<std::uint32_t>(clock.seconds().count());
  SayNumber(v1::FIELD_OBSERVED_TIME, ToSeconds(FromNanoseconds(envelope.times().observed().utc_ns()) - whole), 0, ledger);
}

BaseStationReport SayTimeResponse(const v1::Envelope& envelope, LossLedger& ledger) {
  BaseStationReport report;
  if (envelope.track().has_position()) SayPosition(envelope.track().position(), kPositionSteps, report, ledger);
  if (envelope.track().has_horizontal_accuracy_m()) {
    report.accuracy = SayAccuracy(envelope.track().horizontal_accuracy_m(), ledger);
  }
  SayFullTime(envelope, report, ledger);
  return report;
}

Body SayReport(std::uint32_t type, const v1::Envelope& envelope, LossLedger& ledger) {
  switch (type) {
    case 9:
      return SayAircraft(envelope, ledger);
    case 11:
      return SayTimeResponse(envelope, ledger);
    case 18:
      return SayClassB(envelope, ledger);
    case 19:
      return SayExtendedClassB(envelope, ledger);
    case 27:
      return SayLongRange(envelope, ledger);
    default:
      return SayClassA(envelope, ledger);
  }
}

// ---- static data

// Class B says it in two halves, everyone else in one.
void SayStatic(const StaticVoyageData& data, std::uint32_t mmsi, bool class_b, Said& said) {
  if (!class_b) {
    said.messages.push_back({{5, 0, mmsi}, data});
    return;
  }
  said.messages.push_back({{24, 0, mmsi}, StaticDataA{data.shipname}});
  StaticDataB part_b;
  part_b.shiptype = data.shiptype;
  part_b.callsign = data.callsign;
  part_b.dimensions = data.dimensions;
  part_b.epfd = data.epfd;
  said.messages.push_back({{24, 0, mmsi}, std::move(part_b)});
}

void SayTrackStatic(const v1::Track& track, std::uint32_t mmsi, const adapter::NodeOptions& options, std::uint32_t type,
                    Said& said) {
  StaticVoyageData data;
  const bool in_report = type == 19;  // says name and ship type itself
  const bool class_b = type == 18 || type == 19 || options.Text("class") == "B";
  const bool ids_said = SayTransponderIds(track.transponder_ids(), data) && !(class_b && data.imo != 0);
  if (track.has_transponder_ids()) {
    ids_said ? said.ledger.Kept(v1::FIELD_TRANSPONDER_IDS)
             : said.ledger.Approximated(v1::FIELD_TRANSPONDER_IDS, std::numeric_limits<double>::infinity(),
                                        "what static data holds of them");
  }
  if (!in_report && track.has_callsign()) data.shipname = SayName(track.callsign(), kNameCharacters, said.ledger);
  if (!in_report) data.shiptype = SayShipType(track.classification(), said.ledger);
  if (data.imo == 0 && data.callsign.empty() && data.shipname.empty() && data.shiptype == 0) return;
  SayStatic(data, mmsi, class_b, said);
}

AidToNavigation SayAid(const v1::Envelope& envelope, LossLedger& ledger) {
  const v1::Identity& identity = envelope.identity();
  AidToNavigation aid;
  aid.aid_type = std::min(identity.aid_type(), 31U);
  if (identity.has_name()) aid.name = SayName(identity.name(), kAidNameCharacters, ledger);
  if (identity.has_position()) SayPosition(identity.position(), kPositionSteps, aid, ledger);
  aid.dimensions = SayDimensions(identity);
  aid.epfd = std::min(identity.epfd_type(), 15U);
  aid.second = SaySecond(envelope, ledger);
  return aid;
}

BaseStationReport SayBaseStation(const v1::Envelope& envelope, LossLedger& ledger) {
  BaseStationReport report;
  SayPosition(envelope.identity().position(), kPositionSteps, report, ledger);
  report.epfd = std::min(envelope.identity().epfd_type(), 15U);
  SayFullTime(envelope, report, ledger);
  if (envelope.identity().has_name()) ledger.Dropped(v1::FIELD_CALLSIGN, "not in this message");
  return report;
}

StaticVoyageData SayVoyage(const v1::Envelope& envelope, bool class_b, LossLedger& ledger) {
  const v1::Identity& identity = envelope.identity();
  StaticVoyageData data;
  if (!SayTransponderIds(identity.transponder_ids(), data) || (class_b && data.imo != 0)) {
    ledger.Approximated(v1::FIELD_TRANSPONDER_IDS, std::numeric_limits<double>::infinity(), "what this message holds of them");
  } else if (identity.has_transponder_ids()) {
    ledger.Kept(v1::FIELD_TRANSPONDER_IDS);
  }
  if (identity.has_name()) data.shipname = SayName(identity.name(), kNameCharacters, ledger);
  data.shiptype = SayShipType(identity.classification(), ledger);
  data.dimensions = SayDimensions(identity);
  data.epfd = std::min(identity.epfd_type(), 15U);
  data.month = identity.eta_month() <= 12 ? identity.eta_month() : 0;
  data.day = identity.eta_day() <= 31 ? identity.eta_day() : 0;
  if (identity.has_eta_hour()) data.hour = std::min(identity.eta_hour(), 24U);
  if (identity.has_eta_minute()) data.minute = std::min(identity.eta_minute(), 60U);
  data.draught =
      static_cast<std::uint32_t>(std::clamp(std::round(identity.draught_m() * 10), 0.0, static_cast<double>(kDraughtBound)));
  if (!identity.has_destination()) return data;
  data.destination = FoldToSixBit(identity.destination(), kDestinationCharacters);
  if (class_b) {
    ledger.Dropped(v1::FIELD_VOYAGE, "not in this message");
  } else if (data.destination == identity.destination()) {
    ledger.Kept(v1::FIELD_VOYAGE);
  } else {
    ledger.Approximated(v1::FIELD_VOYAGE, std::numeric_limits<double>::infinity(), "six-bit capitals, 20 characters");
  }
  return data;
}

}  // namespace

Said SayTrack(const v1::Envelope& envelope, std::uint32_t mmsi, const adapter::NodeOptions& options) {
  const v1::Track& track = envelope.track();
  const std::uint32_t type = PositionMessage(track, options);
  Said said;
  said.ledger.Kept(v1::FIELD_OBJECT_ID);
  SayTrackStatic(track, mmsi, options, type, said);
  said.messages.push_back({{type, 0, mmsi}, SayReport(type, envelope, said.ledger)});
  SayDimension(track.classification().dimension(), type == 9 ? v1::DIMENSION_AIR : v1::DIMENSION_SEA_SURFACE, said.ledger);
  DropTrackFields(track, envelope, type, said.ledger);
  return said;
}

Said SayIdentity(const v1::Envelope& envelope, std::uint32_t mmsi, const adapter::NodeOptions& options) {
  const v1::Identity& identity = envelope.identity();
  Said said;
  said.ledger.Kept(v1::FIELD_OBJECT_ID);
  const bool aid = identity.has_aid_type();
  if (aid || identity.has_position()) {
    said.messages.push_back(
        {{aid ? 21U : 4U, 0, mmsi}, aid ? Body(SayAid(envelope, said.ledger)) : Body(SayBaseStation(envelope, said.ledger))});
    if (identity.has_transponder_ids()) {
      const bool mmsi_only = !identity.transponder_ids().has_imo() && !identity.transponder_ids().has_radio_callsign();
      mmsi_only ? said.ledger.Kept(v1::FIELD_TRANSPONDER_IDS)
                : said.ledger.Approximated(v1::FIELD_TRANSPONDER_IDS, std::numeric_limits<double>::infinity(), "MMSI only");
    }
    if (identity.classification().has_ais_ship_type()) said.ledger.Dropped(v1::FIELD_PLATFORM_TYPE, "not in this message");
    if (identity.has_destination()) said.ledger.Dropped(v1::FIELD_VOYAGE, "not in this message");
    SayDimension(identity.classification().dimension(), aid ? v1::DIMENSION_UNSPECIFIED : v1::DIMENSION_LAND, said.ledger);
  } else {
    const bool class_b = options.Text("class") == "B";
    SayStatic(SayVoyage(envelope, class_b, said.ledger), mmsi, class_b, said);
    if (envelope.times().has_observed()) said.ledger.Dropped(v1::FIELD_OBSERVED_TIME, "not in this message");
    SayDimension(identity.classification().dimension(), v1::DIMENSION_SEA_SURFACE, said.ledger);
  }
  if (identity.lifecycle() != v1::LIFECYCLE_UNSPECIFIED) said.ledger.Dropped(v1::FIELD_LIFECYCLE);
  DropClassification(identity.classification(), said.ledger);
  return said;
}

}  // namespace entente::ais
