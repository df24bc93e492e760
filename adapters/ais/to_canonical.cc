// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/to_canonical.h"

#include <chrono>

#include "adapters/ais/message_bits.h"
#include "adapters/ais/units.h"

namespace entente::ais {
namespace {

using adapter::DecodeCode;
using adapter::DecodedMessage;
using adapter::DecodeError;

constexpr std::uint64_t kSecondNs = 1'000'000'000;

// What begins with 90 to 96: between ships (2 to 7), handhelds (8) and the special stations from 970 on.
bool IsUnassigned(std::uint32_t mmsi) {
  return mmsi >= 900'000'000 && mmsi < 970'000'000;
}

// Builds one canonical message; each step says one field, its note and its ledger entry.
class Builder {
 public:
  // `out` is empty, and outlives the builder.
  Builder(const Header& header, const TimeBase& base, DecodedMessage& out) : header_(header), base_(base), out_(out) {
    constexpr std::size_t kUsualEntries = 12;
    out_.ledger.Reserve(kUsualEntries);
    v1::NativeId* id = envelope().mutable_native_id();
    id->set_scheme("mmsi");
    id->set_value(MmsiText(header.mmsi));
    out_.ledger.Kept(v1::FIELD_OBJECT_ID);
    if (header.mmsi == 0) Remark(v1::FINDING_SEVERITY_DOUBT, "user ID", "MMSI 0 names no station");
    if (IsUnassigned(header.mmsi)) {
      Remark(v1::FINDING_SEVERITY_DOUBT, "user ID", "ITU-R M.585 gives MMSI " + MmsiText(header.mmsi) + " to no station");
    }
  }

  v1::Envelope& envelope() { return out_.envelope; }
  adapter::LossLedger& ledger() { return out_.ledger; }

  void Note(v1::Field field, v1::Presence presence) {
    v1::FieldNote* note = envelope().add_field_notes();
    note->set_field(field);
    note->set_presence(presence);
  }
  void Unknown(v1::Field field) { Note(field, v1::PRESENCE_UNKNOWN); }
  void Clamped(v1::Field field) { Note(field, v1::PRESENCE_CLAMPED); }
  void Remark(v1::FindingSeverity severity, std::string_view field, std::string text) {
    out_.findings.push_back({severity, 0, std::string(field), Clause(header_.type), std::move(text)});
  }
  void Deviation(std::string_view field, std::uint32_t value) {
    Remark(v1::FINDING_SEVERITY_DEVIATION, field, std::to_string(value) + " is not a value of this field; taken as not available");
  }

  void SetPosition(v1::Position& position, std::int32_t lon, std::int32_t lat, double steps) {
    position.set_latitude_deg(lat / steps);
    position.set_longitude_deg(lon / steps);
    out_.ledger.Kept(v1::FIELD_POSITION);
  }

  // No second said: the time of receipt.
  void TimeOfReceipt() {
    const bool relayed = base_.clock == v1::CLOCK_SOURCE_RELAY;
    SetObserved(base_.utc, relayed ? v1::TIME_COMPLETION_NONE : v1::TIME_COMPLETION_WHOLE, relayed ? kSecondNs : 0, base_.clock);
    if (relayed) {
      out_.ledger.Kept(v1::FIELD_OBSERVED_TIME);
    } else {
      out_.ledger.Defaulted(v1::FIELD_OBSERVED_TIME, "receipt");
    }
  }
  void TimeWithinMinute(std::uint32_t second) {
    if (second >= kSecondUnknown) {
      Unknown(v1::FIELD_OBSERVED_TIME);
      TimeOfReceipt();
      return;
    }
    const auto clock = base_.clock == v1::CLOCK_SOURCE_RELAY ? v1::CLOCK_SOURCE_RELAY : v1::CLOCK_SOURCE_ORIGINATOR;
    SetObserved(CompleteSecond(base_.utc, second), v1::TIME_COMPLETION_MINUTE, kSecondNs, clock);
    out_.ledger.Approximated(v1::FIELD_OBSERVED_TIME, 0, "second only");
  }
  void SetObserved(UtcTime utc, v1::TimeCompletion completion, std::uint64_t precision_ns, v1::ClockSource clock) {
    v1::Timestamp* observed = envelope().mutable_times()->mutable_observed();
    observed->set_utc_ns(ToNanoseconds(utc));
    observed->set_precision_ns(precision_ns);
    observed->set_clock(clock);
    observed->set_completion(completion);
  }

