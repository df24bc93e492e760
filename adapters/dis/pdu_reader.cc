// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/pdu_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/dis/pdu_type.h"
#include "base/byte_reader.h"

namespace entente::dis {
namespace {

using adapter::DecodeCode;
using adapter::DecodeError;
using adapter::DecodeResult;

// More datums than this in one Comment are refused; 8192 octets hold at most 1020.
constexpr std::uint32_t kDatumLimit = 1024;

std::unexpected<DecodeError> Refuse(DecodeCode code, std::size_t offset, std::string field, std::string clause, std::string text) {
  return std::unexpected(DecodeError{code, offset, std::move(field), std::move(clause), std::move(text)});
}

std::unexpected<DecodeError> TooShort(ByteView pdu, std::size_t wanted, std::uint8_t type, std::string clause) {
  return Refuse(DecodeCode::kTruncated, 8, "Length", std::move(clause),
                fmt::format("the length field says {} octets, but a {} PDU has at least {}", pdu.size(), TypeName(type), wanted));
}

Header TakeHeader(ByteReader& in) {
  Header header;
  header.version = in.U8();
  header.exercise = in.U8();
  header.type = in.U8();
  header.family = in.U8();
  header.timestamp = in.U32Be();
  header.length = in.U16Be();
  header.status = in.U8();
  header.padding = in.U8();
  return header;
}

EntityId TakeId(ByteReader& in) {
  EntityId id;
  id.site = in.U16Be();
  id.application = in.U16Be();
  id.entity = in.U16Be();
  return id;
}

EntityType TakeType(ByteReader& in) {
  EntityType type;
  type.kind = in.U8();
  type.domain = in.U8();
  type.country = in.U16Be();
  type.category = in.U8();
  type.subcategory = in.U8();
  type.specific = in.U8();
  type.extra = in.U8();
  return type;
}

Vector32 TakeVector(ByteReader& in) {
  Vector32 v;
  v.x = in.F32Be();
  v.y = in.F32Be();
  v.z = in.F32Be();
  return v;
}

WorldCoordinates TakeLocation(ByteReader& in) {
  WorldCoordinates location;
  location.x = in.F64Be();
  location.y = in.F64Be();
  location.z = in.F64Be();
  return location;
}

EulerAngles TakeAngles(ByteReader& in) {
  EulerAngles angles;
  angles.psi = in.F32Be();
  angles.theta = in.F32Be();
  angles.phi = in.F32Be();
  return angles;
}

DeadReckoningParameters TakeDeadReckoning(ByteReader& in) {
  DeadReckoningParameters parameters;
  parameters.algorithm = in.U8();
  std::ranges::copy(in.Take(parameters.other_parameters.size()), parameters.other_parameters.begin());
  parameters.acceleration = TakeVector(in);
  parameters.angular_velocity = TakeVector(in);
  return parameters;
}

Marking TakeMarking(ByteReader& in) {
  Marking marking;
  marking.character_set = in.U8();
  std::ranges::transform(in.Take(marking.characters.size()), marking.characters.begin(),
                         [](std::uint8_t octet) { return static_cast<char>(octet); });
  return marking;
}

MunitionDescriptor TakeDescriptor(ByteReader& in) {
  MunitionDescriptor descriptor;
  descriptor.type = TakeType(in);
  descriptor.warhead = in.U16Be();
  descriptor.fuse = in.U16Be();
  descriptor.quantity = in.U16Be();
  descriptor.rate = in.U16Be();
  return descriptor;
}

ClockTime TakeClock(ByteReader& in) {
  ClockTime clock;
  clock.hour = static_cast<std::int32_t>(in.U32Be());
  clock.past_hour = in.U32Be();
  return clock;
}

// The `count` records that follow the fixed part.
DecodeResult<ByteView> TakeParameters(ByteReader& in, std::uint8_t count, std::size_t count_offset, std::string_view clause) {
  const std::size_t wanted = std::size_t{count} * kVariableParameterOctets;
  if (wanted <= in.remaining()) return in.Take(wanted);
  return Refuse(
      DecodeCode::kCount, count_offset, "Number of Variable Parameter Records", std::string(clause),
      fmt::format("{} records of 16 octets are announced, but only {} octets follow within the PDU", count, in.remaining()));
}

constexpr std::size_t kEntityStateUpdateOctets = 72;
constexpr std::size_t kFireOctets = 96;
constexpr std::size_t kDetonationOctets = 104;
constexpr std::size_t kCommentOctets = 32;

struct ManagementShape {
  std::size_t octets;
  const char* clause;
};

ManagementShape ShapeOf(std::uint8_t type) {
  switch (static_cast<PduType>(type)) {
    case PduType::kStartResume:
      return {44, "IEEE 1278.1-2012 §7.5.4"};
    case PduType::kStopFreeze:
      return {40, "IEEE 1278.1-2012 §7.5.5"};
    case PduType::kAcknowledge:
      return {32, "IEEE 1278.1-2012 §7.5.6"};
    case PduType::kRemoveEntity:
      return {28, "IEEE 1278.1-2012 §7.5.3"};
    default:
      return {28, "IEEE 1278.1-2012 §7.5.2"};
  }
}

}  // namespace

DecodeResult<Header> ReadHeader(ByteView octets) {
  constexpr auto kClause = "IEEE 1278.1-2012 §6.2.66";
  if (octets.size() < kHeaderOctets) {
    return Refuse(DecodeCode::kTruncated, octets.size(), "PDU Header", kClause,
                  fmt::format("{} octets are left, but a PDU header has 12", octets.size()));
  }
  ByteReader in(octets);
  const Header header = TakeHeader(in);
  if (header.version != 6 && header.version != 7) {
    return Refuse(DecodeCode::kVersion, 0, "Protocol Version", kClause,
                  fmt::format("protocol version {} is not spoken here, only 6 (1278.1A-1998) and 7 (1278.1-2012)", header.version));
  }
  if (header.length < kHeaderOctets) {
    return Refuse(DecodeCode::kFraming, 8, "Length", kClause,
                  fmt::format("the length field says {} octets, less than the header's 12", header.length));
  }
  if (header.length > kPduLimitOctets) {
    return Refuse(DecodeCode::kLimit, 8, "Length", "IEEE 1278.1-2012 §6.1",
                  fmt::format("the length field says {} octets, but no PDU is larger than {}", header.length, kPduLimitOctets));
  }
  if (header.length > octets.size()) {
    return Refuse(DecodeCode::kTruncated, 8, "Length", kClause,
                  fmt::format("the length field says {} octets, but only {} came", header.length, octets.size()));
  }
  return header;
}

// Big-endian throughout. IEEE 1278.1-2012 §7.2.2.
DecodeResult<EntityState> ReadEntityState(ByteView pdu) {
  constexpr auto kClause = "IEEE 1278.1-2012 §7.2.2";
  if (pdu.size() < kEntityStateOctets) return TooShort(pdu, kEntityStateOctets, Number(PduType::kEntityState), kClause);
  ByteReader in(pdu);
  EntityState state;
  state.header = TakeHeader(in);
  state.entity = TakeId(in);
  state.force = in.U8();
  const std::uint8_t parameters = in.U8();
  state.type = TakeType(in);
  state.alternative_type = TakeType(in);
  state.velocity = TakeVector(in);
  state.location = TakeLocation(in);
  state.orientation = TakeAngles(in);
  state.appearance = in.U32Be();
  state.dead_reckoning = TakeDeadReckoning(in);
  state.marking = TakeMarking(in);
  state.capabilities = in.U32Be();
  const auto records = TakeParameters(in, parameters, 19, kClause);
  if (!records) return std::unexpected(records.error());
  state.variable_parameters = *records;
  return state;
}

DecodeResult<EntityStateUpdate> ReadEntityStateUpdate(ByteView pdu) {
  constexpr auto kClause = "IEEE 1278.1-2012 §7.2.5";
  if (pdu.size() < kEntityStateUpdateOctets) {
    return TooShort(pdu, kEntityStateUpdateOctets, Number(PduType::kEntityStateUpdate), kClause);
  }
  ByteReader in(pdu);
  EntityStateUpdate update;
  update.header = TakeHeader(in);
  update.entity = TakeId(in);
  in.Skip(1);
  const std::uint8_t parameters = in.U8();
  update.velocity = TakeVector(in);
  update.location = TakeLocation(in);
  update.orientation = TakeAngles(in);
  update.appearance = in.U32Be();
  const auto records = TakeParameters(in, parameters, 19, kClause);
  if (!records) return std::unexpected(records.error());
  update.variable_parameters = *records;
  return update;
}

DecodeResult<Fire> ReadFire(ByteView pdu) {
  if (pdu.size() < kFireOctets) return TooShort(pdu, kFireOctets, Number(PduType::kFire), "IEEE 1278.1-2012 §7.3.2");
  ByteReader in(pdu);
  Fire fire;
  fire.header = TakeHeader(in);
  fire.firer = TakeId(in);
  fire.target = TakeId(in);
  fire.munition = TakeId(in);
  fire.event = TakeId(in);
  fire.mission_index = in.U32Be();
  fire.location = TakeLocation(in);
  fire.descriptor = TakeDescriptor(in);
  fire.velocity = TakeVector(in);
  fire.range_m = in.F32Be();
  return fire;
}

DecodeResult<Detonation> ReadDetonation(ByteView pdu) {
  constexpr auto kClause = "IEEE 1278.1-2012 §7.3.3";
  if (pdu.size() < kDetonationOctets) return TooShort(pdu, kDetonationOctets, Number(PduType::kDetonation), kClause);
  ByteReader in(pdu);
  Detonation detonation;
  detonation.header = TakeHeader(in);
  detonation.firer = TakeId(in);
  detonation.target = TakeId(in);
  detonation.munition = TakeId(in);
  detonation.event = TakeId(in);
  detonation.velocity = TakeVector(in);
  detonation.location = TakeLocation(in);
  detonation.descriptor = TakeDescriptor(in);
  detonation.location_in_entity = TakeVector(in);
  detonation.result = in.U8();
  const std::uint8_t parameters = in.U8();
  in.Skip(2);
  const auto records = TakeParameters(in, parameters, 101, kClause);
  if (!records) return std::unexpected(records.error());
  detonation.variable_parameters = *records;
  return detonation;
}

DecodeResult<SimulationManagement> ReadSimulationManagement(ByteView pdu) {
  ByteReader in(pdu);
  SimulationManagement control;
  control.header = TakeHeader(in);
  const ManagementShape shape = ShapeOf(control.header.type);
  if (pdu.size() < shape.octets) return TooShort(pdu, shape.octets, control.header.type, shape.clause);
  control.originating = TakeId(in);
  control.receiving = TakeId(in);
  switch (static_cast<PduType>(control.header.type)) {
    case PduType::kStartResume:
      control.real_world_time = TakeClock(in);
      control.simulation_time = TakeClock(in);
      break;
    case PduType::kStopFreeze:
      control.real_world_time = TakeClock(in);
      control.reason = in.U8();
      control.frozen_behaviour = in.U8();
      in.Skip(2);
      break;
    case PduType::kAcknowledge:
      control.acknowledge_flag = in.U16Be();
      control.response_flag = in.U16Be();
      break;
    default:
      break;
  }
  control.request = in.U32Be();
  return control;
}

DecodeResult<Comment> ReadComment(ByteView pdu) {
  constexpr auto kClause = "IEEE 1278.1-2012 §7.5.13";
  if (pdu.size() < kCommentOctets) return TooShort(pdu, kCommentOctets, Number(PduType::kComment), kClause);
  ByteReader in(pdu);
  Comment comment;
  comment.header = TakeHeader(in);
  comment.originating = TakeId(in);
  comment.receiving = TakeId(in);
  comment.fixed_datums = in.U32Be();
  const std::uint32_t variable = in.U32Be();
  // Eight octets is the least that a datum of either kind takes.
  if (std::uint64_t{comment.fixed_datums} + variable > std::min<std::size_t>(in.remaining() / 8, kDatumLimit)) {
    return Refuse(DecodeCode::kCount, 24, "Number of Datum Records", kClause,
                  fmt::format("{} fixed and {} variable datums are announced, but only {} octets follow", comment.fixed_datums,
                              variable, in.remaining()));
  }
  in.Skip(std::size_t{comment.fixed_datums} * 8);
  comment.variable_datums.reserve(variable);
  for (std::uint32_t i = 0; i < variable; ++i) {
    const std::size_t start = in.offset();
    VariableDatum datum;
    datum.id = in.U32Be();
    const std::size_t length = (std::size_t{in.U32Be()} + 7) / 8;
    if (!in.ok() || length > in.remaining()) {
      return Refuse(DecodeCode::kTruncated, start, "Variable Datum Length", "IEEE 1278.1-2012 §6.2.93",
                    fmt::format("the datum has {} octets, but only {} follow within the PDU", length, in.remaining()));
    }
    datum.octets = in.Take(length);
    in.Skip(std::min((8 - length % 8) % 8, in.remaining()));
    comment.variable_datums.push_back(datum);
  }
  return comment;
}

}  // namespace entente::dis
