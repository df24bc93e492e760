// SPDX-License-Identifier: Apache-2.0
#pragma once

// All nodes' subscriptions, found by what a message says: the cost of a look-up depends on the subscriptions that share an origin,
// a nation or an addressee with the message, and its family; not on all the others. One thread.
//
// Each subscription stands under the narrowest thing it asks for, with each family that it asks for:
//   "@" node or nation (addressed to me), "=" origin node, "+" origin nation, "*" anything

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/core/routing_header.h"
#include "entente/v1/bus.pb.h"

namespace entente::broker {

using NodeIndex = std::uint32_t;

// Whether the message is what the subscription of this node asks for.
bool Matches(const v1::Subscription& subscription, std::string_view node, const RoutingHeader& header);

class SubscriptionIndex {
 public:
  // Nodes count from 0, and are never removed: a node without subscriptions gets nothing.
  NodeIndex AddNode(std::string_view name);
  // In place of those that the node had.
  void Subscribe(NodeIndex node, std::vector<v1::Subscription> subscriptions);

  // The nodes that asked for the message, in their order.
  void Find(const RoutingHeader& header, std::vector<NodeIndex>& nodes) const;
  [[nodiscard]] bool IsSubscribed(NodeIndex node, const RoutingHeader& header) const;

  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] const std::string& NameOf(NodeIndex node) const { return nodes_[node].name; }

 private:
  struct Node {
    std::string name;
    std::vector<v1::Subscription> subscriptions;
  };
  // One subscription of a node, by its place.
  struct Entry {
    NodeIndex node;
    std::uint32_t subscription;
  };
  struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
  };

  // Calls `visit` with each key that the subscription stands under.
  template <typename Visit>
  static void ForEachKey(const v1::Subscription& subscription, std::string_view node, Visit&& visit);
  void FindUnder(char kind, std::string_view name, const RoutingHeader& header, std::string& key,
                 std::vector<NodeIndex>& nodes) const;

  std::vector<Node> nodes_;
  std::unordered_map<std::string, std::vector<Entry>, KeyHash, std::equal_to<>> entries_;
};

}  // namespace entente::broker
