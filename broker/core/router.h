// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who gets a message: subscriptions times release decisions, cached. A route depends on nothing but the origin, the family, the
// label's octets and the addressees' octets; the cache is keyed by these and dropped whenever a subscription or the guard changes.
// Keys with equal routes share one.

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/core/routing_header.h"
#include "broker/core/subscription_index.h"
#include "broker/policy/release.h"

namespace entente::broker {

struct RouteTarget {
  NodeIndex node = 0;
  Decision decision;

  bool operator==(const RouteTarget&) const = default;
};

// Every node that subscribed, but the origin; in the order of the nodes.
using Route = std::vector<RouteTarget>;

class Router {
 public:
  Router(const ReleaseGuard& guard, std::size_t cache_entries) : guard_(&guard), cache_entries_(cache_entries) {}

  NodeIndex AddNode(std::string_view name) { return subscriptions_.AddNode(name); }
  void Subscribe(NodeIndex node, std::vector<v1::Subscription> subscriptions);
  void ReplaceGuard(const ReleaseGuard& guard);

  std::shared_ptr<const Route> RouteOf(NodeIndex origin, const RoutingHeader& header);
  // Without the cache; for one node.
  [[nodiscard]] bool IsSubscribed(NodeIndex node, const RoutingHeader& header) const {
    return subscriptions_.IsSubscribed(node, header);
  }
  [[nodiscard]] Decision Decide(bool has_label, ByteView label, std::string_view origin, NodeIndex node) const;

 private:
  struct ByTargets {
    bool operator()(const std::shared_ptr<const Route>& a, const std::shared_ptr<const Route>& b) const;
  };

  [[nodiscard]] Route Compute(NodeIndex origin, const RoutingHeader& header);
  void Forget();

  const ReleaseGuard* guard_;
  std::size_t cache_entries_;
  SubscriptionIndex subscriptions_;
  std::unordered_map<std::string, std::shared_ptr<const Route>> cache_;
  std::set<std::shared_ptr<const Route>, ByTargets> routes_;  // of the cache, each once
  // Reused from message to message.
  std::string key_;
  std::vector<NodeIndex> subscribed_;
};

}  // namespace entente::broker
