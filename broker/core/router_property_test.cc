// SPDX-License-Identifier: Apache-2.0
// The law of the decision cache: whatever the policies, labels and subscriptions, and whenever they change, a router with a cache
// gives the route that one without gives, and each decision in it is the guard's own.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <memory>

#include "base/node_id.h"
#include "broker/core/router.h"
#include "broker/core/test_envelope.h"
#include "broker/policy/test_policy.h"

namespace entente::broker {
namespace {

const std::vector<std::string> kNodes = {"DEU/brigade", "DEU/air", "FRA/hq", "NOR/rescue", "FIN/post", "SWE/guest"};
const std::vector<std::string> kNationNames = {"DEU", "FRA", "NOR", "FIN", "SWE"};
const std::vector<std::string> kLevels = {"UNCLASSIFIED", "RESTRICTED", "SECRET", "COSMIC"};
const std::vector<std::string> kTags = {"Releasable To", "Caveat", "Context"};
const std::vector<std::string> kValues = {"DEU", "FRA", "NORTH", "BOHEMIA", "OTHER"};

template <typename T>
T Any(const std::vector<T>& of) {
  return *rc::gen::elementOf(of);
}
bool OneIn(int n) {
  return *rc::gen::inRange(0, n) == 0;
}
std::vector<std::string> Some(const std::vector<std::string>& of) {
  std::vector<std::string> some;
  for (const std::string& each : of) {
    if (OneIn(3)) some.push_back(each);
  }
  return some;
}
v1::CategoryType AnyType() {
  return *rc::gen::element(v1::CATEGORY_TYPE_RESTRICTIVE, v1::CATEGORY_TYPE_PERMISSIVE, v1::CATEGORY_TYPE_INFORMATIVE,
                           v1::CATEGORY_TYPE_UNSPECIFIED);
}

void AddRandomMapping(v1::ExercisePolicy& policy) {
  v1::PolicyMapping& mapping = *policy.add_mappings();
  mapping.set_policy("NATO");
  for (const std::string& level : Some(kLevels)) {
    v1::ValueMapping& value = *mapping.add_classifications();
    value.set_from(level);
    value.set_to(Any(kLevels));
  }
  for (const std::string& tag : Some(kTags)) {
    v1::CategoryMapping& category = *mapping.add_categories();
    category.set_from_tag(tag);
    category.set_to_tag(Any(kTags));
  }
}

// Not always a sound one: the guard must be a function of what it was given either way.
v1::ExercisePolicy AnyPolicy() {
  v1::ExercisePolicy policy;
  policy.set_name("EXERCISE");
  for (const char* level : {"UNCLASSIFIED", "RESTRICTED", "SECRET"}) policy.add_classifications(level);
  for (const std::string& code : kNationNames) {
    if (OneIn(5)) continue;
    v1::NationPolicy& nation = *policy.add_nations();
    nation.set_nation(code);
    nation.set_clearance(Any(kLevels));
    for (const std::string& value : Some(kValues)) nation.add_restrictive_held("Caveat/" + value);
  }
  v1::Community& north = *policy.add_communities();
  north.set_name("NORTH");
  for (const std::string& code : Some(kNationNames)) north.add_nations(code);
  if (OneIn(2)) {
    for (const std::string& tag : Some(kTags)) {
      v1::CategoryPolicy& category = *policy.add_categories();
      category.set_tag(tag);
      category.set_type(AnyType());
      for (const std::string& value : Some(kValues)) category.add_values(value);
    }
  }
  if (OneIn(2)) AddRandomMapping(policy);
  return policy;
}

v1::Label AnyLabel() {
  v1::Label label;
  label.set_policy(*rc::gen::element<std::string>("EXERCISE", "EXERCISE", "NATO", "EU"));
  label.set_classification(Any(kLevels));
  for (const std::string& tag : Some(kTags)) {
    v1::LabelCategory& category = *label.add_categories();
    category.set_tag(tag);
    category.set_type(AnyType());
    for (const std::string& value : Some(kValues)) category.add_values(value);
  }
  return label;
}

struct Message {
  NodeIndex origin = 0;
  Bytes envelope;
  std::string broken_label;  // in its place, when not empty
};

Message AnyMessage() {
  Message message;
  message.origin = *rc::gen::inRange<NodeIndex>(0, static_cast<NodeIndex>(kNodes.size()));
  v1::Envelope envelope = testing::TestTrack(kNodes[message.origin], 1, v1::PRECEDENCE_ROUTINE, 1);
  envelope.clear_label();
  if (!OneIn(6)) *envelope.mutable_label() = AnyLabel();
  if (OneIn(3)) envelope.set_family(v1::FAMILY_CHAT);
  if (OneIn(3)) envelope.add_addressees()->set_node(Any(kNodes));
  if (OneIn(10)) message.broken_label = "\x0a\xff";
  message.envelope = testing::Octets(envelope);
  return message;
}

std::vector<v1::Subscription> AnySubscriptions() {
  std::vector<v1::Subscription> subscriptions;
  const int count = *rc::gen::inRange(0, 3);
  for (int i = 0; i < count; ++i) {
    v1::Subscription subscription;
    if (OneIn(2)) subscription.add_families(v1::FAMILY_TRACK);
    if (OneIn(3)) subscription.add_origin_nations(Any(kNationNames));
    if (OneIn(4)) subscription.add_origin_nodes(Any(kNodes));
    if (OneIn(5)) subscription.set_addressed_to_me(true);
    subscriptions.push_back(subscription);
  }
  return subscriptions;
}

bool Same(const Route& a, const Route& b) {
  return std::ranges::equal(
      a, b, [](const RouteTarget& x, const RouteTarget& y) { return x.node == y.node && x.decision == y.decision; });
}

// Both routers, told the same, and the guard that they have now.
class Pair {
 public:
  explicit Pair(std::size_t cache_entries) : cached_(*guard_, cache_entries), uncached_(*guard_, 0) {
    for (const std::string& node : kNodes) {
      RC_ASSERT(cached_.AddNode(node) == uncached_.AddNode(node));
    }
  }
  void ReplacePolicy() {
    auto next = std::make_unique<PolicyGuard>(AnyPolicy());
    cached_.ReplaceGuard(*next);
    uncached_.ReplaceGuard(*next);
    guard_ = std::move(next);
  }
  void Subscribe() {
    const auto node = *rc::gen::inRange<NodeIndex>(0, static_cast<NodeIndex>(kNodes.size()));
    const auto subscriptions = AnySubscriptions();
    cached_.Subscribe(node, subscriptions);
    uncached_.Subscribe(node, subscriptions);
  }
  void RouteOne(const Message& message) {
    auto header = WalkRoutingHeader(message.envelope);
    RC_ASSERT(header.has_value());
    if (!message.broken_label.empty()) {
      header->has_label = true;
      header->label = AsBytes(message.broken_label);
    }
    const auto route = cached_.RouteOf(message.origin, *header);
    RC_ASSERT(Same(*route, *uncached_.RouteOf(message.origin, *header)));
    v1::Label label;
    const bool sound = header->has_label && label.ParseFromArray(header->label.data(), static_cast<int>(header->label.size()));
    std::vector<NodeIndex> subscribed;
    for (NodeIndex node = 0; node < kNodes.size(); ++node) {
      if (node != message.origin && uncached_.IsSubscribed(node, *header)) subscribed.push_back(node);
    }
    RC_ASSERT(std::ranges::equal(*route, subscribed, {}, &RouteTarget::node));
    for (const RouteTarget& target : *route) {
      const Decision own = guard_->Decide(sound ? &label : nullptr, NationOf(header->origin), NationOf(kNodes[target.node]));
      RC_ASSERT(target.decision.released == own.released);
    }
  }

 private:
  std::unique_ptr<PolicyGuard> guard_ = std::make_unique<PolicyGuard>(AnyPolicy());
  Router cached_;
  Router uncached_;
};

TEST(RouterPropertyTest, TheCacheNeverChangesADecision) {
  EXPECT_TRUE(rc::check([] {
    Pair routers(*rc::gen::element<std::size_t>(1, 3, 4096));
    for (int i = 0; i < 4; ++i) routers.Subscribe();
    // Few messages, sent again and again, so that most routes come from the cache.
    std::vector<Message> messages;
    const int count = *rc::gen::inRange(1, 6);
    for (int i = 0; i < count; ++i) messages.push_back(AnyMessage());
    const int steps = *rc::gen::inRange(1, 40);
    for (int i = 0; i < steps; ++i) {
      switch (*rc::gen::inRange(0, 8)) {
        case 0:
          routers.ReplacePolicy();
          break;
        case 1:
          routers.Subscribe();
          break;
        default:
          routers.RouteOne(messages[*rc::gen::inRange<std::size_t>(0, messages.size())]);
      }
    }
  }));
}

}  // namespace
}  // namespace entente::broker
