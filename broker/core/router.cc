// SPDX-License-Identifier: Apache-2.0
#include "broker/core/router.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/node_id.h"

namespace entente::broker {
namespace {

// Longer labels and address lists are judged each time, so that a peer cannot fill the cache with octets.
constexpr std::size_t kCachedKeyOctets = 1024;

void WriteKey(std::string& key, NodeIndex origin, const RoutingHeader& header) {
  const auto number = [&](std::uint32_t value) { key.append(reinterpret_cast<const char*>(&value), sizeof(value)); };
  key.clear();
  number(origin);
  number(static_cast<std::uint32_t>(header.family) << 1 | (header.has_label ? 1U : 0U));
  number(static_cast<std::uint32_t>(header.label.size()));
  key.append(AsText(header.label));
  key.append(AsText(header.addressees));
}

auto ComparableTarget(const RouteTarget& target) {
  return std::tuple(target.node, target.decision.released, target.decision.reason);
}

// nullptr: absent. Parsed once for all recipients.
class JudgedLabel {
 public:
  JudgedLabel(bool present, ByteView octets)
      : present_(present), sound_(present && label_.ParseFromArray(octets.data(), static_cast<int>(octets.size()))) {}

  [[nodiscard]] Decision Decide(const ReleaseGuard& guard, std::string_view origin_nation, std::string_view nation) const {
    Decision decision = guard.Decide(sound_ ? &label_ : nullptr, origin_nation, nation);
    if (present_ && !sound_ && decision.reason == reason::kNoLabel) decision.reason = reason::kMalformedLabel;
    return decision;
  }

 private:
  v1::Label label_;
  bool present_;
  bool sound_;
};

}  // namespace

void Router::Subscribe(NodeIndex node, std::vector<v1::Subscription> subscriptions) {
  subscriptions_.Subscribe(node, std::move(subscriptions));
  Forget();
}

void Router::ReplaceGuard(const ReleaseGuard& guard) {
  guard_ = &guard;
  Forget();
}

void Router::Forget() {
  cache_.clear();
  routes_.clear();
}

bool Router::ByTargets::operator()(const std::shared_ptr<const Route>& a, const std::shared_ptr<const Route>& b) const {
  return std::ranges::lexicographical_compare(*a, *b, {}, ComparableTarget, ComparableTarget);
}

std::shared_ptr<const Route> Router::RouteOf(NodeIndex origin, const RoutingHeader& header) {
  const bool cached = cache_entries_ > 0 && header.label.size() + header.addressees.size() <= kCachedKeyOctets;
  if (!cached) return std::make_shared<const Route>(Compute(origin, header));
  WriteKey(key_, origin, header);
  if (const auto known = cache_.find(key_); known != cache_.end()) return known->second;
  if (cache_.size() >= cache_entries_) Forget();
  const auto route = *routes_.insert(std::make_shared<const Route>(Compute(origin, header))).first;
  cache_.emplace(key_, route);
  return route;
}

Route Router::Compute(NodeIndex origin, const RoutingHeader& header) {
  Route route;
  subscriptions_.Find(header, subscribed_);
  if (subscribed_.empty()) return route;
  const JudgedLabel label(header.has_label, header.label);
  std::map<std::string_view, Decision> of_nation;
  for (const NodeIndex node : subscribed_) {
    if (node == origin) continue;
    const std::string_view nation = NationOf(subscriptions_.NameOf(node));
    const auto [known, fresh] = of_nation.try_emplace(nation);
    if (fresh) known->second = label.Decide(*guard_, NationOf(header.origin), nation);
    route.push_back({node, known->second});
  }
  return route;
}

Decision Router::Decide(bool has_label, ByteView label, std::string_view origin, NodeIndex node) const {
  return JudgedLabel(has_label, label).Decide(*guard_, NationOf(origin), NationOf(subscriptions_.NameOf(node)));
}

}  // namespace entente::broker
