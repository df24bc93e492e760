// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/control_mapping.h"

#include <algorithm>

#include "adapters/dis/entity_name.h"
#include "adapters/dis/message_frame.h"
#include "adapters/dis/pdu_type.h"
#include "adapters/dis/pdu_writer.h"
#include "adapters/dis/timestamp.h"

namespace entente::dis {
namespace {

using adapter::CannotSay;
using adapter::DecodedMessage;
using adapter::LossLedger;

constexpr EntityId kEveryone{kAll, kAll, kAll};

v1::ControlAction ActionOf(std::uint8_t type) {
  switch (static_cast<PduType>(type)) {
    case PduType::kStartResume:
      return v1::CONTROL_ACTION_START_RESUME;
    case PduType::kStopFreeze:
      return v1::CONTROL_ACTION_STOP_FREEZE;
    case PduType::kAcknowledge:
      return v1::CONTROL_ACTION_ACKNOWLEDGE;
    case PduType::kCreateEntity:
      return v1::CONTROL_ACTION_CREATE_ENTITY;
    default:
      return v1::CONTROL_ACTION_REMOVE_ENTITY;
  }
}

std::optional<PduType> TypeOf(v1::ControlAction action) {
  switch (action) {
    case v1::CONTROL_ACTION_START_RESUME:
      return PduType::kStartResume;
    case v1::CONTROL_ACTION_STOP_FREEZE:
      return PduType::kStopFreeze;
    case v1::CONTROL_ACTION_ACKNOWLEDGE:
      return PduType::kAcknowledge;
    case v1::CONTROL_ACTION_CREATE_ENTITY:
      return PduType::kCreateEntity;
    case v1::CONTROL_ACTION_REMOVE_ENTITY:
      return PduType::kRemoveEntity;
    default:
      return std::nullopt;
  }
}

// Acknowledge Flag, SISO-REF-010 [UID 69].
v1::ControlAction AcknowledgedOf(std::uint16_t flag) {
  switch (flag) {
    case 1:
      return v1::CONTROL_ACTION_CREATE_ENTITY;
    case 2:
      return v1::CONTROL_ACTION_REMOVE_ENTITY;
    case 3:
      return v1::CONTROL_ACTION_START_RESUME;
    case 4:
      return v1::CONTROL_ACTION_STOP_FREEZE;
    default:
      return v1::CONTROL_ACTION_UNSPECIFIED;
  }
}

std::uint16_t FlagOf(v1::ControlAction acknowledged) {
  for (std::uint16_t flag = 1; flag <= 4; ++flag) {
    if (AcknowledgedOf(flag) == acknowledged) return flag;
  }
  return 0;
}

// The application itself speaks where no entity of DIS does.
EntityId SpeakerOf(const v1::NativeId& from, const Options& options, LossLedger& ledger) {
  if (const auto entity = FromNative(from)) {
    ledger.Kept(v1::FIELD_ORIGINATOR);
    return *entity;
  }
  ledger.Defaulted(v1::FIELD_ORIGINATOR, "site and application of the recipient's options");
  return options.self;
}

template <typename T>
T Clamp(std::uint64_t value) {
  return static_cast<T>(std::min<std::uint64_t>(value, std::numeric_limits<T>::max()));
}

void EncodeTimes(const v1::SimulationControl& control, SimulationManagement& pdu, LossLedger& ledger) {
  if (pdu.header.type != Number(PduType::kStartResume) && pdu.header.type != Number(PduType::kStopFreeze)) return;
  pdu.real_world_time = ToClockTime(FromNanoseconds(control.real_world_time_ns()));
  pdu.simulation_time = ToClockTime(FromNanoseconds(control.simulation_time_ns()));
  if (control.has_real_world_time_ns() || control.has_simulation_time_ns()) {
    ledger.Approximated(v1::FIELD_CONTROL_TIME, ToSeconds(kTimestampError), "units of 1.676 µs");
  } else {
    ledger.Defaulted(v1::FIELD_CONTROL_TIME, "mandatory: 0");
  }
}

// Valid UTF-8 without NUL, and fewer control characters than others: numbers hardly look like that by chance.
bool IsText(std::string_view text) {
  std::size_t controls = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    if (lead < 0x80) {
      if (lead == 0) return false;
      if (lead < 0x20 || lead == 0x7F) ++controls;
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || i + length > text.size()) return false;
    std::uint32_t point = lead & (0x7FU >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<std::uint8_t>(text[i + k]);
      if ((next & 0xC0) != 0x80) return false;
      point = point << 6 | (next & 0x3FU);
    }
    constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < kLeast[length] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    i += length;
  }
  return 2 * controls < text.size();
}

std::string Latin1ToUtf8(std::string_view text) {
  std::string utf8;
  for (const char c : text) {
    const auto octet = static_cast<std::uint8_t>(c);
    if (octet < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xC0 | octet >> 6);
      utf8 += static_cast<char>(0x80 | (octet & 0x3F));
    }
  }
  return utf8;
}

