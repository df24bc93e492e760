// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/track_encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>

#include "adapters/common/geo/attitude.h"
#include "adapters/dis/dead_reckoning.h"
#include "adapters/dis/entity_name.h"
#include "adapters/dis/message_frame.h"
#include "adapters/dis/place.h"
#include "adapters/dis/track_decoding.h"
#include "adapters/dis/vocabulary.h"
#include "base/byte_reader.h"

namespace entente::dis {
namespace {

using adapter::LossLedger;

constexpr double kDegree = std::numbers::pi / 180;
// Rounding to 32-bit floats, for speeds up to orbital ones.
constexpr double kSpeedErrorMps = 5e-4;
constexpr double kAngleErrorDeg = 2e-5;

void EncodeIdentity(const v1::Classification& classification, const Options& options, EntityState& state, LossLedger& ledger) {
  const v1::StandardIdentity identity = classification.standard_identity();
  state.force = ForceOf(identity, options.acting_foes);
  if (identity == v1::STANDARD_IDENTITY_UNSPECIFIED) {
    ledger.Defaulted(v1::FIELD_STANDARD_IDENTITY, "mandatory: force 0, other");
  } else if (IdentityOf(state.force) == identity) {
    ledger.Kept(v1::FIELD_STANDARD_IDENTITY);
  } else {
    ledger.Approximated(v1::FIELD_STANDARD_IDENTITY, kNoMeasure,
                        fmt::format("vocabulary: {} -> force {}", IdentityName(identity), state.force));
  }
}

void EncodeDimension(v1::Dimension dimension, const EntityState& state, LossLedger& ledger) {
  if (dimension == v1::DIMENSION_UNSPECIFIED) return;
  if (DimensionOf(state.type) == dimension) {
    ledger.Kept(v1::FIELD_DIMENSION);
  } else if (dimension == v1::DIMENSION_SOF && DimensionOf(state.type) == v1::DIMENSION_LAND) {
    ledger.Approximated(v1::FIELD_DIMENSION, kNoMeasure, "vocabulary: special operations -> land");
  } else {
    ledger.Dropped(v1::FIELD_DIMENSION, "the entity type says another domain, or there is none for it");
  }
}

void EncodeType(const v1::Classification& classification, EntityState& state, LossLedger& ledger) {
  const auto type = classification.has_dis_entity_type() ? FromProto(classification.dis_entity_type()) : std::nullopt;
  if (type) {
    state.type = *type;
    ledger.Kept(v1::FIELD_PLATFORM_TYPE);
  } else {
    state.type = TypeOf(classification.dimension(), classification.nationality());
    ledger.Defaulted(v1::FIELD_PLATFORM_TYPE, "mandatory: a platform of the dimension's domain and the nation's country");
  }
  EncodeDimension(classification.dimension(), state, ledger);
  if (!classification.function().empty()) ledger.Dropped(v1::FIELD_FUNCTION_SYMBOL);
}

void EncodeMarking(const v1::Track& track, EntityState& state, LossLedger& ledger) {
  if (!track.has_callsign()) return;
  state.marking = ToMarking(track.callsign());
  const std::string understood = MarkingText(state.marking);
  if (understood == track.callsign()) {
    ledger.Kept(v1::FIELD_CALLSIGN);
  } else {
    ledger.Approximated(v1::FIELD_CALLSIGN, kNoMeasure, "11 ASCII characters: " + understood);
  }
}

void EncodeAppearance(const v1::Track& track, EntityState& state, LossLedger& ledger) {
  const v1::OperationalStatus& status = track.operational_status();
  state.appearance = status.dis_appearance();
  if (status.code() != v1::OPERATIONAL_CODE_UNSPECIFIED && HasDamageBits(state.type.kind)) {
    state.appearance = WithOperational(state.appearance, status.code());
    ledger.Kept(v1::FIELD_OPERATIONAL_STATUS);
  } else if (status.has_dis_appearance()) {
    ledger.Kept(v1::FIELD_OPERATIONAL_STATUS);
  } else {
    ledger.Defaulted(v1::FIELD_OPERATIONAL_STATUS, "mandatory: no damage");
  }
  if (track.lifecycle() == v1::LIFECYCLE_DROPPED) {
    state.appearance |= kDeactivated;
    ledger.Kept(v1::FIELD_LIFECYCLE);
  } else if (track.lifecycle() != v1::LIFECYCLE_UNSPECIFIED) {
    ledger.Dropped(v1::FIELD_LIFECYCLE, "only deactivated can be said");
  }
}

// Degrees clockwise from north: the course, or else the heading of what is said to move.
std::optional<double> DirectionOf(const v1::Track& track) {
  if (track.has_course_deg()) return track.course_deg();
  if (track.attitude().has_heading_deg()) return track.attitude().heading_deg();
  return std::nullopt;
}

geo::EastNorthUp EncodeVelocity(const v1::Track& track, LossLedger& ledger) {
  geo::EastNorthUp velocity;
  const auto direction = DirectionOf(track);
  if (track.has_speed_mps() && (direction || track.speed_mps() == 0)) {
    velocity.east = track.speed_mps() * std::sin(direction.value_or(0) * kDegree);
    velocity.north = track.speed_mps() * std::cos(direction.value_or(0) * kDegree);
    ledger.Approximated(v1::FIELD_SPEED, kSpeedErrorMps, "32-bit floats");
  } else if (track.has_speed_mps()) {
    ledger.Dropped(v1::FIELD_SPEED, "a velocity needs a direction, and neither course nor heading is said");
  } else {
    ledger.Defaulted(v1::FIELD_SPEED, "mandatory: 0");
  }
  if (track.has_course_deg() && velocity != geo::EastNorthUp{}) {
    ledger.Approximated(v1::FIELD_COURSE, kAngleErrorDeg, "32-bit floats");
  } else if (track.has_course_deg()) {
    ledger.Dropped(v1::FIELD_COURSE, "what stands has no course");
  } else if (velocity != geo::EastNorthUp{}) {
    ledger.Defaulted(v1::FIELD_COURSE, "taken from the heading");
  }
  if (track.has_vertical_rate_mps()) {
    velocity.up = track.vertical_rate_mps();
    ledger.Approximated(v1::FIELD_VERTICAL_RATE, kSpeedErrorMps, "32-bit floats");
  } else {
    ledger.Defaulted(v1::FIELD_VERTICAL_RATE, "mandatory: 0");
  }
  return velocity;
}

geo::Euler EncodeAttitude(const v1::Track& track, const geo::Geodetic& place, LossLedger& ledger) {
  geo::LocalAttitude attitude;
  attitude.pitch_deg = track.attitude().pitch_deg();
  attitude.roll_deg = track.attitude().roll_deg();
  if (track.attitude().has_heading_deg()) {
    attitude.heading_deg = track.attitude().heading_deg();
    ledger.Approximated(v1::FIELD_HEADING, kAngleErrorDeg, "32-bit floats");
  } else {
    attitude.heading_deg = track.course_deg();
    ledger.Defaulted(v1::FIELD_HEADING, track.has_course_deg() ? "mandatory: the course" : "mandatory: north");
  }
  return geo::ToEcef(attitude, place);
}

void EncodeMovement(const v1::Track& track, const geo::Geodetic& place, EntityState& state, LossLedger& ledger) {
  state.location = ToWorld(place);
  const geo::Euler angles = EncodeAttitude(track, place, ledger);
  state.orientation = {static_cast<float>(angles.psi), static_cast<float>(angles.theta), static_cast<float>(angles.phi)};
  const geo::EastNorthUp velocity = EncodeVelocity(track, ledger);
  DeadReckoningParameters& reckoning = state.dead_reckoning;
  const bool moves = velocity != geo::EastNorthUp{};
  reckoning.algorithm = Number(moves ? Algorithm::kFpw : Algorithm::kStatic);
  if (track.has_dead_reckoning() && track.dead_reckoning().algorithm() <= 255) {
    reckoning.algorithm = static_cast<std::uint8_t>(track.dead_reckoning().algorithm());
  }
  // Components go along the body's axes for algorithms 6 to 9.
  const geo::Rotation axes = InBodyAxes(reckoning.algorithm) ? geo::BodyAxes(angles) : geo::Rotation{};
  state.velocity = Narrow(axes * geo::ToEcefVector(velocity, place));
  if (track.has_acceleration_mps2()) {
    reckoning.acceleration = Narrow(axes * geo::ToEcefVector(FromProto(track.acceleration_mps2()), place));
    ledger.Approximated(v1::FIELD_ACCELERATION, kSpeedErrorMps, "32-bit floats");
  }
  const geo::EastNorthUp rates = FromProto(track.dead_reckoning().angular_velocity_dps());
  reckoning.angular_velocity = Narrow(kDegree * geo::Vector3{rates.east, rates.north, rates.up});
}

// Fields that an Entity State has no place for.
void LedgerUnsaid(const v1::Track& track, LossLedger& ledger) {
  if (track.has_horizontal_accuracy_m()) ledger.Dropped(v1::FIELD_HORIZONTAL_ACCURACY);
  if (track.has_vertical_accuracy_m()) ledger.Dropped(v1::FIELD_VERTICAL_ACCURACY);
  if (track.has_rate_of_turn_dps()) ledger.Dropped(v1::FIELD_RATE_OF_TURN);
  if (track.has_how()) ledger.Dropped(v1::FIELD_HOW);
  if (track.has_confidence()) ledger.Dropped(v1::FIELD_CONFIDENCE);
  if (track.has_transponder_ids()) ledger.Dropped(v1::FIELD_TRANSPONDER_IDS);
  if (track.has_remarks()) ledger.Dropped(v1::FIELD_REMARKS);
  if (!track.relations().empty()) ledger.Dropped(v1::FIELD_RELATIONS);
}

void RestoreRemainder(const v1::Envelope& message, EntityState& state) {
  const ByteView content = FindExtension(message, kRemainderExtension);
  if (content.size() != kEntityRemainderOctets) return;
  ByteReader in(content);
  const std::uint8_t force = in.U8();
  if (IdentityOf(force) == IdentityOf(state.force)) state.force = force;
  EntityType& type = state.alternative_type;
  type.kind = in.U8();
  type.domain = in.U8();
  type.country = in.U16Be();
  type.category = in.U8();
  type.subcategory = in.U8();
  type.specific = in.U8();
  type.extra = in.U8();
  std::ranges::copy(in.Take(15), state.dead_reckoning.other_parameters.begin());
  state.capabilities = in.U32Be();
  Marking marking;
  marking.character_set = in.U8();
  std::ranges::transform(in.Take(11), marking.characters.begin(), [](std::uint8_t octet) { return static_cast<char>(octet); });
  if (MarkingText(marking) == MarkingText(state.marking)) state.marking = marking;
  state.header.status = in.U8();
}

// Records beyond what one PDU can hold, or not whole, are another's mistake: left out.
ByteView ParametersOf(const v1::Envelope& message) {
  const ByteView parameters = FindExtension(message, kParametersExtension);
  return parameters.size() % kVariableParameterOctets == 0 && parameters.size() / kVariableParameterOctets <= 255 ? parameters
                                                                                                                  : ByteView{};
}

}  // namespace

std::expected<EntityState, adapter::CannotSay> EncodeTrack(const v1::Envelope& message, const adapter::EncodeContext& context,
                                                           const Options& options, LossLedger& ledger) {
  const v1::Track& track = message.track();
  if (!track.has_position()) return std::unexpected(adapter::CannotSay{"an Entity State needs a position"});
  const auto entity = EntityOf(message.native_id(), message.object_id(), options.self, context.ids);
  if (!entity) return std::unexpected(adapter::CannotSay{"an Entity State needs an object, and the message names none"});

  EntityState state;
  state.header = EncodeFrame(message, context.form, options, ledger);
  state.entity = *entity;
  ledger.Kept(v1::FIELD_OBJECT_ID);
  if (FromNative(message.native_id())) {
    ledger.Kept(v1::FIELD_ORIGINATOR);
  } else {
    ledger.Defaulted(v1::FIELD_ORIGINATOR, "site and application of the recipient's options");
  }
  EncodeMarking(track, state, ledger);
  EncodeIdentity(track.classification(), options, state, ledger);
  EncodeType(track.classification(), state, ledger);
  EncodeAppearance(track, state, ledger);
  EncodeMovement(track, EncodePlace(track.position(), track.has_altitude() ? &track.altitude() : nullptr, ledger), state, ledger);
  RestoreRemainder(message, state);
  state.variable_parameters = ParametersOf(message);
  LedgerUnsaid(track, ledger);
  LedgerExtensions(message, {kParametersExtension, kRemainderExtension}, ledger);
  return state;
}

}  // namespace entente::dis
