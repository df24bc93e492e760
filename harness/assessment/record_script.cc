// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/record_script.h"

#include <array>

#include "base/digest.h"
#include "base/node_id.h"
#include "proto/message_id.h"

namespace entente::harness {
namespace {

using adapter::Carriage;

constexpr std::int64_t kStartNs = 1'780'000'000'000'000'000;
constexpr std::int64_t kMillisecondNs = 1'000'000;

constexpr std::array kWideTrack = {
    adapter::FieldCapability{.field = v1::FIELD_CALLSIGN, .carriage = Carriage::kFull},
    adapter::FieldCapability{.field = v1::FIELD_POSITION, .carriage = Carriage::kFull},
    adapter::FieldCapability{.field = v1::FIELD_SPEED, .carriage = Carriage::kFull},
    adapter::FieldCapability{.field = v1::FIELD_STANDARD_IDENTITY, .carriage = Carriage::kFull},
    adapter::FieldCapability{.field = v1::FIELD_CLASSIFICATION, .carriage = Carriage::kFull},
};
constexpr std::array kNarrowTrack = {
    adapter::FieldCapability{.field = v1::FIELD_POSITION, .carriage = Carriage::kQuantised, .resolution = 10},
    adapter::FieldCapability{.field = v1::FIELD_SPEED, .carriage = Carriage::kFull},
    adapter::FieldCapability{.field = v1::FIELD_STANDARD_IDENTITY, .carriage = Carriage::kLimited},
};
constexpr std::array kWideFamilies = {
    adapter::FamilyCapability{.family = v1::FAMILY_TRACK, .decodes = true, .encodes = true, .fields = kWideTrack},
    adapter::FamilyCapability{.family = v1::FAMILY_CHAT, .decodes = true, .encodes = true, .fields = {}},
};
constexpr std::array kNarrowFamilies = {
    adapter::FamilyCapability{.family = v1::FAMILY_TRACK, .decodes = true, .encodes = true, .fields = kNarrowTrack},
};
constexpr adapter::Form kWide{.name = "xml", .description = "", .capability = {kWideFamilies, true}};
constexpr adapter::Form kNarrow{.name = "bin", .description = "", .capability = {kNarrowFamilies, false}};

}  // namespace

const adapter::Form* ScriptedForm(std::string_view protocol, std::string_view form) {
  const adapter::Form* found = protocol == "wide" ? &kWide : protocol == "narrow" ? &kNarrow : nullptr;
  return found != nullptr && (form.empty() || form == found->name) ? found : nullptr;
}

std::string RecordScript::DamagedHash(const Said& said) {
  return UnitHash(AsBytes(said.hash + "damaged"));
}

std::string RecordScript::EgressHash(const Said& said, std::string_view to) {
  return UnitHash(AsBytes(said.hash + std::string(to)));
}

RecordScript::RecordScript() : now_ns_(kStartNs) {
  plan_.set_version(1);
  plan_.set_name("scripted");
  v1::ExercisePolicy& policy = *plan_.mutable_policy();
  policy.set_name("EXERCISE");
  policy.add_classifications("UNCLASSIFIED");
  policy.add_classifications("RESTRICTED");
  policy.add_classifications("SECRET");
  policy.set_unlabelled_egress_up_to("RESTRICTED");
}

v1::NodePlan& RecordScript::Node(std::string_view node, std::string_view protocol) {
  v1::NodePlan& plan = *plan_.add_nodes();
  plan.set_node(std::string(node));
  plan.set_protocol(std::string(protocol));
  v1::NationPolicy& nation = *plan_.mutable_policy()->add_nations();
  nation.set_nation(std::string(NationOf(node)));
  nation.set_clearance("RESTRICTED");
  return plan;
}

v1::Expectation& RecordScript::Expect(std::string_view id) {
  v1::Expectation& expectation = *plan_.add_expectations();
  expectation.set_id(std::string(id));
  return expectation;
}

v1::Expectation& RecordScript::ExpectDelivery(double at_least, std::int64_t within_ms) {
  v1::Expectation& expectation = Expect("arrives");
  expectation.mutable_delivery()->set_at_least(at_least);
  expectation.mutable_delivery()->set_within_ns(within_ms * kMillisecondNs);
  return expectation;
}

v1::RecordEvent& RecordScript::Add() {
  v1::RecordEvent& event = events_.emplace_back();
  event.set_utc_ns(now_ns_);
  return event;
}

RecordScript& RecordScript::Begin() {
  v1::RunStarted& started = *Add().mutable_run_started();
  started.set_exercise(plan_.name());
  started.set_seed(7);
  started.set_version("0.1.0");
  started.set_simulated(true);
  started.set_plan(plan_.SerializeAsString());
  for (const v1::NodePlan& node : plan_.nodes()) {
    NodeState(node.node(), v1::NODE_STATE_ACTIVE);
    Add().mutable_node_attached()->set_node(node.node());
  }
  State(v1::EXERCISE_STATE_RUNNING);
  return *this;
}

RecordScript& RecordScript::At(std::int64_t ms) {
  now_ns_ = kStartNs + ms * kMillisecondNs;
  return *this;
}

RecordScript::Said RecordScript::Track(std::string_view from) {
  Said said;
  said.from = from;
  said.hash = UnitHash(AsBytes("unit " + std::to_string(++said_)));
  said.id.set_origin(said.from);
  said.id.set_incarnation(1);
  said.id.set_precedence(v1::PRECEDENCE_ROUTINE);
  said.id.set_sequence(said_);
  v1::Track& track = *said.truth.mutable_track();
  said.truth.mutable_id()->set_precedence(v1::PRECEDENCE_ROUTINE);
  track.set_callsign("EAGLE 1");
  track.mutable_position()->set_latitude_deg(50.5);
  track.mutable_position()->set_longitude_deg(7.25);
  track.set_speed_mps(12);
  track.mutable_classification()->set_standard_identity(v1::STANDARD_IDENTITY_FRIEND);
  v1::Label& label = *said.truth.mutable_label();
  label.set_policy("EXERCISE");
  label.set_classification("RESTRICTED");
  v1::LabelCategory& category = *label.add_categories();
  category.set_tag("Releasable To");
  category.set_type(v1::CATEGORY_TYPE_PERMISSIVE);
  for (const v1::NationPolicy& nation : plan_.policy().nations()) category.add_values(nation.nation());
  return said;
}

void RecordScript::Composed(const Said& said, v1::SendOutcome outcome, std::string_view reason) {
  v1::MessageComposed& composed = *Add().mutable_message_composed();
  composed.set_node(said.from);
  *composed.mutable_truth() = said.truth;
  composed.set_outcome(outcome);
  composed.set_reason(std::string(reason));
  if (outcome == v1::SEND_OUTCOME_SENT) composed.add_unit_hashes(said.hash);
}

void RecordScript::Received(const Said& said, v1::UnitRole role) {
  v1::UnitReceived& received = *Add().mutable_unit_received();
  received.set_node(said.from);
  received.set_unit_hash(said.hash);
  received.set_role(role);
}

void RecordScript::Ingested(const Said& said) {
  v1::MessageIngested& ingested = *Add().mutable_message_ingested();
  *ingested.mutable_id() = said.id;
  ingested.set_node(said.from);
  ingested.add_unit_hashes(said.hash);
  ingested.set_family(FamilyOf(said.truth));
}

void RecordScript::Accepted(const Said& said) {
  v1::MessageAccepted& accepted = *Add().mutable_message_accepted();
  *accepted.mutable_id() = said.id;
  accepted.set_envelope(said.truth.SerializeAsString());
}

void RecordScript::Routed(const Said& said, std::initializer_list<std::string_view> to, std::string_view withheld_because) {
  v1::MessageRouted& routed = *Add().mutable_message_routed();
  *routed.mutable_first() = said.id;
  routed.set_count(1);
  for (std::string_view node : to) {
    v1::RouteDecision& decision = *routed.add_decisions();
    decision.set_node(std::string(node));
    decision.set_released(withheld_because.empty());
    decision.set_reason(std::string(withheld_because));
    if (withheld_because.empty()) decision.set_first_delivery(++deliveries_);
  }
}

void RecordScript::Egressed(const Said& said, std::string_view to, v1::SendOutcome outcome, std::string_view reason) {
  v1::MessageEgressed& egressed = *Add().mutable_message_egressed();
  *egressed.mutable_id() = said.id;
  egressed.set_node(std::string(to));
  egressed.set_outcome(outcome);
  egressed.set_reason(std::string(reason));
  if (outcome == v1::SEND_OUTCOME_SENT) egressed.add_unit_hashes(EgressHash(said, to));
}

void RecordScript::Understood(const Said& said, std::string_view to) {
  Understood(said, to, said.truth);
}

void RecordScript::Understood(const Said& said, std::string_view to, const v1::Envelope& understood) {
  v1::MessageUnderstood& event = *Add().mutable_message_understood();
  event.set_node(std::string(to));
  *event.mutable_understood() = understood;
  event.add_unit_hashes(EgressHash(said, to));
  event.set_evidence("decoder");
}

void RecordScript::Dropped(const Said& said, std::string_view to, std::string_view reason) {
  v1::MessageDropped& dropped = *Add().mutable_message_dropped();
  *dropped.mutable_id() = said.id;
  dropped.set_node(std::string(to));
  dropped.set_reason(std::string(reason));
}

void RecordScript::ComeToBroker(const Said& said) {
  Composed(said);
  Received(said);
  Ingested(said);
  Accepted(said);
}

void RecordScript::ComeToNode(const Said& said, std::string_view to) {
  ComeToBroker(said);
  Routed(said, {to});
  Egressed(said, to);
}

RecordScript::Said RecordScript::Deliver(std::string_view from, std::string_view to, std::int64_t latency_ms) {
  Said said = Track(from);
  ComeToNode(said, to);
  now_ns_ += latency_ms * kMillisecondNs;
  Understood(said, to);
  return said;
}

void RecordScript::State(v1::ExerciseState state, std::string_view reason) {
  v1::ExerciseStateChanged& changed = *Add().mutable_exercise_state_changed();
  changed.set_state(state);
  changed.set_reason(std::string(reason));
}

void RecordScript::NodeState(std::string_view node, v1::NodeState state, std::string_view reason) {
  v1::NodeStateChanged& changed = *Add().mutable_node_state_changed();
  changed.set_node(std::string(node));
  changed.set_state(state);
  changed.set_side(v1::SIDE_GATEWAY);
  changed.set_reason(std::string(reason));
}

void RecordScript::LinkLost(std::string_view node, v1::Direction direction) {
  v1::LinkDecision& decision = *Add().mutable_link_decision();
  decision.set_link(std::string(node));
  decision.set_direction(direction);
  decision.set_rule("loss");
  decision.set_decision("lost");
}

void RecordScript::FaultStarted(std::string_view fault, std::string_view kind, std::string_view node) {
  v1::FaultStarted& started = *Add().mutable_fault_started();
  started.set_fault(std::string(fault));
  started.set_kind(std::string(kind));
  started.set_target("link " + std::string(node) + " both");
}

void RecordScript::FaultEnded(std::string_view fault) {
  v1::FaultEnded& ended = *Add().mutable_fault_ended();
  ended.set_fault(std::string(fault));
  ended.set_reason("lease");
}

void RecordScript::Damaged(const Said& said, std::string_view node, v1::Direction direction, std::string_view expected) {
  v1::UnitDamaged& damaged = *Add().mutable_unit_damaged();
  damaged.set_node(std::string(node));
  damaged.set_direction(direction);
  damaged.set_rule("wide.length");
  damaged.set_clause("clause 7");
  damaged.set_expected(std::string(expected));
  const std::string before = direction == v1::DIRECTION_TO_NODE ? EgressHash(said, node) : said.hash;
  damaged.set_unit_hash(before);
  damaged.set_damaged_hash(DamagedHash(said));
}

void RecordScript::Refused(std::string_view node, v1::Side side, std::string_view hash) {
  v1::UnitRefused& refused = *Add().mutable_unit_refused();
  refused.set_node(std::string(node));
  refused.set_side(side);
  refused.set_unit_hash(std::string(hash));
  refused.mutable_refusal()->set_code("framing");
  refused.mutable_refusal()->set_text("length 900 in a datagram of 144 octets");
  refused.mutable_refusal()->set_clause("clause 7");
}

RecordScript& RecordScript::End() {
  State(v1::EXERCISE_STATE_ENDED);
  now_ns_ += 60'000 * kMillisecondNs;
  Add().mutable_run_ended()->set_reason("ENDEX");
  return *this;
}

Fold RecordScript::ToFold() const {
  Fold fold(ScriptedForm);
  for (const v1::RecordEvent& event : events_) fold.Apply(event);
  return fold;
}

Assessment RecordScript::ToAssessment() const {
  return Assess(ToFold());
}

}  // namespace entente::harness
