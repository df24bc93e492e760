// SPDX-License-Identifier: Apache-2.0
#include "broker/record/projector.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "proto/message_id.h"
#include "proto/routed_span.h"
#include "proto/value_name.h"

namespace entente::record {
namespace {

// Messages in one routing decision; more can only be damage, and is cut here.
constexpr std::uint64_t kRunLimit = 1'000'000;

std::string Hex(std::string_view octets) {
  return ToHex(AsBytes(octets));
}

template <typename Repeated>
Hashes HexOf(const Repeated& octets) {
  Hashes hashes;
  for (const std::string& hash : octets) hashes.push_back(Hex(hash));
  return hashes;
}

// "EXERCISE RESTRICTED; Releasable To: DEU, FRA"; empty: no label.
std::string Text(const v1::Label& label) {
  std::string text = label.policy().empty() ? label.classification() : label.policy() + ' ' + label.classification();
  for (const v1::LabelCategory& category : label.categories()) {
    text += fmt::format("; {}: {}", category.tag(), fmt::join(category.values(), ", "));
  }
  return text;
}

std::optional<std::int64_t> UnlessZero(std::int64_t ns) {
  return ns == 0 ? std::nullopt : std::optional(ns);
}

}  // namespace

void Projector::Apply(const v1::RecordEvent& event) {
  at_ns_ = event.utc_ns();
  switch (event.event_case()) {
    case v1::RecordEvent::kRunStarted:
      return Put(event.run_started());
    case v1::RecordEvent::kExerciseStateChanged:
      return Put(event.exercise_state_changed());
    case v1::RecordEvent::kNodeStateChanged:
      return Put(event.node_state_changed());
    case v1::RecordEvent::kCommandGiven:
      return Put(event.command_given());
    case v1::RecordEvent::kInjectFired:
      return Put(event.inject_fired());
    case v1::RecordEvent::kProcessFault:
      return Put(event.process_fault());
    case v1::RecordEvent::kRunEnded:
      return Put(event.run_ended());
    case v1::RecordEvent::kMessageComposed:
      return Put(event.message_composed());
    case v1::RecordEvent::kMessageUnderstood:
      return Put(event.message_understood());
    case v1::RecordEvent::kUnitRefused:
      return Put(event.unit_refused());
    case v1::RecordEvent::kUnitReceived:
      return Put(event.unit_received());
    case v1::RecordEvent::kMessageIngested:
      return Put(event.message_ingested());
    case v1::RecordEvent::kMessageEgressed:
      return Put(event.message_egressed());
    case v1::RecordEvent::kIdentityAssigned:
      return Put(event.identity_assigned());
    case v1::RecordEvent::kMessageAccepted:
      return Put(event.message_accepted());
    case v1::RecordEvent::kMessageRefused:
      return Put(event.message_refused());
    case v1::RecordEvent::kMessageRouted:
      return Put(event.message_routed());
    case v1::RecordEvent::kSpanRouted:
      return Put(event.span_routed());
    case v1::RecordEvent::kDeliveryAcknowledged:
      return Put(event.delivery_acknowledged());
    case v1::RecordEvent::kMessageDropped:
      return Put(event.message_dropped());
    case v1::RecordEvent::kNodeAttached:
      return Put(event.node_attached());
    case v1::RecordEvent::kNodeDetached:
      return Put(event.node_detached());
    case v1::RecordEvent::kPeerRefused:
      return Put(event.peer_refused());
    case v1::RecordEvent::kBrokerStarted:
      return Put(event.broker_started());
    case v1::RecordEvent::kClockEstimated:
      return Put(event.clock_estimated());
    case v1::RecordEvent::kFaultStarted:
      return Put(event.fault_started());
    case v1::RecordEvent::kFaultEnded:
      return Put(event.fault_ended());
    case v1::RecordEvent::kLinkDecision:
      return Put(event.link_decision());
    case v1::RecordEvent::kUnitDamaged:
      return Put(event.unit_damaged());
    case v1::RecordEvent::kMessageImpaired:
      return Put(event.message_impaired());
    case v1::RecordEvent::kLinkProbed:
      return Put(event.link_probed());
    case v1::RecordEvent::EVENT_NOT_SET:
      return;
  }
}

void Projector::Put(const v1::RunStarted& event) {
  database_.Run("INSERT INTO run(exercise, seed, version, simulated, started_ns, file_sha256) VALUES(?, ?, ?, ?, ?, ?)",
                event.exercise(), std::to_string(event.seed()), event.version(), event.simulated(), at_ns_,
                Hex(event.exercise_file_sha256()));
}

void Projector::Put(const v1::RunEnded& event) {
  database_.Run("UPDATE run SET ended_ns = ?, end_reason = ? WHERE ended_ns IS NULL", at_ns_, event.reason());
}

void Projector::Put(const v1::ExerciseStateChanged& event) {
  database_.Run("INSERT INTO exercise_states VALUES(?, ?, ?)", at_ns_, ValueName(event.state()), event.reason());
}

void Projector::Put(const v1::NodeStateChanged& event) {
  database_.Run("INSERT INTO node_states VALUES(?, ?, ?, ?, ?, ?, ?)", at_ns_, event.node(), ValueName(event.state()),
                event.reason(), ValueName(event.side()), event.endpoint(), event.form());
}

void Projector::Put(const v1::CommandGiven& event) {
  database_.Run("INSERT INTO commands VALUES(?, ?, ?, ?, ?, ?)", at_ns_, event.identity(), event.peer(), event.command(),
                event.text(), event.refused());
}

void Projector::Put(const v1::InjectFired& event) {
  database_.Run("INSERT INTO injects VALUES(?, ?, ?, ?)", at_ns_, event.inject(), event.node(), event.text());
}

void Projector::Put(const v1::ProcessFault& event) {
  database_.Run("INSERT INTO process_faults VALUES(?, ?, ?)", at_ns_, event.component(), event.text());
}

void Projector::Put(const v1::MessageComposed& event) {
  const v1::Envelope& truth = event.truth();
  const v1::Family family = truth.family() == v1::FAMILY_UNSPECIFIED ? FamilyOf(truth) : truth.family();
  database_.Run(
      "INSERT INTO composed(at_ns, node, family, object, precedence, label, outcome, reason) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
      at_ns_, event.node(), FamilyName(family), truth.object_id(), PrecedenceName(truth.id().precedence()), Text(truth.label()),
      ValueName(event.outcome()), event.reason());
  const std::int64_t composed = database_.last_row();
  relations_.Composed(composed, event.node(), HexOf(event.unit_hashes()));
  PutLedger(event.ledger(), "composed", event.node(), {}, composed);
}

void Projector::Put(const v1::MessageUnderstood& event) {
  const v1::Envelope& envelope = event.understood();
  database_.Run("INSERT INTO understood(at_ns, node, family, object, evidence) VALUES(?, ?, ?, ?, ?)", at_ns_, event.node(),
                FamilyName(FamilyOf(envelope)), envelope.object_id(), event.evidence());
  const std::int64_t understood = database_.last_row();
  PutFindings(event.findings(), "node", event.node(), {}, understood);
  if (!event.unit_hashes().empty() || envelope.id().sequence() == 0) {
    return relations_.Understood(understood, event.node(), HexOf(event.unit_hashes()));
  }
  // An observation that names the message itself.
  const std::string message = MessageRow(envelope.id());
  DeliveryRow(message, event.node());
  database_.Run("UPDATE understood SET message = ? WHERE id = ?", message, understood);
  database_.Run(
      "UPDATE deliveries SET understood_ns = coalesce(understood_ns, ?), evidence = coalesce(evidence, ?) "
      "WHERE message = ? AND node = ?",
      at_ns_, event.evidence(), message, event.node());
}

void Projector::Put(const v1::UnitRefused& event) {
  const bool by_gateway = event.side() != v1::SIDE_NODE;
  const v1::Refusal& refusal = event.refusal();
  const std::string hash = Hex(event.unit_hash());
  database_.Run(
      "INSERT INTO units(at_ns, node, direction, side, number, hash, octets, code, octet, field, clause, text) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      at_ns_, event.node(), by_gateway ? "to gateway" : "to node", ValueName(event.side()), static_cast<std::int64_t>(event.unit()),
      hash, Blob{event.octets()}, refusal.code(), static_cast<std::int64_t>(refusal.offset()), refusal.field(), refusal.clause(),
      refusal.text());
  const std::int64_t unit = database_.last_row();
  if (by_gateway) {
    relations_.RefusedByGateway(unit, event.node(), hash);
  } else {
    relations_.RefusedByNode(unit, event.node(), hash);
  }
}

void Projector::Put(const v1::UnitReceived& event) {
  database_.Run(
      "INSERT INTO units(at_ns, node, direction, side, number, hash, octets, role, native_type) "
      "VALUES(?, ?, 'to gateway', 'gateway', ?, ?, ?, ?, ?)",
      at_ns_, event.node(), static_cast<std::int64_t>(event.unit()), Hex(event.unit_hash()), Blob{event.octets()},
      ValueName(event.role()), event.native_type());
}

void Projector::Put(const v1::MessageIngested& event) {
  const std::string message = MessageRow(event.id());
  database_.Run("UPDATE messages SET ingested_ns = ?, family = coalesce(family, ?) WHERE id = ?", at_ns_,
                FamilyName(event.family()), message);
  relations_.Ingested(message, event.node(), HexOf(event.unit_hashes()));
  PutFindings(event.findings(), "gateway", event.node(), message, {});
  PutLedger(event.ledger(), "ingested", event.node(), message, {});
}

void Projector::Put(const v1::MessageEgressed& event) {
  const std::string message = MessageRow(event.id());
  DeliveryRow(message, event.node());
  database_.Run(
      "UPDATE deliveries SET egressed_ns = ?, outcome = ?, reason = ?, form = ?, first_unit = ? WHERE message = ? AND node = ?",
      at_ns_, ValueName(event.outcome()), event.reason(), event.form(), static_cast<std::int64_t>(event.first_unit()), message,
      event.node());
  const std::vector<std::string> octets(event.octets().begin(), event.octets().end());
  relations_.Egressed(message, event.node(), HexOf(event.unit_hashes()), octets);
  PutLedger(event.ledger(), "egressed", event.node(), message, {});
}

void Projector::Put(const v1::IdentityAssigned& event) {
  database_.Run("INSERT INTO identities VALUES(?, ?, ?, ?, ?)", at_ns_, event.object_id(), event.native().scheme(),
                event.native().value(), event.collision());
}

void Projector::Put(const v1::MessageAccepted& event) {
  const std::string message = MessageRow(event.id());
  v1::Envelope envelope;
  if (!envelope.ParseFromString(event.envelope())) envelope.Clear();
  const v1::Family family = envelope.family() == v1::FAMILY_UNSPECIFIED ? FamilyOf(envelope) : envelope.family();
  database_.Run(
      "UPDATE messages SET accepted_ns = ?, family = coalesce(nullif(?, 'unspecified'), family), object = ?, label = ?, stale_ns = "
      "? "
      "WHERE id = ?",
      at_ns_, FamilyName(family), envelope.object_id(), Text(envelope.label()), UnlessZero(envelope.stale_at_ns()), message);
}

void Projector::Put(const v1::MessageRefused& event) {
  database_.Run("UPDATE messages SET refused_ns = ?, refusal = ? WHERE id = ?", at_ns_, event.reason(), MessageRow(event.id()));
}

void Projector::Put(const v1::MessageRouted& event) {
  v1::MessageId id = event.first();
  for (std::uint64_t i = 0; i < std::min(event.count(), kRunLimit); ++i, id.set_sequence(id.sequence() + 1)) {
    const std::string message = MessageRow(id);
    database_.Run("UPDATE messages SET routed_ns = ? WHERE id = ?", at_ns_, message);
    for (const v1::RouteDecision& decision : event.decisions()) {
      DeliveryRow(message, decision.node());
      const std::optional<std::int64_t> delivery = UnlessZero(static_cast<std::int64_t>(decision.first_delivery()));
      database_.Run("UPDATE deliveries SET released = ?, withheld = ?, delivery = ? WHERE message = ? AND node = ?",
                    decision.released(), decision.released() ? std::nullopt : std::optional<std::string_view>(decision.reason()),
                    delivery ? std::optional(*delivery + static_cast<std::int64_t>(i)) : std::nullopt, message, decision.node());
    }
  }
}

// One that is damaged counts up to where it is.
void Projector::Put(const v1::SpanRouted& event) {
  static_cast<void>(ForEachRun(event, [this](const v1::MessageRouted& run) { Put(run); }));
}

void Projector::Put(const v1::DeliveryAcknowledged& event) {
  database_.Run("INSERT INTO acknowledgements VALUES(?, ?, ?, ?)", at_ns_, event.node(), PrecedenceName(event.precedence()),
                static_cast<std::int64_t>(event.delivery()));
}

void Projector::Put(const v1::MessageDropped& event) {
  const std::string message = MessageRow(event.id());
  DeliveryRow(message, event.node());
  database_.Run("UPDATE deliveries SET dropped_ns = ?, dropped = ? WHERE message = ? AND node = ?", at_ns_, event.reason(), message,
                event.node());
}

void Projector::Put(const v1::NodeAttached& event) {
  database_.Run("INSERT INTO attachments VALUES(?, ?, 1, ?, ?, '', ?, ?, ?)", at_ns_, event.node(),
                fmt::format("{:x}", event.incarnation()), event.resumed(), event.broker(), event.identity(), event.peer());
}

void Projector::Put(const v1::NodeDetached& event) {
  database_.Run("INSERT INTO attachments VALUES(?, ?, 0, NULL, NULL, ?, ?, NULL, NULL)", at_ns_, event.node(), event.reason(),
                event.broker());
}

void Projector::Put(const v1::PeerRefused& event) {
  database_.Run("INSERT INTO refused_peers VALUES(?, ?, ?, ?, ?)", at_ns_, event.peer(), event.identity(), event.node(),
                event.reason());
}

void Projector::Put(const v1::BrokerStarted& event) {
  database_.Run("INSERT INTO brokers VALUES(?, ?, ?)", at_ns_, event.broker(), event.resumed());
}

void Projector::Put(const v1::ClockEstimated& event) {
  database_.Run("INSERT INTO clocks VALUES(?, ?, ?, ?)", at_ns_, event.node(), event.offset_ns(), event.error_ns());
}

void Projector::Put(const v1::FaultStarted& event) {
  database_.Run("INSERT INTO faults(fault, target, kind, parameters, started_ns, lease_ends_ns) VALUES(?, ?, ?, ?, ?, ?)",
                event.fault(), event.target(), event.kind(), event.parameters(), at_ns_, UnlessZero(event.lease_ends_ns()));
}

void Projector::Put(const v1::FaultEnded& event) {
  database_.Run("UPDATE faults SET ended_ns = ?, end_reason = ?, probe = ? WHERE fault = ? AND ended_ns IS NULL", at_ns_,
                event.reason(), event.probe(), event.fault());
}

void Projector::Put(const v1::LinkDecision& event) {
  database_.Run("INSERT INTO link_decisions VALUES(?, ?, ?, ?, ?, ?, ?, ?)", at_ns_, event.link(), ValueName(event.direction()),
                event.rule(), static_cast<std::int64_t>(event.unit()), event.decision(), event.delay_ns(),
                static_cast<std::int64_t>(event.octets()));
}

void Projector::Put(const v1::LinkProbed& event) {
  database_.Run("INSERT INTO link_probes VALUES(?, ?, ?, ?, ?, ?, ?)", at_ns_, event.link(), event.fault(), event.restored(),
                event.found(), UnlessZero(event.round_trip_ns()), UnlessZero(event.expected_ns()));
}

void Projector::Put(const v1::MessageImpaired& event) {
  database_.Run("INSERT INTO message_impairments VALUES(?, ?, ?, ?, ?, ?, ?, ?)", at_ns_, event.node(),
                ValueName(event.direction()), ToText(event.id()), event.rule(), static_cast<std::int64_t>(event.unit()),
                event.decision(), event.delay_ns());
}

void Projector::Put(const v1::UnitDamaged& event) {
  const std::string hash = Hex(event.unit_hash());
  const std::string damaged_hash = Hex(event.damaged_hash());
  database_.Run(
      "INSERT INTO damages(at_ns, node, direction, rule, clause, hash, damaged_hash, octets, fault, expected) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      at_ns_, event.node(), ValueName(event.direction()), event.rule(), event.clause(), hash, damaged_hash, Blob{event.octets()},
      event.fault(), event.expected());
  relations_.Damaged(database_.last_row(), event.direction() != v1::DIRECTION_TO_NODE, event.node(), hash, damaged_hash);
}

std::string Projector::MessageRow(const v1::MessageId& id) {
  std::string text = ToText(id);
  database_.Run("INSERT INTO messages(id, origin, precedence, sequence) VALUES(?, ?, ?, ?) ON CONFLICT DO NOTHING", text,
                id.origin(), PrecedenceName(id.precedence()), static_cast<std::int64_t>(id.sequence()));
  return text;
}

void Projector::DeliveryRow(const std::string& message, const std::string& node) {
  database_.Run("INSERT INTO deliveries(message, node) VALUES(?, ?) ON CONFLICT DO NOTHING", message, node);
}

// What was kept needs no row.
template <typename Ledger>
void Projector::PutLedger(const Ledger& ledger, const char* step, const std::string& node, std::optional<std::string_view> message,
                          std::optional<std::int64_t> composed) {
  for (const v1::LedgerEntry& entry : ledger) {
    if (entry.outcome() == v1::LEDGER_OUTCOME_KEPT) continue;
    database_.Run("INSERT INTO ledger VALUES(?, ?, ?, ?, ?, ?, ?, ?)", step, node, message, composed, ValueName(entry.field()),
                  ValueName(entry.outcome()), entry.error(), entry.rule());
  }
}

template <typename Findings>
void Projector::PutFindings(const Findings& findings, const char* side, const std::string& node,
                            std::optional<std::string_view> message, std::optional<std::int64_t> understood) {
  for (const v1::Finding& finding : findings) {
    database_.Run("INSERT INTO findings VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", at_ns_, node, side, message, understood,
                  ValueName(finding.severity()), static_cast<std::int64_t>(finding.offset()), finding.field(), finding.clause(),
                  finding.text());
  }
}

}  // namespace entente::record
