// SPDX-License-Identifier: Apache-2.0
#pragma once

// Between an event and the canonical message, one file per family: Understand* fills a message from an event, Draft* fills an event
// from a message. What all families share (identity, times, label, precedence, reality, foreign detail) is in envelope.cc.

#include <expected>
#include <initializer_list>

#include "adapters/api/codec.h"
#include "adapters/cot/event.h"

namespace entente::cot {

// Extension of the envelope: children of <detail> that the canonical message has no fields for, or not for all of them, as the XML
// that came.
inline constexpr std::string_view kDetailNamespace = "cot-detail";
// Extension: the event's type, where the canonical fields would not say the same type again.
inline constexpr std::string_view kTypeNamespace = "cot-type";
inline constexpr std::string_view kUidScheme = "cot-uid";

// The foreign detail that a message brings back to CoT, and which elements are in it: those are not written a second time.
struct Carried {
  std::string_view xml;
  std::vector<ChildKind> kinds;
  std::vector<std::string> link_uids;

  [[nodiscard]] bool Has(ChildKind kind) const;
};

struct Draft {
  EventHead head;
  std::string detail;
  adapter::LossLedger ledger;
  Carried carried;
};

using Drafted = std::expected<void, adapter::CannotSay>;

// Whole envelope but the body and the value of native_id, which is the event's uid. `plain` names the children that the family has
// fields for: plain ones are not carried as foreign.
void UnderstandEnvelope(const Event& event, std::string_view policy, adapter::DecodedMessage& message);
void CarryForeign(const Event& event, std::initializer_list<ChildKind> plain, adapter::DecodedMessage& message);
// Keeps the event's type as an extension unless it is `said`.
void CarryType(const Event& event, std::string_view said, adapter::DecodedMessage& message);
Drafted DraftEnvelope(const v1::Envelope& message, const adapter::EncodeContext& context, Draft& draft);
// The type that the message brings with it, or `otherwise`.
std::string TypeOr(const v1::Envelope& message, std::string otherwise);

// Position, altitude and accuracies of the event's point, for any body that has them; false when the point says "nowhere": absent,
// or 0/0 with nothing known.
bool IsNowhere(const EventHead& head);
void DraftPoint(bool has_position, const v1::Position& position, bool has_altitude, const v1::Altitude& altitude, Draft& draft);
void DraftCallsign(const std::string& callsign, Draft& draft);
void DraftRemarks(std::string_view text, Draft& draft);
// Says in the ledger that a text is kept, or that characters were replaced which XML cannot hold.
void KeepText(v1::Field field, std::string_view text, adapter::LossLedger& ledger);

void UnderstandTrack(const Event& event, adapter::DecodedMessage& message);
void UnderstandChat(const Event& event, adapter::DecodedMessage& message);
void UnderstandAlert(const Event& event, adapter::DecodedMessage& message);
void UnderstandWeaponEvent(const Event& event, adapter::DecodedMessage& message);
void UnderstandOpaque(const Event& event, ByteView unit, adapter::DecodedMessage& message);

Drafted DraftTrack(const v1::Envelope& message, Draft& draft);
Drafted DraftIdentity(const v1::Envelope& message, Draft& draft);
Drafted DraftChat(const v1::Envelope& message, Draft& draft);
Drafted DraftComment(const v1::Envelope& message, Draft& draft);
Drafted DraftAlert(const v1::Envelope& message, Draft& draft);
Drafted DraftWeaponEvent(const v1::Envelope& message, Draft& draft);
Drafted DraftOpaque(const v1::Envelope& message, Draft& draft);

}  // namespace entente::cot
