// SPDX-License-Identifier: Apache-2.0
// GeoChat: texts (b-t-f), receipts of delivery (b-t-f-d) and of reading (b-t-f-r). TAK chat schema.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/common/xml/xml_text.h"
#include "adapters/cot/event_xml.h"
#include "adapters/cot/families.h"
#include "proto/message_id.h"

namespace entente::cot {
namespace {

constexpr std::string_view kAllChatRooms = "All Chat Rooms";
constexpr std::string_view kHumanInGui = "h-g-i-g-o";

// GeoChat.<sender>.<room>.<message id>: the message id never has a dot, uids and rooms may.
std::string_view LastPart(std::string_view uid) {
  return uid.starts_with("GeoChat.") ? uid.substr(uid.rfind('.') + 1) : uid;
}

// The group's first member is the sender, whom the link names, too.
void FindForgedSender(const Detail& detail, adapter::DecodedMessage& message) {
  if (!detail.chat || detail.chat->member_uids.empty()) return;
  const auto link = std::ranges::find(detail.links, "p-p", &Link::relation);
  if (link == detail.links.end() || link->uid == detail.chat->member_uids.front()) return;
  message.findings.push_back({v1::FINDING_SEVERITY_DOUBT, 0, "chatgrp", "TAK chat schema",
                              fmt::format("the group names {} as the sender, the link {}",
                                          detail.chat->member_uids.front().substr(0, 40), link->uid.substr(0, 40))});
}

std::string SenderUid(const Detail& detail) {
  for (const Link& link : detail.links) {
    if (link.relation == "p-p") return link.uid;
  }
  if (detail.chat && !detail.chat->member_uids.empty()) return detail.chat->member_uids.front();
  return {};
}

void UnderstandAddressees(const Detail& detail, adapter::DecodedMessage& message) {
  const auto add = [&](const std::string& native) {
    v1::Addressee& addressee = *message.envelope.add_addressees();
    addressee.set_native(native);
    addressee.set_role(v1::ADDRESSEE_ROLE_ACTION);
  };
  for (const std::string& callsign : detail.destinations) add(callsign);
  // Without a destination, "to" of the remarks says who is meant, unless it is the room itself.
  const bool to_room = !detail.chat || detail.remarks_to == detail.chat->room || detail.remarks_to == kAllChatRooms;
  if (detail.destinations.empty() && !detail.remarks_to.empty() && !to_room) add(detail.remarks_to);
  if (message.envelope.addressees_size() > 0) message.ledger.Kept(v1::FIELD_ADDRESSEES);
}

void UnderstandReference(const Event& event, v1::Chat& chat, adapter::DecodedMessage& message) {
  const std::string native_id = event.detail.chat ? event.detail.chat->message_id : std::string{};
  message.ledger.Kept(v1::FIELD_CHAT_DELIVERY);
  if (event.head.type == "b-t-f") {
    chat.set_delivery(v1::CHAT_DELIVERY_SENT);
    message.envelope.set_native_message_id(native_id.empty() ? std::string(LastPart(event.head.uid)) : native_id);
    return;
  }
  chat.set_delivery(event.head.type == "b-t-f-d" ? v1::CHAT_DELIVERY_DELIVERED : v1::CHAT_DELIVERY_READ);
  message.envelope.set_act(v1::ACT_ACKNOWLEDGE);
  message.envelope.set_native_message_id(event.head.uid);
  message.envelope.set_in_reply_to(native_id.empty() ? std::string(LastPart(event.head.uid)) : native_id);
}

// What a chat event is made of, whatever family it comes from.
struct ChatParts {
  std::string type = "b-t-f";
  std::string sender_uid;
  std::string sender_callsign;
  std::string room;
  std::string message_id;
  std::string_view text;
  std::vector<std::string> member_uids;
  std::vector<std::string> destinations;
};

void AppendChatElement(const ChatParts& parts, bool receipt, std::string& detail) {
  const std::string_view name = receipt ? "__chatreceipt" : "__chat";
  detail.append("<").append(name);
  AppendAttribute(detail, "parent", "RootContactGroup");
  AppendAttribute(detail, "groupOwner", "false");
  AppendAttribute(detail, "messageId", parts.message_id);
  AppendAttribute(detail, "chatroom", parts.room);
  AppendAttribute(detail, "id", parts.room);
  AppendAttribute(detail, "senderCallsign", parts.sender_callsign);
  detail += "><chatgrp";
  AppendAttribute(detail, "uid0", parts.sender_uid);
  std::size_t number = 1;
  for (const std::string& uid : parts.member_uids) {
    if (uid != parts.sender_uid) AppendAttribute(detail, fmt::format("uid{}", number++), uid);
  }
  if (number == 1) AppendAttribute(detail, "uid1", parts.room);
  AppendAttribute(detail, "id", parts.room);
  detail.append("/></").append(name).append(">");
}

void AppendChatRemarks(const ChatParts& parts, Draft& draft) {
  draft.detail += "<remarks";
  AppendAttribute(draft.detail, "source", parts.sender_uid);
  AppendAttribute(draft.detail, "to", parts.room);
  draft.detail += " time=\"";
  AppendEventTime(draft.detail, draft.head.time.time);
  draft.detail += "\">";
  xml::AppendEscaped(draft.detail, parts.text);
  draft.detail += "</remarks>";
}

void DraftChatParts(const ChatParts& parts, Draft& draft) {
  const bool receipt = parts.type != "b-t-f";
  draft.head.type = parts.type;
  if (draft.head.how.empty()) draft.head.how = kHumanInGui;
  const ChildKind element = receipt ? ChildKind::kChatReceipt : ChildKind::kChat;
  if (!draft.carried.Has(element)) AppendChatElement(parts, receipt, draft.detail);
  if (!draft.carried.Has(ChildKind::kLink) && !parts.sender_uid.empty()) {
    draft.detail += "<link";
    AppendAttribute(draft.detail, "uid", parts.sender_uid);
    AppendAttribute(draft.detail, "type", "a-u-G");
    AppendAttribute(draft.detail, "relation", "p-p");
    draft.detail += "/>";
  }
  if (!receipt && !draft.carried.Has(ChildKind::kRemarks)) AppendChatRemarks(parts, draft);
  if (!parts.destinations.empty() && !draft.carried.Has(ChildKind::kMarti)) {
    draft.detail += "<marti>";
    for (const std::string& callsign : parts.destinations) {
      draft.detail += "<dest";
      AppendAttribute(draft.detail, "callsign", callsign);
      draft.detail += "/>";
    }
    draft.detail += "</marti>";
  }
}

std::string ChatUid(const v1::Envelope& message, const ChatParts& parts) {
  if (message.native_id().scheme() == kUidScheme) return message.native_id().value();
  if (parts.type != "b-t-f") return fmt::format("{}{}", parts.message_id, parts.type == "b-t-f-d" ? ".d" : ".r");
  return fmt::format("GeoChat.{}.{}.{}", parts.sender_uid, parts.room, parts.message_id);
}

std::string MessageIdOf(const v1::Envelope& message) {
  if (!message.native_message_id().empty()) return message.native_message_id();
  return message.id().origin().empty() ? message.object_id() : ToText(message.id());
}

void DraftDestinations(const v1::Envelope& message, ChatParts& parts, Draft& draft) {
  if (message.addressees_size() == 0) return;
  for (const v1::Addressee& addressee : message.addressees()) {
    if (!addressee.native().empty()) parts.destinations.push_back(addressee.native());
  }
  if (static_cast<int>(parts.destinations.size()) == message.addressees_size()) {
    draft.ledger.Kept(v1::FIELD_ADDRESSEES);
  } else {
    draft.ledger.Approximated(v1::FIELD_ADDRESSEES, 0, "a destination is a callsign, and an addressee has none");
  }
}

}  // namespace

void UnderstandChat(const Event& event, adapter::DecodedMessage& message) {
  const Detail& detail = event.detail;
  message.envelope.set_family(v1::FAMILY_CHAT);
  v1::Chat& chat = *message.envelope.mutable_chat();
  UnderstandReference(event, chat, message);
  FindForgedSender(detail, message);
  if (detail.chat && !detail.chat->room.empty()) {
    chat.set_room(detail.chat->room);
    message.ledger.Kept(v1::FIELD_CHAT_ROOM);
  }
  if (detail.chat && !detail.chat->sender_callsign.empty()) chat.set_sender_callsign(detail.chat->sender_callsign);
  if (std::string uid = SenderUid(detail); !uid.empty()) {
    chat.mutable_sender()->set_scheme(kUidScheme.data(), kUidScheme.size());
    chat.mutable_sender()->set_value(std::move(uid));
  }
  if (chat.has_sender() || chat.has_sender_callsign()) message.ledger.Kept(v1::FIELD_CHAT_SENDER);
  if (detail.chat) {
    for (const std::string& uid : detail.chat->member_uids) chat.add_member_ids(uid);
  }
  if (detail.remarks && !detail.remarks->empty()) {
    chat.set_text(*detail.remarks);
    message.ledger.Kept(v1::FIELD_CHAT_BODY);
  }
  if (!IsNowhere(event.head)) {
    chat.mutable_position()->set_latitude_deg(event.head.point->latitude_deg);
    chat.mutable_position()->set_longitude_deg(event.head.point->longitude_deg);
    message.ledger.Kept(v1::FIELD_POSITION);
  }
  UnderstandAddressees(detail, message);
  CarryForeign(event, {ChildKind::kRemarks}, message);
}

Drafted DraftChat(const v1::Envelope& message, Draft& draft) {
  const v1::Chat& chat = message.chat();
  ChatParts parts;
  switch (chat.delivery()) {
    case v1::CHAT_DELIVERY_DELIVERED:
      parts.type = "b-t-f-d";
      break;
    case v1::CHAT_DELIVERY_READ:
      parts.type = "b-t-f-r";
      break;
    case v1::CHAT_DELIVERY_FAILED:
      return std::unexpected(adapter::CannotSay{"CoT has no event for a text that was not delivered"});
    default:
      break;
  }
  const bool receipt = parts.type != "b-t-f";
  if (receipt && message.in_reply_to().empty()) {
    return std::unexpected(adapter::CannotSay{"a receipt that does not say which text it is for"});
  }
  if (chat.delivery() != v1::CHAT_DELIVERY_UNSPECIFIED) draft.ledger.Kept(v1::FIELD_CHAT_DELIVERY);
  parts.room = chat.room();
  if (parts.room.empty()) {
    parts.room = kAllChatRooms;
    draft.ledger.Defaulted(v1::FIELD_CHAT_ROOM, "the room of everybody: All Chat Rooms");
  } else {
    KeepText(v1::FIELD_CHAT_ROOM, parts.room, draft.ledger);
  }
  parts.sender_uid = chat.sender().value().empty() ? message.id().origin() : chat.sender().value();
  parts.sender_callsign = chat.sender_callsign().empty() ? parts.sender_uid : chat.sender_callsign();
  if (!parts.sender_uid.empty()) KeepText(v1::FIELD_CHAT_SENDER, parts.sender_callsign, draft.ledger);
  parts.message_id = receipt ? message.in_reply_to() : MessageIdOf(message);
  parts.text = chat.text();
  parts.member_uids.assign(chat.member_ids().begin(), chat.member_ids().end());
  if (!parts.text.empty()) KeepText(v1::FIELD_CHAT_BODY, parts.text, draft.ledger);
  if (chat.has_thread()) draft.ledger.Dropped(v1::FIELD_CHAT_THREAD);
  DraftDestinations(message, parts, draft);
  draft.head.uid = ChatUid(message, parts);
  DraftPoint(chat.has_position(), chat.position(), false, {}, draft);
  DraftChatParts(parts, draft);
  return {};
}

// An exercise's comment reaches CoT users where they read texts.
Drafted DraftComment(const v1::Envelope& message, Draft& draft) {
  const v1::SimulationControl& control = message.simulation_control();
  if (control.action() != v1::CONTROL_ACTION_COMMENT || control.text().empty()) {
    return std::unexpected(adapter::CannotSay{"CoT has no event for starting, stopping or acknowledging a simulation"});
  }
  ChatParts parts;
  parts.room = kAllChatRooms;
  parts.sender_uid = control.from().value().empty() ? message.id().origin() : control.from().value();
  parts.sender_callsign = parts.sender_uid;
  parts.message_id = MessageIdOf(message);
  parts.text = control.text();
  draft.head.uid = ChatUid(message, parts);
  DraftPoint(false, {}, false, {}, draft);
  DraftChatParts(parts, draft);
  draft.ledger.Approximated(v1::FIELD_CONTROL_ACTION, 0, "a comment is said as a text to All Chat Rooms");
  KeepText(v1::FIELD_REMARKS, parts.text, draft.ledger);
  if (control.has_request_id()) draft.ledger.Dropped(v1::FIELD_CONTROL_REQUEST_ID);
  return {};
}

}  // namespace entente::cot
