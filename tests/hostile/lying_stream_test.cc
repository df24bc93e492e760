// SPDX-License-Identifier: Apache-2.0
// Streams that never become a node, or become one again and again.

#include <gmock/gmock.h>

#include "broker/service/admission.h"
#include "tests/hostile/hostile_fixture.h"
#include "tests/hostile/raw_connection.h"

namespace entente::hostile {
namespace {

using ::testing::HasSubstr;

class LyingStreamTest : public HostileTest {};

class PatientBrokerTest : public HostileTest {
 protected:
  PatientBrokerTest() : HostileTest(std::chrono::hours(1)) {}
};

TEST_F(LyingStreamTest, StreamThatNeverSaysHelloIsTurnedAway) {
  LyingClient silent(server_->endpoint());
  EXPECT_THAT(silent.Goodbye(), HasSubstr("no hello within 100 ms"));
  EXPECT_TRUE(AwaitPeerRefused("no hello within 100 ms"));
}

TEST_F(LyingStreamTest, NodeThatIsNoneIsTurnedAway) {
  const std::string placeholder(11, '#');
  for (std::string name : {"", "x", "DEU/", "DEU/a/b", "/brigade", "DEU/\xFF\xFE", "\x01\x02/\x03"}) {
    LyingClient liar(server_->endpoint());
    std::string octets = HelloOf(placeholder).SerializeAsString();
    name.resize(placeholder.size(), ' ');  // of the same length, so that only the name is wrong
    octets.replace(octets.find(placeholder), placeholder.size(), name);
    ASSERT_TRUE(liar.Write(octets));
    EXPECT_FALSE(liar.Goodbye().empty()) << name;
  }
  EXPECT_TRUE(AwaitPeerRefused("not the name of a node"));
}

TEST_F(LyingStreamTest, AnotherIncarnationCannotTakeAnAttachedNodeOver) {
  LyingClient thief(server_->endpoint());
  ASSERT_TRUE(thief.Write(HelloOf("DEU/honest", 666)));
  EXPECT_THAT(thief.Goodbye(), HasSubstr("another incarnation of this node is attached"));
  EXPECT_TRUE(AwaitPeerRefused("another incarnation"));
}

TEST_F(LyingStreamTest, HelloWithEndlessSubscriptionsIsTurnedAway) {
  LyingClient greedy(server_->endpoint());
  v1::ClientFrame hello = HelloOf("NOR/greedy");
  for (int i = 0; i < 100'000; ++i) hello.mutable_hello()->mutable_subscriptions(0)->add_origin_nodes("DEU/x");
  ASSERT_TRUE(greedy.Write(hello));
  EXPECT_THAT(greedy.Goodbye(), HasSubstr("entries in subscriptions and cursors"));
  EXPECT_TRUE(AwaitPeerRefused("entries in subscriptions and cursors"));
}

TEST_F(PatientBrokerTest, VeryManyStreamsMakeRoomForWhoSaysHello) {
  const auto channel = ChannelTo(server_->endpoint());
  std::vector<std::unique_ptr<LyingClient>> silent;
  for (int i = 0; i < 300; ++i) silent.push_back(std::make_unique<LyingClient>(channel));
  EXPECT_TRUE(AwaitPeerRefused("too many streams of this peer wait without a hello"));
  TestNode late(server_->endpoint(), "NOR/late");
  EXPECT_TRUE(late.AwaitWelcome());
  HonestNodesAreServed();
}

TEST_F(LyingStreamTest, EndlessHellosAreHeldToAPace) {
  const auto channel = ChannelTo(server_->endpoint());
  std::string goodbye;
  for (int i = 0; i < 2 * static_cast<int>(broker::kAttachments.burst) && goodbye.empty(); ++i) {
    LyingClient again(channel);
    if (!again.Attach("NOR/again")) {
      LyingClient refused(channel);
      ASSERT_TRUE(refused.Write(HelloOf("NOR/again")));
      goodbye = refused.Goodbye();
    }
  }
  EXPECT_THAT(goodbye, HasSubstr("attached too often of late"));
  EXPECT_TRUE(AwaitPeerRefused("attached too often of late"));
}

TEST_F(LyingStreamTest, EndlessGarbageBeforeAHelloIsOneGoodbye) {
  LyingClient liar(server_->endpoint());
  const std::string garbage(64UL * 1024, '\xA5');
  for (int i = 0; i < 100 && liar.Write(garbage); ++i) {
  }
  EXPECT_TRUE(AwaitPeerRefused("the first frame is not a hello"));
}

// HTTP/2 by hand, for what no client library does.

TEST_F(LyingStreamTest, ConnectionsThatSayNothingHoldUpNobody) {
  std::vector<std::unique_ptr<RawConnection>> mute;
  for (int i = 0; i < 100; ++i) mute.push_back(std::make_unique<RawConnection>(server_->port()));
  TestNode late(server_->endpoint(), "NOR/late");
  EXPECT_TRUE(late.AwaitWelcome());
  HonestNodesAreServed();
}

TEST_F(LyingStreamTest, HelloThatComesOctetByOctetIsTurnedAwayInTime) {
  RawConnection loris(server_->port());
  loris.OpenAttach(RawConnection::kUsualWindow);
  const std::string message = RawConnection::GrpcMessage(HelloOf("NOR/loris").SerializeAsString());
  for (const char octet : message.substr(0, message.size() - 1))
    ASSERT_TRUE(loris.Send(RawConnection::Data(std::string(1, octet))));
  EXPECT_TRUE(loris.AwaitText("no hello within 100 ms"));
  EXPECT_TRUE(AwaitPeerRefused("no hello within 100 ms"));
}

TEST_F(LyingStreamTest, WhoTakesNoGoodbyeIsCutOff) {
  RawConnection deaf(server_->port());
  deaf.OpenAttach(0);
  ASSERT_TRUE(deaf.Send(RawConnection::Data(RawConnection::GrpcMessage("garbage"))));
  EXPECT_TRUE(AwaitPeerRefused("the first frame is not a hello"));
  EXPECT_TRUE(deaf.AwaitReset()) << "the broker keeps a stream that takes nothing";
}

// The goodbye waits behind receipts that are not taken; what comes meanwhile is neither answered nor recorded.
TEST_F(LyingStreamTest, WhoTakesNoReceiptIsHeardNoLonger) {
  constexpr int kFrames = 20;  // within the window that the broker gives at first
  constexpr int kEach = 1024;
  v1::ClientFrame frame;
  for (int i = 0; i < kEach; ++i) frame.add_envelope("\xFF");
  RawConnection deaf(server_->port());
  deaf.OpenAttach(1000);
  ASSERT_TRUE(deaf.Send(RawConnection::Data(RawConnection::GrpcMessage(HelloOf("NOR/deaf").SerializeAsString()))));
  for (int i = 0; i < kFrames; ++i)
    ASSERT_TRUE(deaf.Send(RawConnection::Data(RawConnection::GrpcMessage(frame.SerializeAsString()))));
  EXPECT_TRUE(AwaitMessageRefused("NOR/deaf", broker::Refusal::kBrokenFraming));
  HonestNodesAreServed();
  EXPECT_LE(OfRelay([](broker::Relay& relay) { return relay.counters().refused; }), 4U * kEach);
}

}  // namespace
}  // namespace entente::hostile
