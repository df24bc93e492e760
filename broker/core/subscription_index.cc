// SPDX-License-Identifier: Apache-2.0
#include "broker/core/subscription_index.h"

#include <algorithm>

#include "base/node_id.h"

namespace entente::broker {
namespace {

constexpr char kAddressed = '@';
constexpr char kOriginNode = '=';
constexpr char kOriginNation = '+';
constexpr char kAnything = '*';
constexpr int kAnyFamily = 0;
// A subscription with more families than this stands under "any family" once, so that what a peer asks for takes no more than its
// own octets' worth of room.
constexpr int kFamiliesListed = 8;

void WriteKey(std::string& key, char kind, std::string_view name, int family) {
  key.assign(1, kind);
  key.append(name);
  key.push_back('\0');
  key.append(reinterpret_cast<const char*>(&family), sizeof(family));
}

template <typename Set, typename Value>
bool AnyOrContains(const Set& set, const Value& value) {
  return set.empty() || std::ranges::find(set, value) != set.end();
}

}  // namespace

bool Matches(const v1::Subscription& subscription, std::string_view node, const RoutingHeader& header) {
  return AnyOrContains(subscription.families(), static_cast<int>(header.family)) &&
         AnyOrContains(subscription.origin_nations(), NationOf(header.origin)) &&
         AnyOrContains(subscription.origin_nodes(), header.origin) &&
         (!subscription.addressed_to_me() || IsAddressedTo(header.addressees, node));
}

template <typename Visit>
void SubscriptionIndex::ForEachKey(const v1::Subscription& subscription, std::string_view node, Visit&& visit) {
  std::string key;
  const auto under = [&](char kind, std::string_view name) {
    const bool listed = !subscription.families().empty() && subscription.families_size() <= kFamiliesListed;
    if (!listed) {
      WriteKey(key, kind, name, kAnyFamily);
      return visit(key);
    }
    for (const int family : subscription.families()) {
      WriteKey(key, kind, name, family);
      visit(key);
    }
  };
  if (subscription.addressed_to_me()) {
    under(kAddressed, node);
    under(kAddressed, NationOf(node));
  } else if (!subscription.origin_nodes().empty()) {
    for (const std::string& origin : subscription.origin_nodes()) under(kOriginNode, origin);
  } else if (!subscription.origin_nations().empty()) {
    for (const std::string& nation : subscription.origin_nations()) under(kOriginNation, nation);
  } else {
    under(kAnything, {});
  }
}

NodeIndex SubscriptionIndex::AddNode(std::string_view name) {
  nodes_.push_back({std::string(name), {}});
  return static_cast<NodeIndex>(nodes_.size() - 1);
}

void SubscriptionIndex::Subscribe(NodeIndex index, std::vector<v1::Subscription> subscriptions) {
  Node& node = nodes_[index];
  for (const v1::Subscription& subscription : node.subscriptions) {
    ForEachKey(subscription, node.name, [&](const std::string& key) {
      const auto found = entries_.find(key);
      if (found == entries_.end()) return;
      std::erase_if(found->second, [&](const Entry& entry) { return entry.node == index; });
      if (found->second.empty()) entries_.erase(found);
    });
  }
  node.subscriptions = std::move(subscriptions);
  for (std::uint32_t place = 0; place < node.subscriptions.size(); ++place) {
    ForEachKey(node.subscriptions[place], node.name, [&](const std::string& key) { entries_[key].push_back({index, place}); });
  }
}

void SubscriptionIndex::Find(const RoutingHeader& header, std::vector<NodeIndex>& nodes) const {
  nodes.clear();
  std::string key;
  FindUnder(kAnything, {}, header, key, nodes);
  FindUnder(kOriginNation, NationOf(header.origin), header, key, nodes);
  FindUnder(kOriginNode, header.origin, header, key, nodes);
  ByteView addressees = header.addressees;
  AddresseeView addressee;
  while (NextAddressee(addressees, addressee)) FindUnder(kAddressed, addressee.node, header, key, nodes);
  std::ranges::sort(nodes);
  nodes.erase(std::ranges::unique(nodes).begin(), nodes.end());
}

void SubscriptionIndex::FindUnder(char kind, std::string_view name, const RoutingHeader& header, std::string& key,
                                  std::vector<NodeIndex>& nodes) const {
  for (const int family : {kAnyFamily, static_cast<int>(header.family)}) {
    WriteKey(key, kind, name, family);
    const auto found = entries_.find(key);
    if (found == entries_.end()) continue;
    for (const Entry& entry : found->second) {
      const Node& node = nodes_[entry.node];
      const bool found_already = !nodes.empty() && nodes.back() == entry.node;
      if (!found_already && Matches(node.subscriptions[entry.subscription], node.name, header)) nodes.push_back(entry.node);
    }
  }
}

bool SubscriptionIndex::IsSubscribed(NodeIndex index, const RoutingHeader& header) const {
  const Node& node = nodes_[index];
  return std::ranges::any_of(node.subscriptions, [&](const v1::Subscription& s) { return Matches(s, node.name, header); });
}

}  // namespace entente::broker
