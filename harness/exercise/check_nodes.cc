// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/node_id.h"
#include "harness/exercise/cross_check.h"

namespace entente::harness {
namespace {

// One node of the file under examination.
class NodeCheck {
 public:
  NodeCheck(const v1::Exercise& exercise, const v1::NodePlan& node, const Places& places, Problems& problems)
      : exercise_(exercise), node_(node), places_(places), problems_(problems), path_(PathOfNode(node.node())) {}

  void Protocol(AdapterList adapters) {
    if (const auto* adapter = FindIn(adapters, node_.protocol())) {
      Transport(*adapter);
      Form(*adapter);
      Options(*adapter);
      return;
    }
    if (node_.protocol().empty()) return;
    std::vector<std::string> names;
    for (const auto* each : adapters) names.emplace_back(each->name);
    problems_.AddUnknown(At("protocol"), fmt::format("this build has no adapter \"{}\"", node_.protocol()), node_.protocol(),
                         names);
  }

  void Role() {
    if (node_.external() && (!node_.units().empty() || node_.has_replay() || node_.has_defects())) {
      Wrong("external", "an external node has no units, replay or defects", "leave them out, or leave out \"external\"");
    }
    if (!node_.external() && !node_.observes().empty()) {
      Wrong("observes", "only of an external node is it a question what can be observed",
            "add \"external: true\", or leave it out");
    }
    if (node_.has_replay() && !node_.units().empty()) {
      Wrong("replay", "either a recording speaks for the node or its units do", "leave out one of them");
    }
    if (node_.has_listen() && node_.has_dial()) {
      Wrong("dial", "the gateway either listens or dials", "leave out one of \"listen\" and \"dial\"");
    }
    if (node_.has_tls() != (node_.transport() == "tls")) {
      Wrong("tls", node_.has_tls() ? "the transport is not tls" : "the transport is tls, and its certificate is missing",
            node_.has_tls() ? "write \"transport: tls\"" : "add \"tls: {certificate: ..., key: ...}\"");
    }
  }

  void Label() {
    const auto& labelled = exercise_.policy().nodes();
    if (std::ranges::find(labelled, node_.node(), &v1::NodePolicy::node) != labelled.end()) return;
    Wrong("label", "the node has no default label, so that nobody else would see what it says",
          "add \"label: <classification> rel <nations>\" to the node or its nation");
  }

  void Links() {
    if (node_.has_link()) CheckLink(node_, v1::LINK_KIND_ACCESS, At("link"), problems_);
    CheckOnLink(node_.link().impairments(), node_, v1::LINK_KIND_ACCESS, At("link"), problems_);
    CheckOnLink(node_.backbone().impairments(), node_, v1::LINK_KIND_BACKBONE, At("backbone"), problems_);
  }

  void Reception() {
    std::vector<std::string> nations;
    for (const auto& nation : exercise_.policy().nations()) nations.push_back(nation.nation());
    for (const std::string& nation : node_.receives_from()) {
      if (std::ranges::find(nations, nation) != nations.end()) continue;
      problems_.AddUnknown(At("receives-from"), fmt::format("the nation {} takes no part", nation), nation, nations);
    }
  }

  void Units() {
    for (const v1::UnitPlan& unit : node_.units()) {
      const std::string key = "units." + unit.id();
      if (unit.route().empty()) Wrong(key + ".route", "the route has no point", "give at least one position");
      if (unit.route_size() > 1 && unit.speed_mps() <= 0) {
        Wrong(key + ".speed", "the unit has a route, but no speed", "add a speed such as \"12 kn\"");
      }
      if (unit.route_size() == 1 && unit.speed_mps() > 0) {
        Wrong(key + ".speed", "the unit has a speed, but nowhere to go",
              "give its route a second position, or leave out the speed");
      }
      if (unit.report_every_ns() <= 0) Wrong(key + ".report-every", "is zero", "write a duration above zero");
      if (unit.has_label()) CheckLabel(unit.label(), exercise_.policy(), At(key + ".label"), problems_);
    }
  }

