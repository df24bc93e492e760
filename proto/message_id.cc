// SPDX-License-Identifier: Apache-2.0
#include "proto/message_id.h"

#include <charconv>

#include "proto/value_name.h"

namespace entente {
namespace {

char PrecedenceLetter(v1::Precedence precedence) {
  const std::string_view name = PrecedenceName(precedence);
  return name == "unspecified" ? '-' : name.front();
}

}  // namespace

MessageKey KeyOf(const v1::MessageId& id) {
  return {id.origin(), id.incarnation(), id.precedence(), id.sequence()};
}

v1::MessageId ToProto(const MessageKey& key) {
  v1::MessageId id;
  id.set_origin(key.origin);
  id.set_incarnation(key.incarnation);
  id.set_precedence(key.precedence);
  id.set_sequence(key.sequence);
  return id;
}

std::string ToText(const v1::MessageId& id) {
  return ToText(KeyOf(id));
}

std::string ToText(const MessageKey& key) {
  char hex[16];
  const auto [end, error] = std::to_chars(hex, hex + sizeof(hex), key.incarnation, 16);
  std::string text = key.origin + '#';
  text.append(hex, end);
  text += '.';
  text += PrecedenceLetter(key.precedence);
  text += '.';
  return text + std::to_string(key.sequence);
}

std::string_view PrecedenceName(v1::Precedence precedence) {
  switch (precedence) {
    case v1::PRECEDENCE_ROUTINE:
      return "ROUTINE";
    case v1::PRECEDENCE_PRIORITY:
      return "PRIORITY";
    case v1::PRECEDENCE_IMMEDIATE:
      return "IMMEDIATE";
    case v1::PRECEDENCE_FLASH:
      return "FLASH";
    default:
      return "unspecified";
  }
}

std::string FamilyName(v1::Family family) {
  return ValueName(family);
}

v1::Family FamilyOf(const v1::Envelope& envelope) {
  switch (envelope.body_case()) {
    case v1::Envelope::kTrack:
      return v1::FAMILY_TRACK;
    case v1::Envelope::kIdentity:
      return v1::FAMILY_IDENTITY;
    case v1::Envelope::kChat:
      return v1::FAMILY_CHAT;
    case v1::Envelope::kAlert:
      return v1::FAMILY_ALERT;
    case v1::Envelope::kWeaponEvent:
      return v1::FAMILY_WEAPON_EVENT;
    case v1::Envelope::kSimulationControl:
      return v1::FAMILY_SIMULATION_CONTROL;
    case v1::Envelope::kLiveness:
      return v1::FAMILY_LIVENESS;
    case v1::Envelope::kProtocolError:
      return v1::FAMILY_PROTOCOL_ERROR;
    case v1::Envelope::kOpaque:
      return v1::FAMILY_OPAQUE;
    case v1::Envelope::BODY_NOT_SET:
      break;
  }
  return v1::FAMILY_UNSPECIFIED;
}

}  // namespace entente
