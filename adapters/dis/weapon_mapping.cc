// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/weapon_mapping.h"

#include <algorithm>

#include "adapters/dis/entity_name.h"
#include "adapters/dis/message_frame.h"
#include "adapters/dis/pdu_writer.h"
#include "adapters/dis/place.h"
#include "adapters/dis/track_decoding.h"
#include "adapters/dis/vocabulary.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace entente::dis {
namespace {

using adapter::CannotSay;
using adapter::DecodedMessage;
using adapter::DecodeResult;
using adapter::LossLedger;

constexpr double kSpeedErrorMps = 5e-4;

// What Fire and Detonation share.
struct Shared {
  const Header& header;
  const EntityId& firer;
  const EntityId& target;
  const EntityId& munition;
  const EventId& event;
  const WorldCoordinates& location;
  std::size_t location_offset;
  const MunitionDescriptor& descriptor;
  const Vector32& velocity;
};

void DecodeParties(const Shared& pdu, DecodedMessage& message) {
  v1::WeaponEvent& event = *message.envelope.mutable_weapon_event();
  if (!IsNone(pdu.firer)) {
    *event.mutable_firer() = ToNative(pdu.firer);
    *message.envelope.mutable_native_id() = ToNative(pdu.firer);
    message.ledger.Kept(v1::FIELD_WEAPON_FIRER);
  }
  if (!IsNone(pdu.target)) {
    *event.mutable_target() = ToNative(pdu.target);
    message.ledger.Kept(v1::FIELD_WEAPON_TARGET);
  }
  if (!IsNone(pdu.munition)) *event.mutable_munition_object() = ToNative(pdu.munition);
  if (!IsNone(pdu.event)) {
    event.set_event_id(ToText(pdu.event));
    message.ledger.Kept(v1::FIELD_WEAPON_EVENT_ID);
  }
}

void DecodeDescriptor(const MunitionDescriptor& descriptor, DecodedMessage& message) {
  v1::WeaponEvent& event = *message.envelope.mutable_weapon_event();
  *event.mutable_munition_type() = ToProto(descriptor.type);
  event.set_warhead(descriptor.warhead);
  event.set_fuse(descriptor.fuse);
  event.set_quantity(descriptor.quantity);
  event.set_rate(descriptor.rate);
  message.ledger.Kept(v1::FIELD_WEAPON_MUNITION);
}

DecodeResult<DecodedMessage> DecodeShared(const Shared& pdu, v1::WeaponPhase phase, const Now& now) {
  DecodedMessage message;
  DecodeFrame(pdu.header, v1::FAMILY_WEAPON_EVENT, now, message);
  v1::WeaponEvent& event = *message.envelope.mutable_weapon_event();
  event.set_phase(phase);
  message.ledger.Kept(v1::FIELD_WEAPON_PHASE);
  DecodeParties(pdu, message);
  DecodeDescriptor(pdu.descriptor, message);
  const auto place = DecodeLocation(pdu.location, pdu.location_offset, message);
  if (!place) return std::unexpected(place.error());
  if (*place) {
    SetPlace(**place, *event.mutable_position(), *event.mutable_altitude());
    message.ledger.Kept(v1::FIELD_POSITION);
    message.ledger.Kept(v1::FIELD_ALTITUDE);
    if (geo::IsFinite(Widen(pdu.velocity))) {
      *event.mutable_velocity_mps() = ToProto(geo::ToEastNorthUp(Widen(pdu.velocity), **place));
      message.ledger.Kept(v1::FIELD_WEAPON_VELOCITY);
    }
  }
  return message;
}

// The party's id in DIS; NO_ENTITY when it is not said. The firer born elsewhere is the object that the message is about.
EntityId Party(const v1::NativeId& native, bool is_firer, const v1::Envelope& message, const adapter::EncodeContext& context,
               const Options& options) {
  if (native.value().empty()) return {};
  return EntityOf(native, is_firer ? message.object_id() : std::string(), options.self, context.ids).value_or(EntityId{});
}

std::uint16_t Narrow16(std::uint32_t value) {
  return static_cast<std::uint16_t>(std::min<std::uint32_t>(value, 0xFFFF));
}

void EncodeDescriptor(const v1::WeaponEvent& event, MunitionDescriptor& descriptor, LossLedger& ledger) {
  const auto type = event.has_munition_type() ? FromProto(event.munition_type()) : std::nullopt;
  descriptor = {type.value_or(EntityType{.kind = 2}), Narrow16(event.warhead()), Narrow16(event.fuse()), Narrow16(event.quantity()),
                Narrow16(event.rate())};
  if (type) {
    ledger.Kept(v1::FIELD_WEAPON_MUNITION);
  } else {
    ledger.Defaulted(v1::FIELD_WEAPON_MUNITION, "mandatory: kind 2, munition");
  }
}

// Fills what the two PDUs share; `pdu` is either.
template <typename Pdu>
void EncodeShared(const v1::Envelope& message, const adapter::EncodeContext& context, const Options& options, Pdu& pdu,
                  LossLedger& ledger) {
  const v1::WeaponEvent& event = message.weapon_event();
  pdu.header = EncodeFrame(message, context.form, options, ledger);
  ledger.Kept(v1::FIELD_WEAPON_PHASE);
  pdu.firer = Party(event.firer(), true, message, context, options);
  pdu.target = Party(event.target(), false, message, context, options);
  pdu.munition = Party(event.munition_object(), false, message, context, options);
  if (event.has_firer()) ledger.Kept(v1::FIELD_WEAPON_FIRER);
  if (event.has_target()) ledger.Kept(v1::FIELD_WEAPON_TARGET);
  const auto event_id = ParseEntityId(event.event_id());
  pdu.event = event_id.value_or(EventId{});
  if (event_id) {
    ledger.Kept(v1::FIELD_WEAPON_EVENT_ID);
  } else if (event.has_event_id()) {
    ledger.Dropped(v1::FIELD_WEAPON_EVENT_ID, "not site:application:number");
  }
  EncodeDescriptor(event, pdu.descriptor, ledger);
  const geo::Geodetic place = EncodePlace(event.position(), event.has_altitude() ? &event.altitude() : nullptr, ledger);
  pdu.location = ToWorld(place);
  if (event.has_velocity_mps()) {
    pdu.velocity = Narrow(geo::ToEcefVector(FromProto(event.velocity_mps()), place));
    ledger.Approximated(v1::FIELD_WEAPON_VELOCITY, kSpeedErrorMps, "32-bit floats");
  }
}

std::expected<Bytes, CannotSay> EncodeFire(const v1::Envelope& message, const adapter::EncodeContext& context,
                                           const Options& options, LossLedger& ledger) {
  Fire fire;
  EncodeShared(message, context, options, fire, ledger);
  fire.range_m = static_cast<float>(message.weapon_event().range_m());
  ByteReader remainder(FindExtension(message, kRemainderExtension));
  fire.mission_index = remainder.U32Be();
  if (message.weapon_event().has_detonation_result()) ledger.Dropped(v1::FIELD_WEAPON_RESULT, "a Fire PDU has no result");
  LedgerExtensions(message, {kRemainderExtension}, ledger);
  return Write(fire);
}

std::expected<Bytes, CannotSay> EncodeDetonation(const v1::Envelope& message, const adapter::EncodeContext& context,
                                                 const Options& options, LossLedger& ledger) {
  Detonation detonation;
  EncodeShared(message, context, options, detonation, ledger);
  detonation.result = static_cast<std::uint8_t>(std::min<std::uint32_t>(message.weapon_event().detonation_result(), 255));
  if (message.weapon_event().has_detonation_result()) {
    ledger.Kept(v1::FIELD_WEAPON_RESULT);
  } else {
    ledger.Defaulted(v1::FIELD_WEAPON_RESULT, "mandatory: 0, other");
  }
  ByteReader remainder(FindExtension(message, kRemainderExtension));
  if (remainder.remaining() == 12) {
    detonation.location_in_entity.x = remainder.F32Be();
    detonation.location_in_entity.y = remainder.F32Be();
    detonation.location_in_entity.z = remainder.F32Be();
  }
  detonation.variable_parameters = FindExtension(message, kParametersExtension);
  LedgerExtensions(message, {kRemainderExtension, kParametersExtension}, ledger);
  auto octets = Write(detonation);
  if (!octets) return std::unexpected(CannotSay{"its variable parameters are not whole records, or more than 255"});
  return *std::move(octets);
}

}  // namespace

