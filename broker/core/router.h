// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who gets a message: subscriptions times release decisions, cached. A route depends on nothing but the origin, the family, the
// label's octets and the addressees' octets; the cache is keyed by these and dropped whenever a subscription or the guard changes.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/core/routing_header.h"
#include "broker/policy/release.h"
#include "entente/v1/bus.pb.h"

namespace entente::broker {

using NodeIndex = std::uint32_t;

struct RouteTarget {
  NodeIndex node = 0;
  Decision decision;
};

// Every node that subscribed, but the origin; in the order of the nodes.
using Route = std::vector<RouteTarget>;

class Router {
 public:
  Router(const ReleaseGuard& guard, std::size_t cache_entries) : guard_(&guard), cache_entries_(cache_entries) {}

  // Nodes count from 0, and are never removed: a node without subscriptions gets nothing.
  NodeIndex AddNode(std::string_view name);
  void Subscribe(NodeIndex node, std::vector<v1::Subscription> subscriptions);
  void ReplaceGuard(const ReleaseGuard& guard);

  std::shared_ptr<const Route> RouteOf(NodeIndex origin, const RoutingHeader& header);
  // Without the cache; for one node.
  [[nodiscard]] bool IsSubscribed(NodeIndex node, const RoutingHeader& header) const;
  [[nodiscard]] Decision Decide(bool has_label, ByteView label, std::string_view origin, NodeIndex node) const;

 private:
  struct Node {
    std::string name;
    std::vector<v1::Subscription> subscriptions;
  };
  [[nodiscard]] Route Compute(NodeIndex origin, const RoutingHeader& header) const;

  const ReleaseGuard* guard_;
  std::size_t cache_entries_;
  std::vector<Node> nodes_;
  std::unordered_map<std::string, std::shared_ptr<const Route>> cache_;
  std::string key_;
};

}  // namespace entente::broker
