// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/publisher.h"

#include "base/limits.h"

namespace entente::gateway {
namespace {

std::size_t LaneOf(const Candidate& candidate) {
  return static_cast<std::size_t>(candidate.envelope.id().precedence());
}

// Held for it beside its envelope: what its MessageIngested will say, about.
std::size_t RecordOctetsOf(const Candidate& candidate) {
  constexpr std::size_t kHashOctets = 18;
  constexpr std::size_t kLedgerOctets = 8;
  constexpr std::size_t kFindingOctets = 128;
  return candidate.unit_hashes.size() * kHashOctets + candidate.ledger.entries().size() * kLedgerOctets +
         candidate.findings.size() * kFindingOctets;
}

SharedBytes Serialise(const v1::Envelope& envelope) {
  Bytes octets(envelope.ByteSizeLong());
  envelope.SerializeWithCachedSizesToArray(octets.data());
  return Share(std::move(octets));
}

}  // namespace

void Publisher::Offer(Candidate candidate, Now now) {
  const std::size_t envelope_octets = candidate.envelope.ByteSizeLong();
  const std::size_t cost = envelope_octets + RecordOctetsOf(candidate);
  if (envelope_octets > limits::kEnvelopeOctets) {
    Refuse(candidate, "envelope larger than " + std::to_string(limits::kEnvelopeOctets) + " octets", now);
    return;
  }
  const std::size_t lane = LaneOf(candidate);
  lanes_[lane].push_back({std::move(candidate), cost, nullptr});
  held_octets_ += cost;
  ++held_;
  if (!blocked_at_ || lane > *blocked_at_) Drain(now);
  Trim(now);
}

void Publisher::OnBusReady(Now now) {
  blocked_at_.reset();
  Drain(now);
}

void Publisher::GiveUp(std::string_view reason, Now now) {
  for (Lane& lane : lanes_) {
    for (const Held& held : lane) Refuse(held.candidate, reason, now);
    lane.clear();
  }
  held_octets_ = 0;
  held_ = 0;
}

void Publisher::Refuse(const Candidate& candidate, std::string_view reason, Now now) const {
  v1::RecordEvent event;
  v1::MessageRefused& refused = *event.mutable_message_refused();
  *refused.mutable_id() = candidate.envelope.id();
  refused.set_node(candidate.envelope.id().origin());
  refused.set_reason(std::string(reason));
  shared_.Record(std::move(event), now);
}

void Publisher::Drain(Now now) {
  for (std::size_t lane = kLanes; lane-- > 0;) {
    while (!lanes_[lane].empty()) {
      Held& held = lanes_[lane].front();
      if (!Publish(held, now)) {
        blocked_at_ = lane;
        return;
      }
      held_octets_ -= held.cost;
      --held_;
      lanes_[lane].pop_front();
    }
  }
}

bool Publisher::Publish(Held& held, Now now) {
  if (!held.octets) Number(held, now);
  return bus_.Publish(held.candidate.envelope.id(), held.octets);
}

void Publisher::Number(Held& held, Now now) {
  v1::MessageId& id = *held.candidate.envelope.mutable_id();
  id.set_sequence(++sequences_[static_cast<std::size_t>(id.precedence())]);
  held.octets = Serialise(held.candidate.envelope);
  const Candidate& candidate = held.candidate;
  v1::MessageIngested& ingested = *ingested_.mutable_message_ingested();
  ingested.Clear();
  *ingested.mutable_id() = id;
  ingested.set_node(id.origin());
  ingested.set_family(candidate.envelope.family());
  for (const std::string& hash : candidate.unit_hashes) ingested.add_unit_hashes(hash);
  for (const adapter::Finding& finding : candidate.findings) *ingested.add_findings() = adapter::ToProto(finding);
  adapter::ToProto(candidate.ledger, *ingested.mutable_ledger());
  shared_.Record(ingested_, now);
}

void Publisher::Trim(Now now) {
  for (Lane& lane : lanes_) {
    while (held_octets_ > held_octets_limit_ && !lane.empty() && !lane.back().octets) {
      Refuse(lane.back().candidate, "bus full", now);
      held_octets_ -= lane.back().cost;
      --held_;
      lane.pop_back();
    }
  }
}

}  // namespace entente::gateway