DecodeResult<DecodedMessage> DecodeWeaponEvent(const Fire& fire, const Now& now) {
  auto message = DecodeShared(
      {fire.header, fire.firer, fire.target, fire.munition, fire.event, fire.location, 40, fire.descriptor, fire.velocity},
      v1::WEAPON_PHASE_FIRE, now);
  if (!message) return message;
  if (fire.range_m != 0 && std::isfinite(fire.range_m)) message->envelope.mutable_weapon_event()->set_range_m(fire.range_m);
  if (fire.mission_index != 0) {
    ByteWriter out;
    out.U32Be(fire.mission_index);
    AddExtension(kRemainderExtension, out.view(), *message);
    message->ledger.Kept(v1::FIELD_EXTENSIONS);
  }
  return message;
}

DecodeResult<DecodedMessage> DecodeWeaponEvent(const Detonation& detonation, const Now& now) {
  auto message = DecodeShared({detonation.header, detonation.firer, detonation.target, detonation.munition, detonation.event,
                               detonation.location, 48, detonation.descriptor, detonation.velocity},
                              v1::WEAPON_PHASE_DETONATION, now);
  if (!message) return message;
  message->envelope.mutable_weapon_event()->set_detonation_result(detonation.result);
  message->ledger.Kept(v1::FIELD_WEAPON_RESULT);
  if (!detonation.variable_parameters.empty()) AddExtension(kParametersExtension, detonation.variable_parameters, *message);
  if (detonation.location_in_entity != Vector32{}) {
    ByteWriter out;
    out.F32Be(detonation.location_in_entity.x);
    out.F32Be(detonation.location_in_entity.y);
    out.F32Be(detonation.location_in_entity.z);
    AddExtension(kRemainderExtension, out.view(), *message);
  }
  if (!message->envelope.extensions().empty()) message->ledger.Kept(v1::FIELD_EXTENSIONS);
  return message;
}

std::expected<Bytes, CannotSay> EncodeWeaponEvent(const v1::Envelope& message, const adapter::EncodeContext& context,
                                                  const Options& options, LossLedger& ledger) {
  const v1::WeaponEvent& event = message.weapon_event();
  if (!event.has_position()) return std::unexpected(CannotSay{"a Fire or Detonation PDU needs a position"});
  switch (event.phase()) {
    case v1::WEAPON_PHASE_FIRE:
      return EncodeFire(message, context, options, ledger);
    case v1::WEAPON_PHASE_DETONATION:
      return EncodeDetonation(message, context, options, ledger);
    default:
      return std::unexpected(CannotSay{"a weapon event must say whether it is a fire or a detonation"});
  }
}

}  // namespace entente::dis