// The datums that are text, one line each; empty when none is.
std::string TextOf(const Comment& comment, DecodedMessage& message) {
  std::string text;
  for (const VariableDatum& datum : comment.variable_datums) {
    std::string_view said = AsText(datum.octets);
    while (!said.empty() && said.back() == '\0') said.remove_suffix(1);
    if (said.empty()) continue;
    std::string line(said);
    if (!IsText(said)) {
      line = Latin1ToUtf8(said);
      if (!IsText(line)) continue;
      AddFinding(message, v1::FINDING_SEVERITY_DOUBT, 32, "Variable Datum Value", "IEEE 1278.1-2012 §7.5.13",
                 "the text is not UTF-8: read as ISO 8859-1");
    }
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

}  // namespace

DecodedMessage DecodeControl(const SimulationManagement& control, const Now& now) {
  DecodedMessage message;
  DecodeFrame(control.header, v1::FAMILY_SIMULATION_CONTROL, now, message);
  v1::SimulationControl& said = *message.envelope.mutable_simulation_control();
  const v1::ControlAction action = ActionOf(control.header.type);
  said.set_action(action);
  message.ledger.Kept(v1::FIELD_CONTROL_ACTION);
  *said.mutable_from() = ToNative(control.originating);
  *said.mutable_to() = ToNative(control.receiving);
  message.ledger.Kept(v1::FIELD_ORIGINATOR);
  said.set_request_id(control.request);
  message.ledger.Kept(v1::FIELD_CONTROL_REQUEST_ID);
  if (action == v1::CONTROL_ACTION_START_RESUME || action == v1::CONTROL_ACTION_STOP_FREEZE) {
    said.set_real_world_time_ns(ToNanoseconds(FromClockTime(control.real_world_time)));
    message.ledger.Approximated(v1::FIELD_CONTROL_TIME, ToSeconds(kTimestampError));
  }
  if (action == v1::CONTROL_ACTION_START_RESUME) {
    said.set_simulation_time_ns(ToNanoseconds(FromClockTime(control.simulation_time)));
  }
  if (action == v1::CONTROL_ACTION_STOP_FREEZE) {
    said.set_reason(control.reason);
    said.set_frozen_behaviour(control.frozen_behaviour);
    message.ledger.Kept(v1::FIELD_CONTROL_REASON);
  }
  if (action == v1::CONTROL_ACTION_ACKNOWLEDGE) {
    said.set_acknowledged(AcknowledgedOf(control.acknowledge_flag));
    said.set_response(control.response_flag);
    message.envelope.set_in_reply_to(std::to_string(control.request));
  }
  return message;
}

std::expected<Bytes, CannotSay> EncodeControl(const v1::Envelope& message, const adapter::EncodeContext& context,
                                              const Options& options, LossLedger& ledger) {
  const v1::SimulationControl& control = message.simulation_control();
  const auto type = TypeOf(control.action());
  if (!type) return std::unexpected(CannotSay{"simulation management has no such PDU; a comment's text is said as chat"});
  SimulationManagement pdu;
  pdu.header = EncodeFrame(message, context.form, options, ledger);
  pdu.header.type = Number(*type);
  ledger.Kept(v1::FIELD_CONTROL_ACTION);
  pdu.originating = SpeakerOf(control.from(), options, ledger);
  pdu.receiving = FromNative(control.to()).value_or(kEveryone);
  pdu.request = Clamp<std::uint32_t>(control.request_id());
  if (control.has_request_id()) {
    ledger.Kept(v1::FIELD_CONTROL_REQUEST_ID);
  } else {
    ledger.Defaulted(v1::FIELD_CONTROL_REQUEST_ID, "mandatory: 0");
  }
  EncodeTimes(control, pdu, ledger);
  pdu.reason = Clamp<std::uint8_t>(control.reason());
  pdu.frozen_behaviour = Clamp<std::uint8_t>(control.frozen_behaviour());
  if (*type == PduType::kStopFreeze && control.has_reason()) ledger.Kept(v1::FIELD_CONTROL_REASON);
  pdu.acknowledge_flag = FlagOf(control.acknowledged());
  pdu.response_flag = Clamp<std::uint16_t>(control.response());
  if (control.has_text()) ledger.Dropped(v1::FIELD_REMARKS);
  LedgerExtensions(message, {}, ledger);
  return Write(pdu);
}

DecodedMessage DecodeComment(const Comment& comment, ByteView pdu, const Now& now) {
  DecodedMessage message;
  std::string text = TextOf(comment, message);
  DecodeFrame(comment.header, text.empty() ? v1::FAMILY_SIMULATION_CONTROL : v1::FAMILY_CHAT, now, message);
  message.ledger.Kept(v1::FIELD_ORIGINATOR);
  if (text.empty()) {
    v1::SimulationControl& said = *message.envelope.mutable_simulation_control();
    said.set_action(v1::CONTROL_ACTION_COMMENT);
    *said.mutable_from() = ToNative(comment.originating);
    *said.mutable_to() = ToNative(comment.receiving);
    message.ledger.Kept(v1::FIELD_CONTROL_ACTION);
    AddExtension(kPduExtension, pdu, message);
    message.ledger.Kept(v1::FIELD_EXTENSIONS);
    return message;
  }
  v1::Chat& chat = *message.envelope.mutable_chat();
  chat.set_text(std::move(text));
  chat.set_delivery(v1::CHAT_DELIVERY_SENT);
  message.ledger.Kept(v1::FIELD_CHAT_BODY);
  *chat.mutable_sender() = ToNative(comment.originating);
  *message.envelope.mutable_native_id() = ToNative(comment.originating);
  if (comment.receiving != kEveryone && !IsNone(comment.receiving)) {
    message.envelope.add_addressees()->set_native(ToText(comment.receiving));
    message.ledger.Kept(v1::FIELD_ADDRESSEES);
  }
  return message;
}

std::expected<Bytes, CannotSay> EncodeChat(const v1::Envelope& message, const adapter::EncodeContext& context,
                                           const Options& options, LossLedger& ledger) {
  const v1::Chat& chat = message.chat();
  if (chat.delivery() > v1::CHAT_DELIVERY_SENT) return std::unexpected(CannotSay{"DIS has no receipts for text"});
  if (chat.text().empty()) return std::unexpected(CannotSay{"a Comment PDU needs a text"});
  Comment comment;
  comment.header = EncodeFrame(message, context.form, options, ledger);
  comment.originating = SpeakerOf(chat.sender(), options, ledger);
  comment.receiving = kEveryone;
  // SISO-REF-010 [UID 66] names no datum for free text; 0 says nothing.
  comment.variable_datums.push_back({0, AsBytes(chat.text())});
  ledger.Kept(v1::FIELD_CHAT_BODY);
  if (chat.has_room()) ledger.Dropped(v1::FIELD_CHAT_ROOM);
  if (chat.has_sender_callsign()) ledger.Dropped(v1::FIELD_CHAT_SENDER, "only an entity id says who speaks");
  if (chat.has_thread()) ledger.Dropped(v1::FIELD_CHAT_THREAD);
  if (chat.delivery() == v1::CHAT_DELIVERY_SENT) ledger.Kept(v1::FIELD_CHAT_DELIVERY);
  if (chat.has_position()) ledger.Dropped(v1::FIELD_POSITION);
  LedgerExtensions(message, {}, ledger);
  auto octets = Write(comment);
  if (!octets) return std::unexpected(CannotSay{"the text is longer than the 8192 octets of a PDU"});
  return *std::move(octets);
}

}  // namespace entente::dis
