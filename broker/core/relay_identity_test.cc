// SPDX-License-Identifier: Apache-2.0
// Who may attach and publish, and what the record says of those who may not.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/core/relay_rig_test.h"

namespace entente::broker {
namespace {

using namespace testing;
using ::testing::HasSubstr;

constexpr const char* kDeu = "DEU/brigade";
constexpr const char* kFra = "FRA/hq";

StreamPeer PeerOf(std::string name, v1::Role role, std::vector<std::string> speaks_for) {
  return {.identity = {std::move(name), role, std::move(speaks_for)}, .address = "ipv4:127.0.0.1:40123"};
}

TEST(RelayIdentityTest, AttachmentSaysWhoseCertificateAndFromWhere) {
  RelayRig rig;
  ASSERT_TRUE(rig->Attach(HelloOf(kDeu), PeerOf("DEU/gateway", v1::ROLE_NODE, {"DEU/*"}), rig.now()));
  const v1::NodeAttached& attached = rig.events().at(0).node_attached();
  EXPECT_EQ(attached.identity(), "DEU/gateway");
  EXPECT_EQ(attached.peer(), "ipv4:127.0.0.1:40123");
}

TEST(RelayIdentityTest, AttachingAsAnotherNodeIsRefused) {
  RelayRig rig;
  const auto attached = rig->Attach(HelloOf(kFra), PeerOf("DEU/gateway", v1::ROLE_NODE, {"DEU/*"}), rig.now());
  ASSERT_FALSE(attached);
  EXPECT_EQ(attached.error().code, ErrorCode::kPermissionDenied);
  EXPECT_THAT(attached.error().Text(), HasSubstr("does not speak for \"FRA/hq\""));
  EXPECT_FALSE(rig->IsAttached(kFra));
}

TEST(RelayIdentityTest, ARefusedImpostorDoesNotDisturbTheRealNode) {
  RelayRig rig;
  rig.Attach(kFra);
  EXPECT_FALSE(rig->Attach(HelloOf(kFra), PeerOf("DEU/gateway", v1::ROLE_NODE, {}), rig.now()));
  EXPECT_TRUE(rig->IsAttached(kFra));
  EXPECT_EQ(rig.Count(v1::RecordEvent::kNodeDetached), 0);
}

TEST(RelayIdentityTest, AnObserverReceivesAndItsMessagesAreRefused) {
  RelayRig rig;
  ASSERT_TRUE(rig->Attach(HelloOf(kFra), PeerOf(kFra, v1::ROLE_OBSERVER, {kFra}), rig.now()));
  rig.Attach(kDeu);
  ASSERT_TRUE(rig.Publish(kFra, {TestTrack(kFra, kIncarnation, kRoutine, 1)}));
  const Received answer = rig.Drain(kFra);
  ASSERT_EQ(answer.receipts.size(), 1U);
  EXPECT_EQ(answer.receipts[0].refused(), Text(Refusal::kMayNotPublish));
  EXPECT_TRUE(rig.Drain(kDeu).deliveries.empty());
  EXPECT_EQ(rig.Count(v1::RecordEvent::kMessageRefused), 1);
  EXPECT_EQ(rig.Count(v1::RecordEvent::kMessageAccepted), 0);
  ASSERT_TRUE(rig.Publish(kDeu, {TestTrack(kDeu, kIncarnation, kRoutine, 1)}));
  EXPECT_EQ(rig.Drain(kFra).deliveries.size(), 1U);
}

}  // namespace
}  // namespace entente::broker
