// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/from_canonical.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

#include "adapters/ais/six_bit_text.h"
#include "adapters/ais/track_writer.h"
#include "adapters/ais/units.h"

namespace entente::ais {
namespace {

using adapter::CannotSay;
using adapter::LossLedger;

constexpr std::uint32_t kGreatestMmsi = 999'999'999;

std::optional<std::uint32_t> ParseMmsi(const v1::NativeId& id) {
  if (id.scheme() != "mmsi") return std::nullopt;
  std::uint32_t mmsi = 0;
  const char* const end = id.value().data() + id.value().size();
  const auto [stop, error] = std::from_chars(id.value().data(), end, mmsi);
  if (error != std::errc{} || stop != end || mmsi == 0 || mmsi > kGreatestMmsi) return std::nullopt;
  return mmsi;
}

const v1::TransponderIds& TransponderIdsOf(const v1::Envelope& envelope) {
  return envelope.has_identity() ? envelope.identity().transponder_ids() : envelope.track().transponder_ids();
}

std::uint32_t DerivedMmsi(std::string_view object, const adapter::EncodeContext& context) {
  return static_cast<std::uint32_t>(context.ids.Number("mmsi", object, kFirstDerivedMmsi, kLastDerivedMmsi));
}

// "5412.340N 01012.340E", as a radio operator reads it.
std::string PositionText(const v1::Position& position) {
  const auto part = [](double degrees, int width, char positive, char negative) {
    const double minutes = std::round(std::abs(degrees) * 60'000) / 1000;
    const auto whole = static_cast<int>(minutes / 60);
    std::string text = std::to_string(whole);
    text.insert(0, static_cast<std::size_t>(width) - std::min<std::size_t>(text.size(), static_cast<std::size_t>(width)), '0');
    const auto thousandths = static_cast<int>(std::lround((minutes - whole * 60) * 1000));
    std::string rest = std::to_string(100'000 + thousandths);
    return text + rest.substr(1, 2) + '.' + rest.substr(3) + (degrees < 0 ? negative : positive);
  };
  return part(position.latitude_deg(), 2, 'N', 'S') + ' ' + part(position.longitude_deg(), 3, 'E', 'W');
}

std::string_view AlertWord(v1::AlertEvent event) {
  switch (event) {
    case v1::ALERT_EVENT_SEARCH_AND_RESCUE:
      return "SAR";
    case v1::ALERT_EVENT_RING_THE_BELL:
      return "ALERT";
    case v1::ALERT_EVENT_IN_CONTACT:
      return "IN CONTACT";
    case v1::ALERT_EVENT_GEOFENCE:
      return "GEOFENCE";
    case v1::ALERT_EVENT_CIVIL:
      return "WARNING";
    default:
      return "EMERGENCY";
  }
}

void DropEnvelopeFields(const v1::Envelope& envelope, LossLedger& ledger) {
  if (envelope.times().has_stale_at()) ledger.Dropped(v1::FIELD_STALE_TIME);
  if (envelope.reality() != v1::REALITY_UNSPECIFIED) ledger.Dropped(v1::FIELD_REALITY);
  if (!envelope.label().classification().empty()) ledger.Dropped(v1::FIELD_CLASSIFICATION);
  if (envelope.label().categories_size() > 0) ledger.Dropped(v1::FIELD_RELEASABILITY);
  if (envelope.id().precedence() != v1::PRECEDENCE_UNSPECIFIED) ledger.Dropped(v1::FIELD_PRECEDENCE);
  if (envelope.extensions_size() > 0) ledger.Dropped(v1::FIELD_EXTENSIONS, "not AIS");
}

// The text and how it was bent to six bits.
std::string SayText(std::string_view text, std::size_t limit, v1::Field field, LossLedger& ledger) {
  std::string folded = FoldToSixBit(text, limit);
  if (folded == text) {
    ledger.Kept(field);
  } else {
    ledger.Approximated(field, std::numeric_limits<double>::infinity(),
                        "six-bit capitals, " + std::to_string(limit) + " characters");
  }
  return folded;
}

std::expected<Said, CannotSay> SayChat(const v1::Envelope& envelope, const adapter::EncodeContext& context) {
  const v1::Chat& chat = envelope.chat();
  if (chat.delivery() != v1::CHAT_DELIVERY_SENT && chat.delivery() != v1::CHAT_DELIVERY_UNSPECIFIED) {
    return std::unexpected(CannotSay{"AIS has no receipt for a text"});
  }
  Said said;
  const bool addressed = chat.has_destination_mmsi() && chat.destination_mmsi() <= kGreatestMmsi;
  SafetyText text;
  text.text = SayText(chat.text(), addressed ? kAddressedTextCharacters : kTextCharacters, v1::FIELD_CHAT_BODY, said.ledger);
  if (text.text.empty()) return std::unexpected(CannotSay{"the text is empty"});
  if (addressed) text.dest_mmsi = chat.destination_mmsi();
  if (addressed) said.ledger.Kept(v1::FIELD_ADDRESSEES);
  if (!addressed && envelope.addressees_size() > 0) said.ledger.Dropped(v1::FIELD_ADDRESSEES, "said to all stations");
  if (chat.has_room()) said.ledger.Dropped(v1::FIELD_CHAT_ROOM);
  if (chat.has_sender_callsign()) said.ledger.Dropped(v1::FIELD_CHAT_SENDER, "MMSI only");
  if (chat.has_thread()) said.ledger.Dropped(v1::FIELD_CHAT_THREAD);
  if (chat.delivery() == v1::CHAT_DELIVERY_SENT) said.ledger.Kept(v1::FIELD_CHAT_DELIVERY);
  if (chat.has_position()) said.ledger.Dropped(v1::FIELD_POSITION);
  if (envelope.times().has_observed()) said.ledger.Dropped(v1::FIELD_OBSERVED_TIME);
  DropEnvelopeFields(envelope, said.ledger);
  said.messages.push_back({{addressed ? 12U : 14U, 0, MmsiOf(envelope, context)}, std::move(text)});
  return said;
}

std::expected<Said, CannotSay> SayAlert(const v1::Envelope& envelope, const adapter::EncodeContext& context) {
  const v1::Alert& alert = envelope.alert();
  Said said;
  std::string words(alert.status() == v1::ALERT_STATUS_CLEARED || alert.status() == v1::ALERT_STATUS_CANCELLED ? "CANCEL " : "");
  words += AlertWord(alert.event());
  if (!alert.callsign().empty()) words += ' ' + alert.callsign();
  if (alert.has_position()) words += ' ' + PositionText(alert.position());
  if (!alert.text().empty()) words += ' ' + alert.text();
  SafetyText text;
  text.text = FoldToSixBit(words, kTextCharacters);
  constexpr std::string_view kRule = "in a safety related text";
  constexpr double kNoMeasure = std::numeric_limits<double>::infinity();
  const auto in_words = [&](v1::Field field, bool has) {
    if (has) said.ledger.Approximated(field, kNoMeasure, std::string(kRule));
  };
  in_words(v1::FIELD_ALERT_EVENT, alert.event() != v1::ALERT_EVENT_UNSPECIFIED);
  in_words(v1::FIELD_ALERT_STATUS, alert.status() != v1::ALERT_STATUS_UNSPECIFIED);
  in_words(v1::FIELD_CALLSIGN, alert.has_callsign());
  in_words(v1::FIELD_POSITION, alert.has_position());
  in_words(v1::FIELD_ALERT_TEXT, alert.has_text());
  if (alert.has_altitude()) said.ledger.Dropped(v1::FIELD_ALTITUDE);
  if (envelope.times().has_observed()) said.ledger.Dropped(v1::FIELD_OBSERVED_TIME);
  DropEnvelopeFields(envelope, said.ledger);
  said.messages.push_back({{14, 0, MmsiOf(envelope, context)}, std::move(text)});
  return said;
}

}  // namespace

std::uint32_t MmsiOf(const v1::Envelope& envelope, const adapter::EncodeContext& context) {
  const std::uint32_t own = TransponderIdsOf(envelope).mmsi();
  if (own != 0 && own <= kGreatestMmsi) return own;
  if (const auto native = ParseMmsi(envelope.has_chat() ? envelope.chat().sender() : envelope.native_id())) return *native;
  // A text is said by its sender, else by the node it came from; the rest is about an object.
  const std::string& sender = envelope.chat().sender().value();
  const std::string& object = !sender.empty() ? sender : envelope.has_chat() ? envelope.id().origin() : envelope.object_id();
  if (!object.empty()) return DerivedMmsi(object, context);
  const auto node = static_cast<std::uint32_t>(context.options.Integer("mmsi"));
  return node != 0 ? node : DerivedMmsi(envelope.id().origin(), context);
}

std::expected<Said, CannotSay> FromCanonical(const v1::Envelope& envelope, const adapter::EncodeContext& context) {
  switch (envelope.body_case()) {
    case v1::Envelope::kTrack: {
      if (envelope.track().lifecycle() == v1::LIFECYCLE_DROPPED) {
        return std::unexpected(CannotSay{"AIS cannot end a track: its receivers drop what they hear no more"});
      }
      Said said = SayTrack(envelope, MmsiOf(envelope, context), context.options);
      DropEnvelopeFields(envelope, said.ledger);
      return said;
    }
    case v1::Envelope::kIdentity: {
      Said said = SayIdentity(envelope, MmsiOf(envelope, context), context.options);
      DropEnvelopeFields(envelope, said.ledger);
      return said;
    }
    case v1::Envelope::kChat:
      return SayChat(envelope, context);
    case v1::Envelope::kAlert:
      return SayAlert(envelope, context);
    case v1::Envelope::kWeaponEvent:
      return std::unexpected(CannotSay{"AIS has no weapon events"});
    case v1::Envelope::kSimulationControl:
      return std::unexpected(CannotSay{"AIS has no simulation control"});
    case v1::Envelope::kLiveness:
      return std::unexpected(CannotSay{"AIS has no liveness messages"});
    case v1::Envelope::kProtocolError:
      return std::unexpected(CannotSay{"AIS has no error reports"});
    case v1::Envelope::kOpaque:
      return std::unexpected(CannotSay{"a unit of another protocol: \"" + envelope.opaque().native_type() + '"'});
    case v1::Envelope::BODY_NOT_SET:
      break;
  }
  return std::unexpected(CannotSay{"the message has no body"});
}

}  // namespace entente::ais
