// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/pdu_writer.h"

#include "adapters/dis/pdu_type.h"
#include "base/byte_writer.h"

namespace entente::dis {
namespace {

constexpr std::size_t kLengthOffset = 8;

void Put(ByteWriter& out, const Header& header, std::uint8_t type) {
  out.U8(header.version);
  out.U8(header.exercise);
  out.U8(type);
  out.U8(FamilyOfType(type));
  out.U32Be(header.timestamp);
  out.U16Be(0);  // patched by Finish
  out.U8(header.version >= 7 ? header.status : 0);
  out.U8(0);
}

void Put(ByteWriter& out, const EntityId& id) {
  out.U16Be(id.site);
  out.U16Be(id.application);
  out.U16Be(id.entity);
}

void Put(ByteWriter& out, const EntityType& type) {
  out.U8(type.kind);
  out.U8(type.domain);
  out.U16Be(type.country);
  out.U8(type.category);
  out.U8(type.subcategory);
  out.U8(type.specific);
  out.U8(type.extra);
}

void Put(ByteWriter& out, const Vector32& v) {
  out.F32Be(v.x);
  out.F32Be(v.y);
  out.F32Be(v.z);
}

void Put(ByteWriter& out, const WorldCoordinates& location) {
  out.F64Be(location.x);
  out.F64Be(location.y);
  out.F64Be(location.z);
}

void Put(ByteWriter& out, const EulerAngles& angles) {
  out.F32Be(angles.psi);
  out.F32Be(angles.theta);
  out.F32Be(angles.phi);
}

void Put(ByteWriter& out, const DeadReckoningParameters& parameters) {
  out.U8(parameters.algorithm);
  out.Octets(parameters.other_parameters);
  Put(out, parameters.acceleration);
  Put(out, parameters.angular_velocity);
}

void Put(ByteWriter& out, const Marking& marking) {
  out.U8(marking.character_set);
  out.Text({marking.characters.data(), marking.characters.size()});
}

void Put(ByteWriter& out, const MunitionDescriptor& descriptor) {
  Put(out, descriptor.type);
  out.U16Be(descriptor.warhead);
  out.U16Be(descriptor.fuse);
  out.U16Be(descriptor.quantity);
  out.U16Be(descriptor.rate);
}

void Put(ByteWriter& out, const ClockTime& clock) {
  out.U32Be(static_cast<std::uint32_t>(clock.hour));
  out.U32Be(clock.past_hour);
}

Bytes Finish(ByteWriter&& out) {
  out.PatchU16Be(kLengthOffset, static_cast<std::uint16_t>(out.size()));
  return std::move(out).Release();
}

// Whole records, no more than an octet can count.
bool CanCount(ByteView parameters) {
  return parameters.size() % kVariableParameterOctets == 0 && parameters.size() / kVariableParameterOctets <= 255;
}

std::uint8_t CountOf(ByteView parameters) {
  return static_cast<std::uint8_t>(parameters.size() / kVariableParameterOctets);
}

}  // namespace

std::optional<Bytes> Write(const EntityState& state) {
  if (!CanCount(state.variable_parameters)) return std::nullopt;
  ByteWriter out(kEntityStateOctets + state.variable_parameters.size());
  Put(out, state.header, Number(PduType::kEntityState));
  Put(out, state.entity);
  out.U8(state.force);
  out.U8(CountOf(state.variable_parameters));
  Put(out, state.type);
  Put(out, state.alternative_type);
  Put(out, state.velocity);
  Put(out, state.location);
  Put(out, state.orientation);
  out.U32Be(state.appearance);
  Put(out, state.dead_reckoning);
  Put(out, state.marking);
  out.U32Be(state.capabilities);
  out.Octets(state.variable_parameters);
  return Finish(std::move(out));
}

std::optional<Bytes> Write(const EntityStateUpdate& update) {
  if (!CanCount(update.variable_parameters)) return std::nullopt;
  ByteWriter out;
  Put(out, update.header, Number(PduType::kEntityStateUpdate));
  Put(out, update.entity);
  out.U8(0);
  out.U8(CountOf(update.variable_parameters));
  Put(out, update.velocity);
  Put(out, update.location);
  Put(out, update.orientation);
  out.U32Be(update.appearance);
  out.Octets(update.variable_parameters);
  return Finish(std::move(out));
}

Bytes Write(const Fire& fire) {
  ByteWriter out(96);
  Put(out, fire.header, Number(PduType::kFire));
  Put(out, fire.firer);
  Put(out, fire.target);
  Put(out, fire.munition);
  Put(out, fire.event);
  out.U32Be(fire.mission_index);
  Put(out, fire.location);
  Put(out, fire.descriptor);
  Put(out, fire.velocity);
  out.F32Be(fire.range_m);
  return Finish(std::move(out));
}

std::optional<Bytes> Write(const Detonation& detonation) {
  if (!CanCount(detonation.variable_parameters)) return std::nullopt;
  ByteWriter out(104 + detonation.variable_parameters.size());
  Put(out, detonation.header, Number(PduType::kDetonation));
  Put(out, detonation.firer);
  Put(out, detonation.target);
  Put(out, detonation.munition);
  Put(out, detonation.event);
  Put(out, detonation.velocity);
  Put(out, detonation.location);
  Put(out, detonation.descriptor);
  Put(out, detonation.location_in_entity);
  out.U8(detonation.result);
  out.U8(CountOf(detonation.variable_parameters));
  out.U16Be(0);
  out.Octets(detonation.variable_parameters);
  return Finish(std::move(out));
}

Bytes Write(const SimulationManagement& control) {
  ByteWriter out(44);
  Put(out, control.header, control.header.type);
  Put(out, control.originating);
  Put(out, control.receiving);
  switch (static_cast<PduType>(control.header.type)) {
    case PduType::kStartResume:
      Put(out, control.real_world_time);
      Put(out, control.simulation_time);
      break;
    case PduType::kStopFreeze:
      Put(out, control.real_world_time);
      out.U8(control.reason);
      out.U8(control.frozen_behaviour);
      out.U16Be(0);
      break;
    case PduType::kAcknowledge:
      out.U16Be(control.acknowledge_flag);
      out.U16Be(control.response_flag);
      break;
    default:
      break;
  }
  out.U32Be(control.request);
  return Finish(std::move(out));
}

std::optional<Bytes> Write(const Comment& comment) {
  ByteWriter out;
  Put(out, comment.header, Number(PduType::kComment));
  Put(out, comment.originating);
  Put(out, comment.receiving);
  out.U32Be(0);
  out.U32Be(static_cast<std::uint32_t>(comment.variable_datums.size()));
  for (const VariableDatum& datum : comment.variable_datums) {
    if (out.size() + 8 + datum.octets.size() > kPduLimitOctets) return std::nullopt;
    out.U32Be(datum.id);
    out.U32Be(static_cast<std::uint32_t>(datum.octets.size() * 8));
    out.Octets(datum.octets);
    out.Zeros((8 - datum.octets.size() % 8) % 8);
  }
  if (out.size() > kPduLimitOctets) return std::nullopt;
  return Finish(std::move(out));
}

}  // namespace entente::dis
