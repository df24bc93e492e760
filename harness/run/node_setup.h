// SPDX-License-Identifier: Apache-2.0
#pragma once

// A node's plan turned into what adapters, gateways and links take: looked up, validated, with every default filled in.

#include <string>

#include "adapters/api/adapter_info.h"
#include "base/node_id.h"
#include "base/result.h"
#include "broker/core/bus_client.h"
#include "entente/v1/exercise.pb.h"
#include "harness/exercise/impairments.h"
#include "harness/links/link.h"
#include "harness/nodes/damage_stage.h"

namespace entente::harness {

struct NodeSetup {
  NodeId node;
  const adapter::AdapterInfo* adapter = nullptr;
  adapter::TransportKind transport = adapter::TransportKind::kTcp;
  adapter::Carrier carrier = adapter::Carrier::kStream;
  std::string form;
  adapter::NodeOptions options;
};

Result<NodeSetup> SetUpNode(const v1::NodePlan& plan);

// What the node wants delivered: its families and origins, or everything. A recording reads nothing.
std::vector<v1::Subscription> SubscriptionsOf(const v1::NodePlan& plan);
// nullptr when the policy gives the node none.
const v1::Label* DefaultLabelOf(const v1::ExercisePolicy& policy, std::string_view node);

LinkCarrier LinkCarrierOf(adapter::Carrier carrier);

// Of the link between the node's gateway and the broker, in the record and as the name of its streams of chance; the access link is
// named as the node is.
std::string BackboneNameOf(std::string_view node);
// Whether the fault acts on a backbone link, and on the octets of any.
bool IsOfBackbone(const v1::FaultPlan& fault);
bool IsOfOctets(const v1::FaultPlan& fault);
// Whether the exercise ever does anything to the node's.
bool HasBackbone(const v1::Exercise& exercise, const v1::NodePlan& node);
// Of a fault that acts on a link's octets.
Result<LinkFault> LinkFaultOf(const v1::FaultPlan& fault);
// Of the stage around the access point: it damages what goes to the node; of a recording, what it says.
DamageStageConfig FaceDamageOf(const v1::NodePlan& plan, const NodeSetup& setup, std::uint64_t seed);
v1::RecordEvent ToEvent(const Decision& decision, std::string_view link, Now now);

}  // namespace entente::harness
