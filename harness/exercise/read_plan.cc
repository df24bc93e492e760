// SPDX-License-Identifier: Apache-2.0

// Injects, faults and expectations.

#include "harness/exercise/quantity.h"
#include "harness/exercise/read_sections.h"

namespace entente::harness {
namespace {

void ReadChat(const Section& inject, v1::Inject& plan) {
  auto* chat = plan.mutable_chat();
  const Section section = inject.Sub("chat");
  chat->set_room(section.Text("room"));
  for (const std::string& node : section.Texts("to")) chat->add_to(node);
  const std::string text = inject.At("chat").IsScalar() ? inject.Text("chat") : section.Text("text");
  if (!text.empty()) plan.set_text(text);
}

void ReadAlert(const Section& inject, v1::AlertInject& alert) {
  const Section section = inject.Sub("alert");
  alert.set_event(inject.At("alert").IsScalar() ? inject.Word<v1::AlertEvent>("alert") : section.Word<v1::AlertEvent>("event"));
  alert.set_status(section.Word("status", v1::ALERT_STATUS_ACTIVE));
  alert.set_unit(section.Text("unit"));
}

void ReadWeapon(const Section& section, v1::WeaponInject& weapon) {
  weapon.set_phase(section.Word<v1::WeaponPhase>("phase"));
  if (const auto point = ReadRoutePoint(section.At("position"))) {
    *weapon.mutable_position() = point->position();
    weapon.set_altitude_m(point->altitude_m());
  }
  if (section.Has("munition")) *weapon.mutable_munition() = section.Value("munition", &ParseDisEntityType);
  weapon.set_firer_unit(section.Text("firer"));
}

// Away from the node, or towards it: on a backbone link what is on its way to the gateway comes from the broker.
v1::Direction ReadDirection(const Section& fault, v1::LinkKind link) {
  const std::string text = fault.Text("direction");
  if (text == "to-broker" || (text.empty() && fault.Has("damage"))) return v1::DIRECTION_TO_GATEWAY;
  if (text == "to-gateway") return link == v1::LINK_KIND_BACKBONE ? v1::DIRECTION_TO_NODE : v1::DIRECTION_TO_GATEWAY;
  return text == "to-node" ? v1::DIRECTION_TO_NODE : v1::DIRECTION_UNSPECIFIED;
}

v1::Partition ReadPartition(const YAML::Node& groups) {
  v1::Partition partition;
  for (const YAML::Node& group : groups) {
    v1::PartitionGroup& members = *partition.add_groups();
    for (const std::string& member : TextsOf(group)) members.add_members(member);
  }
  return partition;
}

v1::MessageFault ReadMessageFault(const Section& section) {
  v1::MessageFault fault;
  for (const auto family : section.Words<v1::Family>("families")) fault.add_families(family);
  for (const std::string& from : section.Texts("from")) fault.add_from(from);
  for (const auto precedence : section.Words<v1::Precedence>("precedence")) fault.add_precedences(precedence);
  for (const std::string& protocol : section.Texts("protocols")) fault.add_protocols(protocol);
  for (const std::string& classification : section.Texts("classifications")) fault.add_classifications(classification);
  for (const std::string& nation : section.Texts("releasable-to")) fault.add_releasable_to(nation);
  *fault.mutable_impairments() = ReadImpairments(section.At("impairments"));
  return fault;
}

}  // namespace

v1::Inject ReadInject(const std::string& id, const Section& inject, const std::string& policy) {
  v1::Inject plan;
  plan.set_id(id);
  plan.set_at_ns(inject.Value("at", &ParseDuration).count());
  plan.set_node(inject.Text("node"));
  plan.set_text(inject.Text("text"));
  plan.set_precedence(inject.Word("precedence", v1::PRECEDENCE_ROUTINE));
  if (inject.Has("label")) *plan.mutable_label() = ReadLabel(inject.At("label"), policy);
  if (inject.Has("chat")) ReadChat(inject, plan);
  if (inject.Has("alert")) ReadAlert(inject, *plan.mutable_alert());
  if (inject.Has("weapon")) ReadWeapon(inject.Sub("weapon"), *plan.mutable_weapon());
  if (inject.Has("control")) plan.mutable_control()->set_action(inject.Word<v1::ControlAction>("control"));
  return plan;
}

v1::FaultPlan ReadFault(const std::string& id, const Section& fault) {
  v1::FaultPlan plan;
  plan.set_id(id);
  plan.set_at_ns(fault.Value("at", &ParseDuration).count());
  plan.set_lease_ns(fault.Value("for", &ParseDuration).count());
  plan.set_node(fault.Text("node"));
  plan.set_link(fault.Word<v1::LinkKind>("link"));
  plan.set_direction(ReadDirection(fault, plan.link()));
  if (fault.Has("outage")) plan.mutable_outage()->set_refuse(fault.Text("outage") == "refuse");
  if (fault.Has("conditions")) *plan.mutable_conditions() = ReadConditions(fault.At("conditions"));
  if (fault.Has("impairments")) *plan.mutable_impairments()->mutable_impairments() = ReadImpairments(fault.At("impairments"));
  if (fault.Has("partition")) *plan.mutable_partition() = ReadPartition(fault.At("partition"));
  if (fault.Has("messages")) *plan.mutable_messages() = ReadMessageFault(fault.Sub("messages"));
  if (fault.Has("damage")) {
    const Section damage = fault.Sub("damage");
    plan.mutable_damage()->set_share(damage.Value("share", &ParseShare));
    for (const std::string& rule : damage.Texts("rules")) plan.mutable_damage()->add_rules(rule);
  }
  return plan;
}

v1::Expectation ReadExpectation(const std::string& id, const Section& expectation) {
  v1::Expectation plan;
  plan.set_id(id);
  for (const std::string& from : expectation.Texts("from")) plan.add_from(from);
  for (const std::string& to : expectation.Texts("to")) plan.add_to(to);
  for (const auto family : expectation.Words<v1::Family>("families")) plan.add_families(family);
  plan.set_precedence(expectation.Word<v1::Precedence>("precedence"));
  if (expectation.Has("delivery")) {
    const Section delivery = expectation.Sub("delivery");
    plan.mutable_delivery()->set_at_least(delivery.Value("at-least", &ParseShare));
    plan.mutable_delivery()->set_within_ns(delivery.Value("within", &ParseDuration).count());
  }
  if (expectation.Has("latency")) {
    const Section latency = expectation.Sub("latency");
    plan.mutable_latency()->set_percentile(latency.Value("percentile", &ParseNumber));
    plan.mutable_latency()->set_at_most_ns(latency.Value("at-most", &ParseDuration).count());
  }
  if (expectation.Has("recovery")) {
    const Section recovery = expectation.Sub("recovery");
    plan.mutable_recovery()->set_fault(recovery.Text("after"));
    plan.mutable_recovery()->set_within_ns(recovery.Value("within", &ParseDuration).count());
  }
  if (expectation.Has("no-leak")) plan.mutable_no_leak();
  if (expectation.Has("survival")) {
    plan.mutable_survival()->set_within_ns(expectation.Sub("survival").Value("within", &ParseDuration).count());
  }
  if (expectation.Has("fidelity")) {
    auto* fidelity = plan.mutable_fidelity();
    for (const auto field : expectation.Words<v1::Field>("fidelity")) fidelity->add_fields(field);
  }
  if (expectation.Has("silence")) plan.mutable_silence();
  return plan;
}

}  // namespace entente::harness
