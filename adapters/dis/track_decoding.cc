// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/track_decoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>

#include "adapters/common/geo/attitude.h"
#include "adapters/dis/dead_reckoning.h"
#include "adapters/dis/entity_name.h"
#include "adapters/dis/message_frame.h"
#include "adapters/dis/place.h"
#include "adapters/dis/vocabulary.h"
#include "base/byte_writer.h"

namespace entente::dis {
namespace {

using adapter::DecodeCode;
using adapter::DecodedMessage;
using adapter::DecodeError;
using adapter::DecodeResult;

constexpr auto kClause = "IEEE 1278.1-2012 §7.2.2";
constexpr double kDegree = std::numbers::pi / 180;
// Slower than this an entity stands, and has no course.
constexpr double kStandingMps = 1e-3;
// The last of the tables [UID 7], [UID 44] and [UID 45] of SISO-REF-010; of the latter, 1 is ASCII.
constexpr std::uint8_t kLastKind = 9;
constexpr std::uint8_t kLastAlgorithm = 9;
constexpr std::uint8_t kLastCharacterSet = 3;
constexpr std::uint8_t kAscii = 1;

// What Entity State and its Update share, and how both become movement.
struct Movement {
  WorldCoordinates location;
  EulerAngles orientation;
  Vector32 velocity;
  Vector32 acceleration;
  bool body_axes = false;
};

DecodeResult<void> CheckIssuer(const EntityId& id, DecodedMessage& message) {
  if (id.site == kAll || id.application == kAll || id.entity >= kAssign) {
    return std::unexpected(DecodeError{
        DecodeCode::kOutOfRange, 12, "Entity ID", "IEEE 1278.1-2012 §6.2.28",
        fmt::format("{} addresses many or none yet (65534 and 65535 are reserved); a state must be one entity's", ToText(id))});
  }
  if (id.site == kNone || id.application == kNone || id.entity == kNone) {
    AddFinding(message, v1::FINDING_SEVERITY_DEVIATION, 12, "Entity ID", "IEEE 1278.1-2012 §6.2.28",
               fmt::format("{} has a part 0, which names no entity", ToText(id)));
  }
  return {};
}

// Euler angles of the body; zero where they are not finite.
geo::Euler Orientation(const EulerAngles& angles) {
  const bool finite = geo::IsFinite({angles.psi, angles.theta, angles.phi});
  return finite ? geo::Euler{angles.psi, angles.theta, angles.phi} : geo::Euler{};
}

geo::EastNorthUp Local(const Vector32& v, const Movement& movement, const geo::Geodetic& place) {
  const geo::Vector3 wide = Widen(v);
  return geo::ToEastNorthUp(movement.body_axes ? Transposed(geo::BodyAxes(Orientation(movement.orientation))) * wide : wide, place);
}

void DecodeVelocity(const Movement& movement, const geo::Geodetic& place, DecodedMessage& message) {
  v1::Track& track = *message.envelope.mutable_track();
  if (!geo::IsFinite(Widen(movement.velocity))) {
    AddFinding(message, v1::FINDING_SEVERITY_DEVIATION, 36, "Entity Linear Velocity", kClause, "not a number: left out");
    message.ledger.Dropped(v1::FIELD_SPEED, "not a number");
    return;
  }
  const geo::EastNorthUp velocity = Local(movement.velocity, movement, place);
  const double speed = std::hypot(velocity.east, velocity.north);
  track.set_speed_mps(speed);
  track.set_vertical_rate_mps(velocity.up);
  message.ledger.Kept(v1::FIELD_SPEED);
  message.ledger.Kept(v1::FIELD_VERTICAL_RATE);
  if (speed < kStandingMps) return;
  const double course = std::atan2(velocity.east, velocity.north) / kDegree;
  track.set_course_deg(course < 0 ? std::min(course + 360, std::nextafter(360.0, 0.0)) : course);
  message.ledger.Kept(v1::FIELD_COURSE);
}

void DecodeAttitude(const Movement& movement, const geo::Geodetic& place, DecodedMessage& message) {
  if (!geo::IsFinite({movement.orientation.psi, movement.orientation.theta, movement.orientation.phi})) {
    AddFinding(message, v1::FINDING_SEVERITY_DEVIATION, 72, "Entity Orientation", kClause, "not a number: left out");
    message.ledger.Dropped(v1::FIELD_HEADING, "not a number");
    return;
  }
  const geo::LocalAttitude local = geo::ToLocal(Orientation(movement.orientation), place);
  v1::Attitude& attitude = *message.envelope.mutable_track()->mutable_attitude();
  attitude.set_heading_deg(local.heading_deg);
  attitude.set_pitch_deg(local.pitch_deg);
  attitude.set_roll_deg(local.roll_deg);
  message.ledger.Kept(v1::FIELD_HEADING);
}

void DecodeAcceleration(const Movement& movement, const geo::Geodetic& place, DecodedMessage& message) {
  if (movement.acceleration == Vector32{}) return;
  if (!geo::IsFinite(Widen(movement.acceleration))) {
    AddFinding(message, v1::FINDING_SEVERITY_DEVIATION, 104, "Entity Linear Acceleration", kClause, "not a number: left out");
    message.ledger.Dropped(v1::FIELD_ACCELERATION, "not a number");
    return;
  }
  *message.envelope.mutable_track()->mutable_acceleration_mps2() = ToProto(Local(movement.acceleration, movement, place));
  message.ledger.Kept(v1::FIELD_ACCELERATION);
}

DecodeResult<void> DecodeMovement(const Movement& movement, std::size_t location_offset, DecodedMessage& message) {
  const auto place = DecodeLocation(movement.location, location_offset, message);
  if (!place) return std::unexpected(place.error());
  v1::Track& track = *message.envelope.mutable_track();
  if (!*place) {
    message.ledger.Dropped(v1::FIELD_POSITION, "no place on earth");
    return {};
  }
  SetPlace(**place, *track.mutable_position(), *track.mutable_altitude());
  message.ledger.Kept(v1::FIELD_POSITION);
  message.ledger.Kept(v1::FIELD_ALTITUDE);
  DecodeVelocity(movement, **place, message);
  DecodeAttitude(movement, **place, message);
  DecodeAcceleration(movement, **place, message);
  return {};
}

void DecodeAppearance(std::uint32_t appearance, bool damage_bits, DecodedMessage& message) {
  v1::Track& track = *message.envelope.mutable_track();
  track.mutable_operational_status()->set_dis_appearance(appearance);
  if (damage_bits) track.mutable_operational_status()->set_code(OperationalOf(appearance));
  message.ledger.Kept(v1::FIELD_OPERATIONAL_STATUS);
  if ((appearance & kDeactivated) != 0) {
    track.set_lifecycle(v1::LIFECYCLE_DROPPED);
    message.ledger.Kept(v1::FIELD_LIFECYCLE);
  }
}

void DecodeDeadReckoning(const DeadReckoningParameters& parameters, DecodedMessage& message) {
  if (parameters.algorithm == 0) return;
  if (parameters.algorithm > kLastAlgorithm) {
    AddFinding(message, v1::FINDING_SEVERITY_DEVIATION, 88, "Dead Reckoning Algorithm", "SISO-REF-010 [UID 44]",
               fmt::format("algorithm {} is not assigned", parameters.algorithm));
  }
  v1::Track& track = *message.envelope.mutable_track();
  v1::DeadReckoning& reckoning = *track.mutable_dead_reckoning();
  reckoning.set_algorithm(parameters.algorithm);
  const geo::Vector3 rates = Widen(parameters.angular_velocity);
  if (parameters.angular_velocity != Vector32{} && geo::IsFinite(rates)) {
    *reckoning.mutable_angular_velocity_dps() = ToProto(geo::EastNorthUp{rates.x / kDegree, rates.y / kDegree, rates.z / kDegree});
  }
}

void DecodeClassification(const EntityState& state, DecodedMessage& message) {
  v1::Classification& classification = *message.envelope.mutable_track()->mutable_classification();
  classification.set_standard_identity(IdentityOf(state.force));
  if (state.force == kForceOther || state.force > kLastForce) {
    message.ledger.Approximated(v1::FIELD_STANDARD_IDENTITY, kNoMeasure, "vocabulary: other -> unknown");
  } else {
    message.ledger.Kept(v1::FIELD_STANDARD_IDENTITY);
  }
  if (state.force > kLastForce || (state.header.version == 6 && state.force > kLastVersion6Force)) {
    AddFinding(message, v1::FINDING_SEVERITY_DEVIATION, 18, "Force ID", "SISO-REF-010 [UID 6]",
               fmt::format("force {} is not one of version {}", state.force, state.header.version));
  }
  if (state.type.kind > kLastKind) {
    AddFinding(message, v1::FINDING_SEVERITY_DEVIATION, 20, "Entity Kind", "SISO-REF-010 [UID 7]",
               fmt::format("kind {} is not assigned", state.type.kind));
  }
  *classification.mutable_dis_entity_type() = ToProto(state.type);
  message.ledger.Kept(v1::FIELD_PLATFORM_TYPE);
  if (const auto dimension = DimensionOf(state.type); dimension != v1::DIMENSION_UNSPECIFIED) {
    classification.set_dimension(dimension);
    message.ledger.Kept(v1::FIELD_DIMENSION);
  }
  if (const auto nation = NationOf(state.type.country); !nation.empty()) classification.set_nationality(std::string(nation));
}

// What a reader of the marking has to guess.
void FindMarkingDeviations(const Marking& marking, DecodedMessage& message) {
  if (marking.character_set > kLastCharacterSet) {
    AddFinding(message, v1::FINDING_SEVERITY_DEVIATION, 128, "Character Set", "SISO-REF-010 [UID 45]",
               fmt::format("character set {} is not assigned: the marking is left out", marking.character_set));
  }
  if (marking.character_set != kAscii) return;
  const auto end = std::ranges::find(marking.characters, '\0');
  const auto strange = std::find_if(marking.characters.begin(), end, [](char c) { return c < 0x20 || c > 0x7E; });
  if (strange == end) return;
  AddFinding(message, v1::FINDING_SEVERITY_DEVIATION, 129, "Entity Marking", "IEEE 1278.1-2012 §6.2.29",
             fmt::format("octet {:#04x} is no printable ASCII: read as '?'", static_cast<std::uint8_t>(*strange)));
}

void DecodeMarking(const Marking& marking, DecodedMessage& message) {
  FindMarkingDeviations(marking, message);
  const std::string text = MarkingText(marking);
  if (text.empty()) return;
  message.envelope.mutable_track()->set_callsign(text);
  message.ledger.Kept(v1::FIELD_CALLSIGN);
}

// True when the track's fields alone would give these octets again.
bool NeedsNoRemainder(const EntityState& state) {
  return state.force <= kForceNeutral && state.alternative_type == EntityType{} && state.capabilities == 0 &&
         std::ranges::all_of(state.dead_reckoning.other_parameters, [](std::uint8_t octet) { return octet == 0; }) &&
         state.marking == ToMarking(MarkingText(state.marking)) && (state.header.version < 7 || state.header.status == 0);
}

void DecodeRemainder(const EntityState& state, DecodedMessage& message) {
  if (!state.variable_parameters.empty()) AddExtension(kParametersExtension, state.variable_parameters, message);
  if (!NeedsNoRemainder(state)) {
    ByteWriter out(kEntityRemainderOctets);
    out.U8(state.force);
    const EntityType& type = state.alternative_type;
    out.U8(type.kind);
    out.U8(type.domain);
    out.U16Be(type.country);
    out.U8(type.category);
    out.U8(type.subcategory);
    out.U8(type.specific);
    out.U8(type.extra);
    out.Octets(state.dead_reckoning.other_parameters);
    out.U32Be(state.capabilities);
    out.U8(state.marking.character_set);
    out.Text({state.marking.characters.data(), state.marking.characters.size()});
    out.U8(state.header.version < 7 ? std::uint8_t{0} : state.header.status);
    AddExtension(kRemainderExtension, out.view(), message);
  }
  if (!message.envelope.extensions().empty()) message.ledger.Kept(v1::FIELD_EXTENSIONS);
}

void NameObject(const EntityId& id, DecodedMessage& message) {
  *message.envelope.mutable_native_id() = ToNative(id);
  message.ledger.Kept(v1::FIELD_OBJECT_ID);
  message.ledger.Kept(v1::FIELD_ORIGINATOR);
}

}  // namespace

DecodeResult<DecodedMessage> DecodeTrack(const EntityState& state, const Now& now) {
  DecodedMessage message;
  DecodeFrame(state.header, v1::FAMILY_TRACK, now, message);
  NameObject(state.entity, message);
  if (const auto issuer = CheckIssuer(state.entity, message); !issuer) return std::unexpected(issuer.error());
  DecodeMarking(state.marking, message);
  DecodeClassification(state, message);
  DecodeAppearance(state.appearance, HasDamageBits(state.type.kind), message);
  DecodeDeadReckoning(state.dead_reckoning, message);
  const Movement movement{state.location, state.orientation, state.velocity, state.dead_reckoning.acceleration,
                          InBodyAxes(state.dead_reckoning.algorithm)};
  if (const auto moved = DecodeMovement(movement, 48, message); !moved) return std::unexpected(moved.error());
  DecodeRemainder(state, message);
  return message;
}

DecodeResult<DecodedMessage> DecodeTrack(const EntityStateUpdate& update, const Now& now) {
  DecodedMessage message;
  DecodeFrame(update.header, v1::FAMILY_TRACK, now, message);
  NameObject(update.entity, message);
  if (const auto issuer = CheckIssuer(update.entity, message); !issuer) return std::unexpected(issuer.error());
  DecodeAppearance(update.appearance, false, message);
  const Movement movement{update.location, update.orientation, update.velocity, {}, false};
  if (const auto moved = DecodeMovement(movement, 32, message); !moved) return std::unexpected(moved.error());
  AddFinding(message, v1::FINDING_SEVERITY_NOTE, 12, "Entity ID", "IEEE 1278.1-2012 §7.2.5",
             "an update before any state of the entity: identity, type and name are not known");
  return message;
}

std::string MarkingText(const Marking& marking) {
  if (marking.character_set != kAscii) return {};
  const auto end = std::ranges::find(marking.characters, '\0');
  std::string text(marking.characters.begin(), end);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  for (char& c : text) {
    if (c < 0x20 || c > 0x7E) c = '?';
  }
  return text;
}

Marking ToMarking(std::string_view text) {
  Marking marking;
  std::size_t used = 0;
  for (const char c : text) {
    if ((static_cast<std::uint8_t>(c) & 0xC0) == 0x80) continue;  // further octets of a UTF-8 character
    if (used == marking.characters.size()) break;
    marking.characters[used++] = c < 0x20 || c > 0x7E ? '?' : c;
  }
  return marking;
}

}  // namespace entente::dis
