// SPDX-License-Identifier: Apache-2.0
#include "harness/run/node_setup.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/api/registry.h"

namespace entente::harness {
namespace {

Result<adapter::TransportKind> TransportOf(const v1::NodePlan& plan, const adapter::AdapterInfo& adapter) {
  if (plan.transport().empty()) return adapter.transports.front().kind;
  for (const adapter::TransportOffer& offer : adapter.transports) {
    if (adapter::TransportName(offer.kind) == plan.transport()) return offer.kind;
  }
  return Fail(ErrorCode::kInvalidArgument, fmt::format("protocol {} does not run over \"{}\"", adapter.name, plan.transport()),
              fmt::format("node {}", plan.node()));
}

Result<const adapter::Form*> FormOf(const v1::NodePlan& plan, const adapter::AdapterInfo& adapter, adapter::Carrier carrier) {
  const adapter::Form* form = plan.form().empty() ? adapter.DefaultForm(carrier) : adapter.FindForm(plan.form());
  if (form == nullptr || form->carrier != carrier) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("protocol {} has no form \"{}\" for this transport", adapter.name, plan.form()),
                fmt::format("node {}", plan.node()), "`entente version` lists the forms");
  }
  return form;
}

std::optional<LinkDirection> LinkDirectionOf(v1::Direction direction) {
  if (direction == v1::DIRECTION_TO_GATEWAY) return LinkDirection::kToGateway;
  if (direction == v1::DIRECTION_TO_NODE) return LinkDirection::kToNode;
  return std::nullopt;
}

}  // namespace

Result<NodeSetup> SetUpNode(const v1::NodePlan& plan) {
  const auto node = NodeId::Parse(plan.node());
  if (!node) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is not a node's name", plan.node()), {},
                "write it like DEU/brigade");
  }
  const adapter::AdapterInfo* adapter = adapter::FindAdapter(plan.protocol());
  if (adapter == nullptr) {
    return Fail(ErrorCode::kNotFound, fmt::format("there is no protocol \"{}\"", plan.protocol()),
                fmt::format("node {}", plan.node()), "`entente version` lists them");
  }
  const auto transport = TransportOf(plan, *adapter);
  if (!transport) return std::unexpected(transport.error());
  const adapter::Carrier carrier = adapter::CarrierOf(*transport);
  const auto form = FormOf(plan, *adapter, carrier);
  if (!form) return std::unexpected(form.error());
  NodeSetup setup{
      *node, adapter, *transport, carrier, std::string((*form)->name), adapter::NodeOptions::Defaults(adapter->node_options)};
  const std::map<std::string, std::string> options(plan.options().begin(), plan.options().end());
  for (const auto& [name, value] : options) {
    if (Status set = setup.options.Set(adapter->node_options, name, value); !set) {
      Error error = set.error();
      error.where = fmt::format("node {}", plan.node());
      return std::unexpected(std::move(error));
    }
  }
  return setup;
}

std::vector<v1::Subscription> SubscriptionsOf(const v1::NodePlan& plan) {
  if (plan.has_replay()) return {};
  v1::Subscription subscription;
  for (const int family : plan.receives()) subscription.add_families(static_cast<v1::Family>(family));
  for (const std::string& nation : plan.receives_from()) subscription.add_origin_nations(nation);
  return {subscription};
}

const v1::Label* DefaultLabelOf(const v1::ExercisePolicy& policy, std::string_view node) {
  const auto found =
      std::ranges::find(policy.nodes(), node, [](const v1::NodePolicy& entry) -> std::string_view { return entry.node(); });
  return found == policy.nodes().end() || !found->has_default_label() ? nullptr : &found->default_label();
}

LinkCarrier LinkCarrierOf(adapter::Carrier carrier) {
  return carrier == adapter::Carrier::kStream ? LinkCarrier::kStream : LinkCarrier::kDatagram;
}

std::string BackboneNameOf(std::string_view node) {
  return "backbone " + std::string(node);
}

bool IsOfBackbone(const v1::FaultPlan& fault) {
  return fault.link() == v1::LINK_KIND_BACKBONE && IsOfOctets(fault);
}

bool IsOfOctets(const v1::FaultPlan& fault) {
  return fault.has_outage() || fault.has_conditions() || fault.has_impairments();
}

bool HasBackbone(const v1::Exercise& exercise, const v1::NodePlan& node) {
  const auto acts = [&](const v1::FaultPlan& fault) { return fault.node() == node.node() && IsOfBackbone(fault); };
  return node.has_backbone() || std::ranges::any_of(exercise.faults(), acts);
}

Result<LinkFault> LinkFaultOf(const v1::FaultPlan& fault) {
  LinkFault link{.id = fault.id(), .direction = LinkDirectionOf(fault.direction()), .lease = Duration(fault.lease_ns())};
  if (fault.has_outage()) {
    link.chain = {SpecOf("outage", {{"how", std::string(fault.outage().refuse() ? "refuse" : "silent")}})};
    return link;
  }
  auto chain = fault.has_impairments() ? ChainOf(fault.impairments().impairments(), fault.id()) : ChainOf(fault.conditions());
  if (!chain) return std::unexpected(chain.error());
  link.chain = *std::move(chain);
  link.in_place = fault.has_conditions();
  return link;
}

DamageStageConfig FaceDamageOf(const v1::NodePlan& plan, const NodeSetup& setup, std::uint64_t seed) {
  DamageStageConfig config{.node = plan.node(), .adapter = setup.adapter, .direction = v1::DIRECTION_TO_NODE, .seed = seed};
  if (!plan.has_replay()) return config;
  config.direction = v1::DIRECTION_TO_GATEWAY;
  config.of_recording = true;
  return config;
}

v1::RecordEvent ToEvent(const Decision& decision, std::string_view link, Now now) {
  v1::RecordEvent event;
  event.set_utc_ns(ToNanoseconds(now.utc));
  auto& recorded = *event.mutable_link_decision();
  recorded.set_link(std::string(link));
  recorded.set_direction(decision.direction == LinkDirection::kToGateway ? v1::DIRECTION_TO_GATEWAY : v1::DIRECTION_TO_NODE);
  recorded.set_rule(std::string(decision.rule));
  recorded.set_unit(decision.unit);
  recorded.set_decision(std::string(DecisionName(decision.kind)));
  recorded.set_delay_ns(decision.delay.count());
  recorded.set_octets(decision.octets);
  return event;
}

}  // namespace entente::harness
