// SPDX-License-Identifier: Apache-2.0
#include "broker/core/subscription_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "broker/core/test_envelope.h"

namespace entente::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string> kNodes = {"DEU/brigade", "DEU/air", "FRA/hq", "NOR/post", "FIN/post"};
const std::vector<std::string> kNations = {"DEU", "FRA", "NOR", "FIN", "NATO"};

struct Message {
  explicit Message(v1::Envelope envelope) : octets(testing::Octets(envelope)), header(*WalkRoutingHeader(octets)) {}
  Bytes octets;
  RoutingHeader header;
};

v1::Subscription AnySubscription() {
  v1::Subscription subscription;
  const auto some = [](int most) { return *rc::gen::inRange(0, most); };
  for (int i = some(12); i > 8; --i) subscription.add_families(static_cast<v1::Family>(*rc::gen::inRange(0, 64)));
  for (int i = some(4); i > 1; --i) subscription.add_families(static_cast<v1::Family>(*rc::gen::inRange(1, 4)));
  for (int i = some(4); i > 2; --i) subscription.add_origin_nations(*rc::gen::elementOf(kNations));
  for (int i = some(4); i > 2; --i) subscription.add_origin_nodes(*rc::gen::elementOf(kNodes));
  subscription.set_addressed_to_me(some(3) == 0);
  return subscription;
}

Message AnyMessage() {
  v1::Envelope envelope = testing::TestTrack(*rc::gen::elementOf(kNodes), 7, v1::PRECEDENCE_ROUTINE, 1);
  envelope.set_family(static_cast<v1::Family>(*rc::gen::inRange(1, 5)));
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    v1::Addressee& addressee = *envelope.add_addressees();
    addressee.set_node(*rc::gen::elementOf(*rc::gen::arbitrary<bool>() ? kNodes : kNations));
    if (*rc::gen::inRange(0, 3) == 0) addressee.set_role(v1::ADDRESSEE_ROLE_EXEMPT);
  }
  return Message(envelope);
}

TEST(SubscriptionIndex, FindsWhatLookingAtEverySubscriptionFinds) {
  EXPECT_TRUE(rc::check([] {
    SubscriptionIndex index;
    for (const std::string& node : kNodes) index.AddNode(node);
    for (int change = *rc::gen::inRange(0, 12); change > 0; --change) {
      std::vector<v1::Subscription> subscriptions;
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) subscriptions.push_back(AnySubscription());
      index.Subscribe(*rc::gen::inRange<NodeIndex>(0, static_cast<NodeIndex>(kNodes.size())), subscriptions);
    }
    const Message message = AnyMessage();
    std::vector<NodeIndex> expected;
    for (NodeIndex node = 0; node < kNodes.size(); ++node) {
      if (index.IsSubscribed(node, message.header)) expected.push_back(node);
    }
    std::vector<NodeIndex> found;
    index.Find(message.header, found);
    RC_ASSERT(found == expected);
  }));
}

TEST(SubscriptionIndex, NewSubscriptionsTakeThePlaceOfTheOldOnes) {
  SubscriptionIndex index;
  const NodeIndex fra = index.AddNode("FRA/hq");
  v1::Subscription tracks;
  tracks.add_families(v1::FAMILY_TRACK);
  v1::Subscription chat;
  chat.add_families(v1::FAMILY_CHAT);
  const Message track(testing::TestTrack("DEU/brigade", 7, v1::PRECEDENCE_ROUTINE, 1));
  std::vector<NodeIndex> found;
  index.Subscribe(fra, {tracks});
  index.Find(track.header, found);
  EXPECT_THAT(found, ElementsAre(fra));
  index.Subscribe(fra, {chat});
  index.Find(track.header, found);
  EXPECT_THAT(found, IsEmpty());
}

}  // namespace
}  // namespace entente::broker
