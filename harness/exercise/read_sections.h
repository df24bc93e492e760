// SPDX-License-Identifier: Apache-2.0
#pragma once

// The parts of an exercise file, each read into its message. Defaults of the format are set here; whether things fit together is
// cross_check's question.

#include "adapters/api/adapter_info.h"
#include "entente/v1/exercise.pb.h"
#include "harness/exercise/section.h"

namespace entente::harness {

using AdapterList = std::span<const adapter::AdapterInfo* const>;

v1::Label ReadLabel(const YAML::Node& node, const std::string& policy);
// The key that says the kind of an impairment, beside its settings.
inline constexpr std::string_view kKindKey = "kind";
// One value, or a list as one text with commas.
std::string SettingText(const YAML::Node& node);
// One impairment or a list; each a kind alone, or a mapping of "kind" and settings.
google::protobuf::RepeatedPtrField<v1::Impairment> ReadImpairments(const YAML::Node& node);
v1::LinkConditions ReadConditions(const YAML::Node& node);
std::optional<v1::RoutePoint> ReadRoutePoint(const YAML::Node& node);

// Policy, with nations and the default labels of their nodes.
v1::ExercisePolicy ReadPolicy(const Section& file);
v1::NodePlan ReadNode(const std::string& nation, const std::string& name, const Section& node, const std::string& policy,
                      AdapterList adapters);
v1::BusPlan ReadBus(const Section& bus);
v1::Inject ReadInject(const std::string& id, const Section& inject, const std::string& policy);
v1::FaultPlan ReadFault(const std::string& id, const Section& fault);
v1::Expectation ReadExpectation(const std::string& id, const Section& expectation);

// nullptr when there is no such adapter.
const adapter::AdapterInfo* FindIn(AdapterList adapters, std::string_view name);

}  // namespace entente::harness
