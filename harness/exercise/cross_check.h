// SPDX-License-Identifier: Apache-2.0
#pragma once

// Does what the file says fit together: names that refer to others, times within the exercise, labels within the policy, ports, and
// what each node's protocol can do.

#include "harness/exercise/impairments.h"
#include "harness/exercise/problems.h"
#include "harness/exercise/read_sections.h"
#include "harness/exercise/section.h"

namespace entente::harness {

void CheckPolicyRules(const v1::Exercise& exercise, const Places& places, Problems& problems);
void CheckNodes(const v1::Exercise& exercise, AdapterList adapters, const Places& places, Problems& problems);
void CheckPorts(const v1::Exercise& exercise, const Places& places, Problems& problems);
void CheckBus(const v1::Exercise& exercise, const Places& places, Problems& problems);
void CheckInjects(const v1::Exercise& exercise, const Places& places, Problems& problems);
void CheckFaults(const v1::Exercise& exercise, AdapterList adapters, const Places& places, Problems& problems);
void CheckExpectations(const v1::Exercise& exercise, const Places& places, Problems& problems);

// "nations.DEU.nodes.brigade" of "DEU/brigade".
std::string PathOfNode(const std::string& node);
// nullptr when there is no such node.
const v1::NodePlan* FindNode(const v1::Exercise& exercise, std::string_view node);
std::vector<std::string> NodeNames(const v1::Exercise& exercise);
const v1::NodePlan* NodeOrProblem(const v1::Exercise& exercise, const std::string& node, const Place& place, Problems& problems);
// Nodes or nations.
void CheckSelection(const v1::Exercise& exercise, const google::protobuf::RepeatedPtrField<std::string>& selection,
                    const Place& place, Problems& problems);
// Does the node have this link, with anything standing on it that could act.
void CheckLink(const v1::NodePlan& node, v1::LinkKind link, const Place& place, Problems& problems);
// Do the kinds act on the octets of this link of the node.
void CheckOnLink(const ImpairmentList& impairments, const v1::NodePlan& node, v1::LinkKind link, const Place& place,
                 Problems& problems);
void CheckLabel(const v1::Label& label, const v1::ExercisePolicy& policy, const Place& place, Problems& problems);

}  // namespace entente::harness
