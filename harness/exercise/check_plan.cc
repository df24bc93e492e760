// SPDX-License-Identifier: Apache-2.0

// Injects and expectations against nodes, units and times.

#include <fmt/format.h>

#include <algorithm>

#include "base/node_id.h"
#include "harness/exercise/cross_check.h"
#include "harness/exercise/quantity.h"

namespace entente::harness {
namespace {

void CheckUnit(const v1::NodePlan& node, const std::string& unit, const Place& place, Problems& problems) {
  std::vector<std::string> names;
  for (const auto& each : node.units()) names.push_back(each.id());
  if (unit.empty() || std::ranges::find(names, unit) != names.end()) return;
  problems.AddUnknown(place, fmt::format("{} has no unit \"{}\"", node.node(), unit), unit, names);
}

void CheckInject(const v1::Exercise& exercise, const v1::Inject& inject, const Places& places, Problems& problems) {
  const std::string path = "injects." + inject.id();
  if (inject.at_ns() >= exercise.duration_ns()) {
    problems.Add(ErrorCode::kInvalidArgument, places.Of(path + ".at"),
                 fmt::format("is at {}, but ENDEX is at {}", DurationText(Duration(inject.at_ns())),
                             DurationText(Duration(exercise.duration_ns()))),
                 "choose an earlier time, or a longer duration");
  }
  if (inject.has_chat() && places.Has(path + ".text")) {
    problems.Add(ErrorCode::kInvalidArgument, places.Of(path + ".text"), "a chat says it twice", "leave out \"text\"");
  }
  if (inject.has_label()) CheckLabel(inject.label(), exercise.policy(), places.Of(path + ".label"), problems);
  for (const std::string& to : inject.chat().to()) NodeOrProblem(exercise, to, places.Of(path + ".chat.to"), problems);
  const auto* node = NodeOrProblem(exercise, inject.node(), places.Of(path + ".node"), problems);
  if (node == nullptr) return;
  if (node->external() || node->has_replay()) {
    problems.Add(ErrorCode::kInvalidArgument, places.Of(path + ".node"),
                 fmt::format("{} is not simulated, so it cannot be told to carry this out", node->node()),
                 "give the inject to a simulated node");
  }
  CheckUnit(*node, inject.alert().unit(), places.Of(path + ".alert.unit"), problems);
  CheckUnit(*node, inject.weapon().firer_unit(), places.Of(path + ".weapon.firer"), problems);
}

}  // namespace

const v1::NodePlan* NodeOrProblem(const v1::Exercise& exercise, const std::string& node, const Place& place, Problems& problems) {
  const auto* found = FindNode(exercise, node);
  if (found == nullptr && !node.empty()) {
    problems.AddUnknown(place, fmt::format("there is no node {}", node), node, NodeNames(exercise));
  }
  return found;
}

void CheckSelection(const v1::Exercise& exercise, const google::protobuf::RepeatedPtrField<std::string>& selection,
                    const Place& place, Problems& problems) {
  std::vector<std::string> known = NodeNames(exercise);
  for (const auto& nation : exercise.policy().nations()) known.push_back(nation.nation());
  for (const std::string& text : selection) {
    if (std::ranges::find(known, text) != known.end()) continue;
    problems.AddUnknown(place, fmt::format("{} is neither a node nor a nation here", text), text, known);
  }
}

void CheckInjects(const v1::Exercise& exercise, const Places& places, Problems& problems) {
  for (const v1::Inject& inject : exercise.injects()) CheckInject(exercise, inject, places, problems);
}

void CheckExpectations(const v1::Exercise& exercise, const Places& places, Problems& problems) {
  std::vector<std::string> faults;
  for (const auto& fault : exercise.faults()) faults.push_back(fault.id());
  for (const v1::Expectation& expectation : exercise.expectations()) {
    const std::string path = "expectations." + expectation.id();
    CheckSelection(exercise, expectation.from(), places.Of(path + ".from"), problems);
    CheckSelection(exercise, expectation.to(), places.Of(path + ".to"), problems);
    const std::string& fault = expectation.recovery().fault();
    if (fault.empty() || std::ranges::find(faults, fault) != faults.end()) continue;
    problems.AddUnknown(places.Of(path + ".recovery.after"), fmt::format("there is no fault \"{}\"", fault), fault, faults);
  }
}

}  // namespace entente::harness