  void KeepPayload(std::string payload) {
    v1::Extension* extension = envelope().add_extensions();
    extension->set_namespace_(kPayloadNamespace.data(), kPayloadNamespace.size());
    extension->set_content(std::move(payload));
    out_.ledger.Kept(v1::FIELD_EXTENSIONS);
  }

 private:
  const Header& header_;
  const TimeBase& base_;
  DecodedMessage& out_;
};

enum class PositionState { kSaid, kUnknown, kImpossible };

PositionState StateOf(std::int32_t lon, std::int32_t lat, std::int32_t steps) {
  if (lon == 181 * steps || lat == 91 * steps) return PositionState::kUnknown;
  const bool possible = lon >= -180 * steps && lon <= 180 * steps && lat >= -90 * steps && lat <= 90 * steps;
  return possible ? PositionState::kSaid : PositionState::kImpossible;
}

std::unexpected<DecodeError> ImpossiblePosition(const Header& header, double lon, double lat) {
  return std::unexpected(
      DecodeError{DecodeCode::kOutOfRange, 0, "position", Clause(header.type),
                  "latitude " + std::to_string(lat) + "°, longitude " + std::to_string(lon) + "° is not on the Earth"});
}

void SetSpeed(Builder& builder, v1::Track& track, std::uint32_t speed, std::uint32_t unknown, std::uint32_t bound,
              double step_mps) {
  if (speed == unknown) return builder.Unknown(v1::FIELD_SPEED);
  if (speed == bound) builder.Clamped(v1::FIELD_SPEED);
  track.set_speed_mps(speed * step_mps);
  builder.ledger().Kept(v1::FIELD_SPEED);
}

void SetCourse(Builder& builder, v1::Track& track, std::uint32_t course, std::uint32_t unknown, std::uint32_t steps_per_degree) {
  if (course >= 360 * steps_per_degree) {
    if (course != unknown) builder.Deviation("course over ground", course);
    return builder.Unknown(v1::FIELD_COURSE);
  }
  track.set_course_deg(static_cast<double>(course) / steps_per_degree);
  builder.ledger().Kept(v1::FIELD_COURSE);
}

void SetHeading(Builder& builder, v1::Track& track, std::uint32_t heading) {
  if (heading >= 360) {
    if (heading != kHeadingUnknown) builder.Deviation("true heading", heading);
    return builder.Unknown(v1::FIELD_HEADING);
  }
  track.mutable_attitude()->set_heading_deg(heading);
  builder.ledger().Kept(v1::FIELD_HEADING);
}

void SetTurn(Builder& builder, v1::Track& track, std::int32_t turn) {
  if (turn == kTurnUnknown) return builder.Unknown(v1::FIELD_RATE_OF_TURN);
  if (std::abs(turn) >= kTurnBound) builder.Clamped(v1::FIELD_RATE_OF_TURN);
  constexpr double kNoIndicatorDps = 5.0 / 30;
  track.set_rate_of_turn_dps(std::abs(turn) == kTurnNoIndicator ? std::copysign(kNoIndicatorDps, turn)
                                                                : TurnToDegreesPerSecond(turn));
  builder.ledger().Kept(v1::FIELD_RATE_OF_TURN);
}

// The bit says 10 m or better; its other value says nothing of use.
void SetAccuracy(Builder& builder, v1::Track& track, bool accuracy) {
  if (!accuracy) return builder.Unknown(v1::FIELD_HORIZONTAL_ACCURACY);
  track.set_horizontal_accuracy_m(kGoodAccuracyM);
  builder.Clamped(v1::FIELD_HORIZONTAL_ACCURACY);
  builder.ledger().Kept(v1::FIELD_HORIZONTAL_ACCURACY);
}

void SetStatus(Builder& builder, v1::Track& track, std::uint32_t status) {
  if (status == kStatusUnknown) return builder.Unknown(v1::FIELD_OPERATIONAL_STATUS);
  track.mutable_operational_status()->set_ais_navigation_status(status);
  builder.ledger().Kept(v1::FIELD_OPERATIONAL_STATUS);
}

// The seconds 61 to 63 tell how the position was found.
void SetHow(Builder& builder, v1::Track& track, std::uint32_t second) {
  if (second == kSecondManual) {
    track.set_how("h-e");
    builder.ledger().Kept(v1::FIELD_HOW);
  } else if (second == kSecondDeadReckoning) {
    track.set_lifecycle(v1::LIFECYCLE_COASTING);
    builder.ledger().Kept(v1::FIELD_LIFECYCLE);
  } else if (second == kSecondInoperative) {
    builder.Remark(v1::FINDING_SEVERITY_NOTE, "time stamp", "63: the positioning system is inoperative");
  }
}

template <typename Report>
adapter::DecodeResult<v1::Track*> StartTrack(Builder& builder, const Header& header, const Report& report, std::int32_t steps) {
  builder.envelope().set_family(v1::FAMILY_TRACK);
  v1::Track* track = builder.envelope().mutable_track();
  switch (StateOf(report.lon, report.lat, steps)) {
    case PositionState::kImpossible:
      return ImpossiblePosition(header, static_cast<double>(report.lon) / steps, static_cast<double>(report.lat) / steps);
    case PositionState::kUnknown:
      builder.Unknown(v1::FIELD_POSITION);
      break;
    case PositionState::kSaid:
      builder.SetPosition(*track->mutable_position(), report.lon, report.lat, steps);
      break;
  }
  SetAccuracy(builder, *track, report.accuracy);
  track->mutable_transponder_ids()->set_mmsi(header.mmsi);
  builder.ledger().Kept(v1::FIELD_TRANSPONDER_IDS);
  const bool aircraft = header.type == 9 || header.mmsi / 1'000'000 == 111;
  track->mutable_classification()->set_dimension(aircraft ? v1::DIMENSION_AIR : v1::DIMENSION_SEA_SURFACE);
  builder.ledger().Kept(v1::FIELD_DIMENSION);
  return track;
}

template <typename Report>
adapter::DecodeResult<v1::Track*> StartMovingTrack(Builder& builder, const Header& header, const Report& report) {
  auto track = StartTrack(builder, header, report, 600'000);
  if (!track) return track;
  SetSpeed(builder, **track, report.speed, kSpeedUnknown, kSpeedBound, header.type == 9 ? kMetresPerSecondPerKnot : kSpeedStepMps);
  SetCourse(builder, **track, report.course, kCourseUnknown, 10);
  SetHow(builder, **track, report.second);
  builder.TimeWithinMinute(report.second);
  return track;
}

void SetShipType(Builder& builder, v1::Classification& classification, std::uint32_t shiptype) {
  if (shiptype == 0) return builder.Unknown(v1::FIELD_PLATFORM_TYPE);
  if (shiptype > 99) builder.Remark(v1::FINDING_SEVERITY_NOTE, "type of ship", std::to_string(shiptype) + " is for regional use");
  classification.set_ais_ship_type(shiptype);
  builder.ledger().Kept(v1::FIELD_PLATFORM_TYPE);
}

void SetDimensions(Builder& builder, v1::Identity& identity, const Dimensions& dimensions) {
  if (!dimensions.Said()) return;
  identity.set_dimension_to_bow_m(dimensions.to_bow);
  identity.set_dimension_to_stern_m(dimensions.to_stern);
  identity.set_dimension_to_port_m(dimensions.to_port);
  identity.set_dimension_to_starboard_m(dimensions.to_starboard);
  if (dimensions.to_bow == kLongDimensionBound || dimensions.to_stern == kLongDimensionBound ||
      dimensions.to_port == kShortDimensionBound || dimensions.to_starboard == kShortDimensionBound) {
    builder.Remark(v1::FINDING_SEVERITY_NOTE, "dimension", "511 m and 63 m mean that or more");
  }
}

void SetName(Builder& builder, v1::Identity& identity, const std::string& name) {
  if (name.empty()) return builder.Unknown(v1::FIELD_CALLSIGN);
  identity.set_name(name);
  builder.ledger().Kept(v1::FIELD_CALLSIGN);
}

v1::Identity& StartIdentity(Builder& builder, const Header& header) {
  builder.envelope().set_family(v1::FAMILY_IDENTITY);
  v1::Identity& identity = *builder.envelope().mutable_identity();
  identity.mutable_transponder_ids()->set_mmsi(header.mmsi);
  builder.ledger().Kept(v1::FIELD_TRANSPONDER_IDS);
  return identity;
}

// 1 to 14 of the standard's table; 15 is "internal GNSS". 0: undefined.
void SetEpfd(v1::Identity& identity, std::uint32_t epfd) {
  if (epfd != 0) identity.set_epfd_type(epfd);
}

void SetVoyage(Builder& builder, v1::Identity& identity, const StaticVoyageData& data) {
  if (data.destination.empty()) {
    builder.Unknown(v1::FIELD_VOYAGE);
  } else {
    identity.set_destination(data.destination);
    builder.ledger().Kept(v1::FIELD_VOYAGE);
  }
  if (data.month >= 1 && data.month <= 12) identity.set_eta_month(data.month);
  if (data.day >= 1) identity.set_eta_day(data.day);
  if (data.hour < 24) identity.set_eta_hour(data.hour);
  if (data.minute < 60) identity.set_eta_minute(data.minute);
  if (data.month > 12) builder.Deviation("ETA month", data.month);
  if (data.hour > 24) builder.Deviation("ETA hour", data.hour);
  if (data.minute > 60) builder.Deviation("ETA minute", data.minute);
  if (data.draught > 0) identity.set_draught_m(data.draught / 10.0);
  if (data.draught == kDraughtBound) builder.Clamped(v1::FIELD_VOYAGE);
}

// Steps per body: each gives true, or the reason why there is no message.
using Built = adapter::DecodeResult<void>;

Built Build(Builder& builder, const Header& header, const PositionReport& report) {
  auto track = StartMovingTrack(builder, header, report);
  if (!track) return std::unexpected(std::move(track.error()));
  SetHeading(builder, **track, report.heading);
  SetTurn(builder, **track, report.turn);
  SetStatus(builder, **track, report.status);
  return {};
}

Built Build(Builder& builder, const Header& header, const ClassBPositionReport& report) {
  auto track = StartMovingTrack(builder, header, report);
  if (!track) return std::unexpected(std::move(track.error()));
  SetHeading(builder, **track, report.heading);
  return {};
}

Built Build(Builder& builder, const Header& header, const ExtendedClassBReport& report) {
  auto track = StartMovingTrack(builder, header, report);
  if (!track) return std::unexpected(std::move(track.error()));
  SetHeading(builder, **track, report.heading);
  if (!report.shipname.empty()) {
    (*track)->set_callsign(report.shipname);
    builder.ledger().Kept(v1::FIELD_CALLSIGN);
  }
  SetShipType(builder, *(*track)->mutable_classification(), report.shiptype);
  return {};
}

Built Build(Builder& builder, const Header& header, const SarAircraftReport& report) {
  auto track = StartMovingTrack(builder, header, report);
  if (!track) return std::unexpected(std::move(track.error()));
  if (report.alt == kAltitudeUnknown) {
    builder.Unknown(v1::FIELD_ALTITUDE);
    return {};
  }
  if (report.alt == kAltitudeBound) builder.Clamped(v1::FIELD_ALTITUDE);
  v1::Altitude* altitude = (*track)->mutable_altitude();
  altitude->set_metres(report.alt);
  altitude->set_datum(report.barometric ? v1::ALTITUDE_DATUM_PRESSURE : v1::ALTITUDE_DATUM_MEAN_SEA_LEVEL);
  builder.ledger().Kept(v1::FIELD_ALTITUDE);
  return {};
}

Built Build(Builder& builder, const Header& header, const LongRangeReport& report) {
  auto track = StartTrack(builder, header, report, 600);
  if (!track) return std::unexpected(std::move(track.error()));
  SetSpeed(builder, **track, report.speed, kLongRangeSpeedUnknown, kLongRangeSpeedBound, kMetresPerSecondPerKnot);
  SetCourse(builder, **track, report.course, kLongRangeCourseUnknown, 1);
  SetStatus(builder, **track, report.status);
  builder.TimeOfReceipt();
  return {};
}

// The whole UTC date and time, of a station that is asked for it: the only AIS time that needs no completion.
bool SetFullTime(Builder& builder, const BaseStationReport& report) {
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(report.year)), std::chrono::month(report.month),
                                         std::chrono::day(report.day)};
  constexpr std::uint32_t kLastYear = 2261;  // of a 64-bit nanosecond count
  if (report.year < 1970 || report.year > kLastYear || !date.ok() || report.hour > 23 || report.minute > 59 || report.second > 59) {
    builder.Unknown(v1::FIELD_OBSERVED_TIME);
    builder.TimeOfReceipt();
    return false;
  }
  const UtcTime utc = UtcTime(std::chrono::sys_days(date)) + std::chrono::hours(report.hour) + std::chrono::minutes(report.minute) +
                      std::chrono::seconds(report.second);
  builder.SetObserved(utc, v1::TIME_COMPLETION_NONE, kSecondNs, v1::CLOCK_SOURCE_ORIGINATOR);
  builder.ledger().Kept(v1::FIELD_OBSERVED_TIME);
  return true;
}

Built Build(Builder& builder, const Header& header, const BaseStationReport& report) {
  // A base station stands still: its report is static data. A mobile station answering an inquiry (message 11) is a track.
  if (header.type == 11) {
    auto track = StartTrack(builder, header, report, 600'000);
    if (!track) return std::unexpected(std::move(track.error()));
    SetFullTime(builder, report);
    return {};
  }
  v1::Identity& identity = StartIdentity(builder, header);
  identity.mutable_classification()->set_dimension(v1::DIMENSION_LAND);
  builder.ledger().Kept(v1::FIELD_DIMENSION);
  SetEpfd(identity, report.epfd);
  SetFullTime(builder, report);
  switch (StateOf(report.lon, report.lat, 600'000)) {
    case PositionState::kImpossible:
      return ImpossiblePosition(header, report.lon / kPositionSteps, report.lat / kPositionSteps);
    case PositionState::kUnknown:
      builder.Unknown(v1::FIELD_POSITION);
      return {};
    case PositionState::kSaid:
      builder.SetPosition(*identity.mutable_position(), report.lon, report.lat, kPositionSteps);
      return {};
  }
  return {};
}

Built Build(Builder& builder, const Header& header, const AidToNavigation& aid) {
  v1::Identity& identity = StartIdentity(builder, header);
  identity.set_aid_type(aid.aid_type);
  SetName(builder, identity, aid.name);
  SetDimensions(builder, identity, aid.dimensions);
  SetEpfd(identity, aid.epfd);
  builder.TimeWithinMinute(aid.second);
  switch (StateOf(aid.lon, aid.lat, 600'000)) {
    case PositionState::kImpossible:
      return ImpossiblePosition(header, aid.lon / kPositionSteps, aid.lat / kPositionSteps);
    case PositionState::kUnknown:
      builder.Unknown(v1::FIELD_POSITION);
      return {};
    case PositionState::kSaid:
      builder.SetPosition(*identity.mutable_position(), aid.lon, aid.lat, kPositionSteps);
      return {};
  }
  return {};
}

void SetRadioCallsign(v1::Identity& identity, const std::string& callsign) {
  if (!callsign.empty()) identity.mutable_transponder_ids()->set_radio_callsign(callsign);
}

Built Build(Builder& builder, const Header& header, const StaticVoyageData& data) {
  v1::Identity& identity = StartIdentity(builder, header);
  if (data.imo != 0) identity.mutable_transponder_ids()->set_imo(data.imo);
  SetRadioCallsign(identity, data.callsign);
  SetName(builder, identity, data.shipname);
  SetShipType(builder, *identity.mutable_classification(), data.shiptype);
  identity.mutable_classification()->set_dimension(v1::DIMENSION_SEA_SURFACE);
  builder.ledger().Kept(v1::FIELD_DIMENSION);
  SetDimensions(builder, identity, data.dimensions);
  SetEpfd(identity, data.epfd);
  SetVoyage(builder, identity, data);
  builder.TimeOfReceipt();
  return {};
}

Built Build(Builder& builder, const Header& header, const StaticDataA& data) {
  SetName(builder, StartIdentity(builder, header), data.shipname);
  builder.TimeOfReceipt();
  return {};
}

Built Build(Builder& builder, const Header& header, const StaticDataB& data) {
  v1::Identity& identity = StartIdentity(builder, header);
  SetRadioCallsign(identity, data.callsign);
  SetShipType(builder, *identity.mutable_classification(), data.shiptype);
  identity.mutable_classification()->set_dimension(v1::DIMENSION_SEA_SURFACE);
  builder.ledger().Kept(v1::FIELD_DIMENSION);
  SetDimensions(builder, identity, data.dimensions);
  if (!data.vendorid.empty()) identity.set_vendor(data.vendorid);
  SetEpfd(identity, data.epfd);
  builder.TimeOfReceipt();
  return {};
}

Built Build(Builder& builder, const Header& header, const SafetyText& text) {
  builder.envelope().set_family(v1::FAMILY_CHAT);
  v1::Chat& chat = *builder.envelope().mutable_chat();
  chat.mutable_sender()->set_scheme("mmsi");
  chat.mutable_sender()->set_value(MmsiText(header.mmsi));
  chat.set_text(text.text);
  chat.set_delivery(v1::CHAT_DELIVERY_SENT);
  if (header.type == 12) {
    chat.set_destination_mmsi(text.dest_mmsi);
    builder.ledger().Kept(v1::FIELD_ADDRESSEES);
  }
  builder.ledger().Kept(v1::FIELD_CHAT_BODY);
  builder.TimeOfReceipt();
  return {};
}

Built Build(Builder& builder, const Header& header, const OtherMessage&) {
  builder.envelope().set_family(v1::FAMILY_OPAQUE);
  builder.envelope().mutable_opaque()->set_native_type(std::string(TypeName(header.type)));
  builder.TimeOfReceipt();
  return {};
}

void BuildIdentity(Builder& builder, const Header& header, const ExtendedClassBReport& report) {
  v1::Identity& identity = StartIdentity(builder, header);
  SetName(builder, identity, report.shipname);
  SetShipType(builder, *identity.mutable_classification(), report.shiptype);
  identity.mutable_classification()->set_dimension(v1::DIMENSION_SEA_SURFACE);
  builder.ledger().Kept(v1::FIELD_DIMENSION);
  SetDimensions(builder, identity, report.dimensions);
  SetEpfd(identity, report.epfd);
  builder.TimeWithinMinute(report.second);
}

}  // namespace

UtcTime CompleteSecond(UtcTime base, std::uint32_t second) {
  constexpr Duration kAhead = std::chrono::seconds(5);
  UtcTime completed = std::chrono::floor<std::chrono::minutes>(base) + std::chrono::seconds(second);
  if (completed > base + kAhead) completed -= std::chrono::minutes(1);
  if (completed <= base + kAhead - std::chrono::minutes(1)) completed += std::chrono::minutes(1);
  return completed;
}

std::string MmsiText(std::uint32_t mmsi) {
  std::string text(9, '0');
  for (std::size_t i = text.size(); i-- > 0; mmsi /= 10) text[i] = static_cast<char>('0' + mmsi % 10);
  return text;
}

adapter::DecodeResult<std::vector<DecodedMessage>> ToCanonical(const Message& message, const TimeBase& base, std::string payload,
                                                               ByteView unit) {
  const auto* extended = std::get_if<ExtendedClassBReport>(&message.body);
  std::vector<DecodedMessage> messages(extended == nullptr ? 1 : 2);
  Builder builder(message.header, base, messages.front());
  const Built built = std::visit([&](const auto& body) { return Build(builder, message.header, body); }, message.body);
  if (!built) return std::unexpected(built.error());
  if (builder.envelope().has_opaque()) {
    builder.envelope().mutable_opaque()->set_octets(ToText(unit));
    builder.ledger().Kept(v1::FIELD_EXTENSIONS);
  } else {
    builder.KeepPayload(std::move(payload));
  }
  if (extended != nullptr) {
    Builder identity(message.header, base, messages.back());
    BuildIdentity(identity, message.header, *extended);
  }
  return messages;
}

}  // namespace entente::ais
