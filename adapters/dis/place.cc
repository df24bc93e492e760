// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/place.h"

#include <fmt/format.h>

#include "adapters/dis/message_frame.h"

namespace entente::dis {
namespace {

constexpr auto kClause = "IEEE 1278.1-2012 §6.2.98";
// Greatest distance between geoid and WGS-84 ellipsoid.
constexpr double kGeoidM = 106;
// A pressure altitude strays from the true one by some hundred metres.
constexpr double kPressureM = 500;

double EncodeAltitude(const v1::Altitude* altitude, adapter::LossLedger& ledger) {
  if (altitude == nullptr) {
    ledger.Defaulted(v1::FIELD_ALTITUDE, "mandatory: 0 m above the ellipsoid");
    return 0;
  }
  switch (altitude->datum()) {
    case v1::ALTITUDE_DATUM_ELLIPSOID:
      ledger.Kept(v1::FIELD_ALTITUDE);
      return altitude->metres();
    case v1::ALTITUDE_DATUM_GROUND:
      ledger.Defaulted(v1::FIELD_ALTITUDE, "0 m above the ellipsoid: height above ground needs the terrain");
      return 0;
    case v1::ALTITUDE_DATUM_PRESSURE:
      ledger.Approximated(v1::FIELD_ALTITUDE, kPressureM, "pressure altitude taken as above the ellipsoid");
      return altitude->metres();
    default:
      ledger.Approximated(v1::FIELD_ALTITUDE, kGeoidM, "above mean sea level taken as above the ellipsoid");
      return altitude->metres();
  }
}

}  // namespace

adapter::DecodeResult<std::optional<geo::Geodetic>> DecodeLocation(const WorldCoordinates& location, std::size_t offset,
                                                                   adapter::DecodedMessage& message) {
  const geo::Vector3 ecef{location.x, location.y, location.z};
  if (!geo::IsFinite(ecef) || geo::Norm(ecef) > 1e12) {
    return std::unexpected(adapter::DecodeError{adapter::DecodeCode::kOutOfRange, offset, "Location in World Coordinates", kClause,
                                                "the coordinates are not metres of any place (not a number, or beyond 1e12)"});
  }
  if (geo::Norm(ecef) >= kInnermostM) return geo::ToGeodetic(ecef);
  AddFinding(message, v1::FINDING_SEVERITY_DEVIATION, offset, "Location in World Coordinates", kClause,
             fmt::format("lies {:.0f} m from the earth's centre: read as no position", geo::Norm(ecef)));
  v1::FieldNote& note = *message.envelope.add_field_notes();
  note.set_field(v1::FIELD_POSITION);
  note.set_presence(v1::PRESENCE_UNKNOWN);
  return std::nullopt;
}

void SetPlace(const geo::Geodetic& place, v1::Position& position, v1::Altitude& altitude) {
  position.set_latitude_deg(place.latitude_deg);
  position.set_longitude_deg(place.longitude_deg);
  altitude.set_metres(place.height_m);
  altitude.set_datum(v1::ALTITUDE_DATUM_ELLIPSOID);
}

geo::Geodetic EncodePlace(const v1::Position& position, const v1::Altitude* altitude, adapter::LossLedger& ledger) {
  ledger.Kept(v1::FIELD_POSITION);
  return {position.latitude_deg(), position.longitude_deg(), EncodeAltitude(altitude, ledger)};
}

WorldCoordinates ToWorld(const geo::Geodetic& place) {
  const geo::Vector3 ecef = geo::ToEcef(place);
  return {ecef.x, ecef.y, ecef.z};
}

geo::Vector3 Widen(const Vector32& v) {
  return {v.x, v.y, v.z};
}

Vector32 Narrow(const geo::Vector3& v) {
  return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)};
}

v1::Vector ToProto(const geo::EastNorthUp& v) {
  v1::Vector proto;
  proto.set_east(v.east);
  proto.set_north(v.north);
  proto.set_up(v.up);
  return proto;
}

geo::EastNorthUp FromProto(const v1::Vector& v) {
  return {v.east(), v.north(), v.up()};
}

}  // namespace entente::dis
