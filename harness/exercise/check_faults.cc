// SPDX-License-Identifier: Apache-2.0

// Faults against nodes, their links, times, damage rules, and what each kind of impairment can act on.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/exercise/cross_check.h"
#include "harness/exercise/quantity.h"

namespace entente::harness {
namespace {

constexpr std::string_view kMutation = "mutation";

void CheckTimes(const v1::Exercise& exercise, const v1::FaultPlan& fault, const Places& places, Problems& problems) {
  const std::string path = "faults." + fault.id();
  if (fault.lease_ns() <= 0) {
    problems.Add(ErrorCode::kInvalidArgument, places.Of(path + ".for"), "every fault has a lease and ends by itself",
                 "write a duration above zero");
  } else if (fault.at_ns() + fault.lease_ns() > exercise.duration_ns()) {
    problems.Add(
        ErrorCode::kInvalidArgument, places.Of(path + ".for"),
        fmt::format("would outlast ENDEX by {}", DurationText(Duration(fault.at_ns() + fault.lease_ns() - exercise.duration_ns()))),
        "choose an earlier or shorter fault, or a longer duration");
  }
}

void CheckDamage(const v1::FaultPlan& fault, const adapter::AdapterInfo& adapter, const Place& place, Problems& problems) {
  std::vector<std::string> known{std::string(kMutation)};
  for (const auto& rule : adapter.damage_rules) known.emplace_back(rule.id);
  for (const std::string& rule : fault.damage().rules()) {
    if (std::ranges::find(known, rule) != known.end()) continue;
    problems.AddUnknown(place, fmt::format("\"{}\" is not a damage rule of {}", rule, adapter.name), rule, known);
  }
  if (fault.damage().share() <= 0) {
    problems.Add(ErrorCode::kInvalidArgument, place, "a share of zero damages nothing", "write a share such as \"20 %\"");
  }
}

// A real system's own output passes as it comes, and a recording hears nothing.
void CheckDamageWay(const v1::FaultPlan& fault, const v1::NodePlan& node, const Place& place, Problems& problems) {
  if (node.external() && fault.direction() == v1::DIRECTION_TO_GATEWAY) {
    problems.Add(ErrorCode::kInvalidArgument, place,
                 fmt::format("{} is a real system, and what it sends is not ours to damage", node.node()),
                 "damage what is sent to it (direction: to-node), or what a simulated node sends");
  } else if (node.has_replay() && fault.direction() == v1::DIRECTION_TO_NODE) {
    problems.Add(ErrorCode::kInvalidArgument, place, fmt::format("{} is a recording, and hears nothing", node.node()),
                 "damage what it says (direction: to-gateway)");
  }
}

bool ChangesNothing(const v1::LinkConditions& conditions) {
  return conditions.latency_ns() == 0 && conditions.jitter_ns() == 0 && conditions.loss() == 0 && conditions.rate_bps() == 0 &&
         conditions.impairments().empty();
}

void CheckPartition(const v1::Exercise& exercise, const v1::Partition& partition, const Place& place, Problems& problems) {
  if (partition.groups_size() < 2) {
    problems.Add(ErrorCode::kInvalidArgument, place, "has fewer than two groups", "write \"[[DEU, NLD], FRA]\"");
  }
  std::map<std::string, int> seen;
  for (const v1::PartitionGroup& group : partition.groups()) {
    CheckSelection(exercise, group.members(), place, problems);
    for (const std::string& member : group.members()) {
      if (++seen[member] < 2) continue;
      problems.Add(ErrorCode::kInvalidArgument, place, fmt::format("{} is on both sides", member), "leave it in one group");
    }
  }
}

std::vector<std::string> ProtocolsOf(const v1::Exercise& exercise) {
  std::set<std::string> spoken;
  for (const v1::NodePlan& node : exercise.nodes()) spoken.insert(node.protocol());
  return {spoken.begin(), spoken.end()};
}

std::vector<std::string> ClassificationsOf(const v1::Exercise& exercise) {
  const auto& classifications = exercise.policy().classifications();
  return {classifications.begin(), classifications.end()};
}

// A selection that nothing can ever meet is a mistake.
void CheckWords(const google::protobuf::RepeatedPtrField<std::string>& words, const std::vector<std::string>& known,
                fmt::format_string<const std::string&> otherwise, const Place& place, Problems& problems) {
  for (const std::string& word : words) {
    if (std::ranges::find(known, word) != known.end()) continue;
    problems.AddUnknown(place, fmt::format(otherwise, word), word, known);
  }
}

void CheckMessages(const v1::Exercise& exercise, const v1::MessageFault& fault, const std::string& path, const Places& places,
                   Problems& problems) {
  CheckSelection(exercise, fault.from(), places.Of(path + ".from"), problems);
  CheckWords(fault.protocols(), ProtocolsOf(exercise), "no node speaks {}", places.Of(path + ".protocols"), problems);
  CheckWords(fault.classifications(), ClassificationsOf(exercise), "{} is no classification of the policy",
             places.Of(path + ".classifications"), problems);
  for (const v1::Impairment& impairment : fault.impairments()) {
    const ImpairmentKind* const kind = FindImpairmentKind(impairment.kind());
    if (kind == nullptr || kind->on_messages) continue;
    problems.Add(ErrorCode::kInvalidArgument, places.Of(path + ".impairments"), fmt::format("{} acts on octets only", kind->name),
                 "give it to a link, or choose a kind that acts on messages, such as latency, loss or duplicate");
  }
}

// Whose link is it? A partition concerns everybody, and messages may be those of every link.
const v1::NodePlan* CheckNode(const v1::Exercise& exercise, const v1::FaultPlan& fault, const Places& places, Problems& problems) {
  const std::string path = "faults." + fault.id();
  if (fault.node().empty() && !fault.has_partition() && !fault.has_messages()) {
    problems.Add(ErrorCode::kInvalidArgument, places.Of(path), "the key \"node\" is missing",
                 "add \"node: ...\" (whose link, or whose output)");
  }
  if (!fault.node().empty() && fault.has_partition()) {
    problems.Add(ErrorCode::kInvalidArgument, places.Of(path + ".node"), "a partition is of groups, not of a node",
                 "leave out \"node\"");
  }
  return NodeOrProblem(exercise, fault.node(), places.Of(path + ".node"), problems);
}

bool ActsOnOctets(const v1::FaultPlan& fault) {
  return fault.has_outage() || fault.has_conditions() || fault.has_impairments();
}

void CheckWhichLink(const v1::FaultPlan& fault, const v1::NodePlan* node, const Places& places, Problems& problems) {
  const std::string path = "faults." + fault.id();
  if (fault.link() != v1::LINK_KIND_UNSPECIFIED && !ActsOnOctets(fault)) {
    problems.Add(ErrorCode::kInvalidArgument, places.Of(path + ".link"), "only outage, conditions and impairments are of one link",
                 "leave out \"link\"");
  } else if (node != nullptr && ActsOnOctets(fault)) {
    CheckLink(*node, fault.link(), places.Of(path + ".node"), problems);
  }
}

}  // namespace

void CheckLink(const v1::NodePlan& node, v1::LinkKind link, const Place& place, Problems& problems) {
  const bool multicast = node.transport() == "multicast";
  if (link == v1::LINK_KIND_BACKBONE || (!multicast && !node.has_replay())) return;
  problems.Add(ErrorCode::kInvalidArgument, place,
               multicast ? fmt::format("{} speaks over multicast: nothing can stand between the members of a group", node.node())
                         : fmt::format("{} is a recording, and has no access link", node.node()),
               multicast ? "take its backbone link (link: backbone) or its messages, or let it speak over tcp or udp"
                         : "take its backbone link (link: backbone) or its messages");
}

void CheckOnLink(const ImpairmentList& impairments, const v1::NodePlan& node, v1::LinkKind link, const Place& place,
                 Problems& problems) {
  const bool backbone = link == v1::LINK_KIND_BACKBONE;
  const bool datagrams = !backbone && (node.transport() == "udp" || node.transport() == "multicast");
  for (const v1::Impairment& impairment : impairments) {
    const ImpairmentKind* const kind = FindImpairmentKind(impairment.kind());
    if (kind == nullptr) continue;
    if (backbone && kind->of_node) {
      problems.Add(ErrorCode::kInvalidArgument, place, fmt::format("{} is the node's own, and not its gateway's", kind->name),
                   "give it to the node's access link");
    } else if (kind->of_node && node.external()) {
      problems.Add(ErrorCode::kInvalidArgument, place,
                   fmt::format("{} cannot act on {}, which is a real system with a clock of its own", kind->name, node.node()),
                   "give it to a simulated node");
    } else if (datagrams ? !kind->on_datagrams : !kind->on_streams) {
      problems.Add(ErrorCode::kInvalidArgument, place,
                   fmt::format("{} does not act on {}, and {} speaks over {}", kind->name, datagrams ? "datagrams" : "streams",
                               backbone ? "a gateway" : node.node(), backbone ? "tcp" : node.transport()),
                   "`entente fault list --kinds` says what acts on what");
    }
  }
}

void CheckFaults(const v1::Exercise& exercise, AdapterList adapters, const Places& places, Problems& problems) {
  for (const v1::FaultPlan& fault : exercise.faults()) {
    const std::string path = "faults." + fault.id();
    CheckTimes(exercise, fault, places, problems);
    if (fault.has_conditions() && ChangesNothing(fault.conditions())) {
      problems.Add(ErrorCode::kInvalidArgument, places.Of(path + ".conditions"), "says no condition",
                   "give latency, jitter, loss, rate, impairments or a profile");
    }
    if (fault.has_partition()) CheckPartition(exercise, fault.partition(), places.Of(path + ".partition"), problems);
    if (fault.has_messages()) CheckMessages(exercise, fault.messages(), path + ".messages", places, problems);
    const auto* node = CheckNode(exercise, fault, places, problems);
    CheckWhichLink(fault, node, places, problems);
    if (node == nullptr) continue;
    CheckOnLink(fault.impairments().impairments(), *node, fault.link(), places.Of(path + ".impairments"), problems);
    CheckOnLink(fault.conditions().impairments(), *node, fault.link(), places.Of(path + ".conditions"), problems);
    const auto* adapter = FindIn(adapters, node->protocol());
    if (!fault.has_damage()) continue;
    CheckDamageWay(fault, *node, places.Of(path + ".damage"), problems);
    if (adapter != nullptr) CheckDamage(fault, *adapter, places.Of(path + ".damage"), problems);
  }
}

}  // namespace entente::harness