 private:
  [[nodiscard]] Place At(std::string_view key) const { return places_.Of(fmt::format("{}.{}", path_, key)); }
  void Wrong(std::string_view key, std::string_view what, std::string advice) {
    problems_.Add(ErrorCode::kInvalidArgument, At(key), what, std::move(advice));
  }

  void Transport(const adapter::AdapterInfo& adapter) {
    std::vector<std::string> names;
    for (const auto& offer : adapter.transports) names.emplace_back(adapter::TransportName(offer.kind));
    if (std::ranges::find(names, node_.transport()) != names.end()) return;
    problems_.AddUnknown(At("transport"), fmt::format("{} does not run over \"{}\"", adapter.name, node_.transport()),
                         node_.transport(), names);
  }

  void Form(const adapter::AdapterInfo& adapter) {
    std::vector<std::string> names;
    for (const auto& form : adapter.forms) names.emplace_back(form.name);
    const auto* form = adapter.FindForm(node_.form());
    if (form == nullptr && !node_.form().empty()) {
      problems_.AddUnknown(At("form"), fmt::format("{} has no form \"{}\"", adapter.name, node_.form()), node_.form(), names);
    }
  }

  void Options(const adapter::AdapterInfo& adapter) {
    std::vector<std::string> names;
    for (const auto& option : adapter.node_options) names.emplace_back(option.name);
    adapter::NodeOptions options = adapter::NodeOptions::Defaults(adapter.node_options);
    for (const auto& [name, text] : std::map<std::string, std::string>(node_.options().begin(), node_.options().end())) {
      const Place place = At("options." + name);
      if (std::ranges::find(names, name) == names.end()) {
        problems_.AddUnknown(place, fmt::format("there is no option \"{}\" of {}", name, adapter.name), name, names);
      } else if (const auto set = options.Set(adapter.node_options, name, text); !set) {
        problems_.Add(set.error().code, place, set.error().what, set.error().advice);
      }
    }
  }

  const v1::Exercise& exercise_;
  const v1::NodePlan& node_;
  const Places& places_;
  Problems& problems_;
  std::string path_;
};

}  // namespace

std::string PathOfNode(const std::string& node) {
  const std::string nation(NationOf(node));
  return "nations." + nation + ".nodes." + (nation.size() < node.size() ? node.substr(nation.size() + 1) : std::string{});
}

const v1::NodePlan* FindNode(const v1::Exercise& exercise, std::string_view node) {
  const auto found = std::ranges::find(exercise.nodes(), node, &v1::NodePlan::node);
  return found == exercise.nodes().end() ? nullptr : &*found;
}

std::vector<std::string> NodeNames(const v1::Exercise& exercise) {
  std::vector<std::string> names;
  for (const auto& node : exercise.nodes()) names.push_back(node.node());
  return names;
}

void CheckNodes(const v1::Exercise& exercise, AdapterList adapters, const Places& places, Problems& problems) {
  if (exercise.nodes().empty()) {
    problems.Add(ErrorCode::kInvalidArgument, places.Of("nations"), "no nation has a node", "give a nation \"nodes\"");
  }
  for (const v1::NodePlan& node : exercise.nodes()) {
    NodeCheck check(exercise, node, places, problems);
    check.Protocol(adapters);
    check.Role();
    check.Label();
    check.Links();
    check.Reception();
    check.Units();
  }
}

void CheckPorts(const v1::Exercise& exercise, const Places& places, Problems& problems) {
  std::map<std::pair<std::string, std::uint32_t>, std::string> taken;
  if (exercise.metrics_port() != 0) taken[{"tcp", exercise.metrics_port()}] = "metrics";
  for (const v1::NodePlan& node : exercise.nodes()) {
    if (!node.has_listen() || node.listen().port() == 0) continue;
    const std::string layer = node.transport() == "udp" || node.transport() == "multicast" ? "udp" : "tcp";
    const auto [other, free] = taken.try_emplace({layer, node.listen().port()}, node.node());
    if (free) continue;
    problems.Add(ErrorCode::kAlreadyExists, places.Of(PathOfNode(node.node()) + ".listen"),
                 fmt::format("{} port {} is also taken by {}", layer, node.listen().port(), other->second),
                 "choose another one, or 0 for any free one");
  }
}

}  // namespace entente::harness
