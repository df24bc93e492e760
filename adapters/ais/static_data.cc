// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/static_data.h"

#include <algorithm>

namespace entente::ais {

void StaticMemory::Learn(const v1::Identity& identity) {
  const std::uint32_t mmsi = identity.transponder_ids().mmsi();
  if (!ships_.contains(mmsi) && ships_.size() == kMaxShips) ships_.erase(ships_.begin());
  Ship& ship = ships_[mmsi];
  if (identity.has_name()) ship.name = identity.name();
  if (identity.transponder_ids().has_radio_callsign()) ship.radio_callsign = identity.transponder_ids().radio_callsign();
  if (identity.transponder_ids().has_imo()) ship.imo = identity.transponder_ids().imo();
  if (identity.classification().has_ais_ship_type()) ship.ship_type = identity.classification().ais_ship_type();
}

void StaticMemory::Complete(adapter::DecodedMessage& message) const {
  v1::Track& track = *message.envelope.mutable_track();
  const auto found = ships_.find(track.transponder_ids().mmsi());
  if (found == ships_.end()) return;
  const Ship& ship = found->second;
  if (!track.has_callsign() && !ship.name.empty()) {
    track.set_callsign(ship.name);
    message.ledger.Kept(v1::FIELD_CALLSIGN);
  }
  if (!track.classification().has_ais_ship_type() && ship.ship_type != 0) {
    track.mutable_classification()->set_ais_ship_type(ship.ship_type);
    message.ledger.Kept(v1::FIELD_PLATFORM_TYPE);
  }
  if (!ship.radio_callsign.empty()) track.mutable_transponder_ids()->set_radio_callsign(ship.radio_callsign);
  if (ship.imo != 0) track.mutable_transponder_ids()->set_imo(ship.imo);
}

std::optional<HalfIdentities::Half> HalfIdentities::Hold(std::uint32_t mmsi, Half part_a) {
  std::optional<Half> displaced = TakeFor(mmsi);
  if (!displaced && halves_.size() == kMaxHalves) displaced = Take(Oldest());
  halves_.emplace(mmsi, std::move(part_a));
  return displaced;
}

std::optional<HalfIdentities::Half> HalfIdentities::TakeFor(std::uint32_t mmsi) {
  const auto found = halves_.find(mmsi);
  return found == halves_.end() ? std::nullopt : std::optional(Take(found));
}

std::optional<HalfIdentities::Half> HalfIdentities::TakeExpired(std::optional<Instant> now) {
  if (halves_.empty()) return std::nullopt;
  const auto oldest = Oldest();
  return !now || oldest->second.since + kTimeout <= *now ? std::optional(Take(oldest)) : std::nullopt;
}

std::optional<Instant> HalfIdentities::NextDeadline() const {
  return halves_.empty() ? std::nullopt : std::optional(Oldest()->second.since + kTimeout);
}

HalfIdentities::Halves::const_iterator HalfIdentities::Oldest() const {
  return std::ranges::min_element(halves_, {}, [](const auto& entry) { return entry.second.since; });
}

HalfIdentities::Half HalfIdentities::Take(Halves::const_iterator half) {
  return std::move(halves_.extract(half).mapped());
}

adapter::DecodedMessage Join(const adapter::DecodedMessage& part_a, adapter::DecodedMessage part_b) {
  v1::Identity& identity = *part_b.envelope.mutable_identity();
  if (part_a.envelope.identity().has_name()) {
    identity.set_name(part_a.envelope.identity().name());
    part_b.ledger.Kept(v1::FIELD_CALLSIGN);
  }
  for (const v1::FieldNote& note : part_a.envelope.field_notes()) *part_b.envelope.add_field_notes() = note;
  if (part_a.envelope.extensions_size() == 1 && part_b.envelope.extensions_size() == 1) {
    std::string& content = *part_b.envelope.mutable_extensions(0)->mutable_content();
    content = part_a.envelope.extensions(0).content() + '\n' + content;
  }
  part_b.findings.insert(part_b.findings.begin(), part_a.findings.begin(), part_a.findings.end());
  return part_b;
}

}  // namespace entente::ais
