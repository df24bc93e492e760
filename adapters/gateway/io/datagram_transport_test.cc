// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/io/datagram_transport.h"

#include <gmock/gmock.h>

#include "adapters/gateway/core/test/access_point_world.h"
#include "adapters/gateway/io/test/talker.h"

namespace entente::gateway {
namespace {

using adapter::TransportKind;
using asio::ip::udp;
using test::PortOf;
using test::Sockets;
using test::Talker;
using ::testing::HasSubstr;

struct DatagramTransportTest : ::testing::Test {
  std::unique_ptr<Transport> Started(TransportConfig config, adapter::LinkEnd& end) {
    auto transport = MakeTransport(sockets.context, sockets.clock, std::move(config), end);
    const Status started = transport->Start();
    EXPECT_TRUE(started) << started.error().Text();
    return transport;
  }
  static TransportConfig Listen(std::uint16_t port = 0) {
    TransportConfig config;
    config.kind = TransportKind::kUdp;
    config.port = port;
    return config;
  }
  static TransportConfig Dial(std::uint16_t port) {
    TransportConfig config = Listen(port);
    config.role = TransportRole::kDial;
    return config;
  }
  static TransportConfig Group(std::uint16_t port = 0, std::string group = "239.255.77.1") {
    TransportConfig config = Listen(port);
    config.kind = TransportKind::kUdpMulticast;
    config.group = std::move(group);
    return config;
  }
  Error ErrorOf(TransportConfig config) {
    return MakeTransport(sockets.context, sockets.clock, std::move(config), gateway)->Start().error();
  }

  Sockets sockets;
  Talker gateway;
  Talker node;
};

TEST_F(DatagramTransportTest, CarriesDatagramsBothWaysAndKeepsThemApart) {
  const auto server = Started(Listen(), gateway);
  const auto client = Started(Dial(PortOf(*server)), node);
  EXPECT_TRUE(node.connected) << "its peer is fixed";
  EXPECT_FALSE(gateway.connected) << "it does not know its peer yet";
  for (int i = 0; i < 10; ++i) node.Say("ping");
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.receptions == 10; }));
  gateway.Say("pong");
  ASSERT_TRUE(sockets.RunUntil([&] { return node.heard == "pong"; }));
  client->Stop();
  server->Stop();
  EXPECT_EQ(gateway.reasons[0], "stopped");
  EXPECT_TRUE(sockets.RunOut());
}

TEST_F(DatagramTransportTest, AnswersTheLastOneHeard) {
  const auto server = Started(Listen(), gateway);
  Talker other;
  const auto first = Started(Dial(PortOf(*server)), node);
  const auto second = Started(Dial(PortOf(*server)), other);
  node.Say("one");
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.heard == "one"; }));
  other.Say("two");
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.heard == "onetwo"; }));
  gateway.Say("answer");
  ASSERT_TRUE(sockets.RunUntil([&] { return other.heard == "answer"; }));
  EXPECT_TRUE(node.heard.empty());
  EXPECT_EQ(gateway.peers.size(), 1U) << "one link, whoever speaks on it";
}

TEST_F(DatagramTransportTest, SendsToAConfiguredPeerBeforeItWasHeard) {
  const auto receiver = Started(Listen(), node);
  TransportConfig config = Listen();
  config.peer_host = "127.0.0.1";
  config.peer_port = PortOf(*receiver);
  const auto server = Started(config, gateway);
  EXPECT_TRUE(gateway.connected);
  gateway.Say("first");
  ASSERT_TRUE(sockets.RunUntil([&] { return node.heard == "first"; }));
}

TEST_F(DatagramTransportTest, AnAbsentPeerIsNoReasonToStop) {
  const auto placeholder = Started(Listen(), gateway);
  const std::uint16_t port = PortOf(*placeholder);
  placeholder->Stop();
  const auto client = Started(Dial(port), node);
  for (int i = 0; i < 5; ++i) {
    node.Say("anybody there?");
    ASSERT_TRUE(sockets.RunUntil([&] { return node.says.empty(); }));
  }
  Talker late;
  const auto server = Started(Listen(port), late);
  node.Say("now?");
  node.Say("now?");  // the first may meet the answer to an earlier one
  ASSERT_TRUE(sockets.RunUntil([&] { return !late.heard.empty(); }));
  EXPECT_TRUE(node.connected);
}

TEST_F(DatagramTransportTest, AUnitTooLargeForADatagramStopsNothing) {
  const auto server = Started(Listen(), gateway);
  const auto client = Started(Dial(PortOf(*server)), node);
  node.Say(std::string(70'000, 'x'));
  node.Say(std::string(65'000, 'y'));
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.heard == std::string(65'000, 'y'); }));
}

TEST_F(DatagramTransportTest, GroupMembersHearEachOtherButNotThemselves) {
  const auto first = Started(Group(), gateway);
  const auto second = Started(Group(PortOf(*first)), node);
  EXPECT_TRUE(gateway.connected && node.connected);
  gateway.Say("from the gateway");
  ASSERT_TRUE(sockets.RunUntil([&] { return node.heard == "from the gateway"; }));
  node.Say("from the node");
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.heard == "from the node"; }));
  EXPECT_EQ(node.heard, "from the gateway");
  first->Stop();
  second->Stop();
  EXPECT_TRUE(sockets.RunOut());
}

TEST_F(DatagramTransportTest, OtherGroupsOnTheSamePortStayAway) {
  const auto first = Started(Group(), gateway);
  Talker stranger;
  const auto other = Started(Group(PortOf(*first), "239.255.77.2"), stranger);
  const auto second = Started(Group(PortOf(*first)), node);
  stranger.Say("elsewhere");
  node.Say("here");
  ASSERT_TRUE(sockets.RunUntil([&] { return !gateway.heard.empty(); }));
  EXPECT_EQ(gateway.heard, "here");
}

TEST_F(DatagramTransportTest, SaysWhatIsWrongBeforeItStarts) {
  const auto server = Started(Listen(), node);
  EXPECT_EQ(ErrorOf(Listen(PortOf(*server))).code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(ErrorOf(Dial(0)).Text(), HasSubstr("no port"));
  EXPECT_THAT(ErrorOf(Group(0, "10.0.0.1")).Text(), HasSubstr("no IPv4 multicast group"));
  TransportConfig interface = Group();
  interface.interface = "eth0";
  EXPECT_THAT(ErrorOf(interface).Text(), HasSubstr("no IPv4 address of an interface"));
  TransportConfig nowhere = Listen();
  nowhere.peer_host = "no such host";
  EXPECT_THAT(ErrorOf(nowhere).Text(), HasSubstr("no such host"));
}

TEST_F(DatagramTransportTest, DeliveriesWaitUntilThePeerIsHeard) {
  test::Gateway shared;
  test::World world(shared, test::LineConfig("FRA/radio", "datagram"));
  const auto server = Started(Listen(), world.point);
  world.Deliver(test::TrackEnvelope("mmsi:1", 1), 1);
  EXPECT_EQ(world.point.undecided(), 1U);
  const auto client = Started(Dial(PortOf(*server)), node);
  node.Say("hello\n");
  ASSERT_TRUE(sockets.RunUntil([&] { return node.heard == "track mmsi:1 1 0\nwelcome\n"; }));
  EXPECT_EQ(world.point.undecided(), 0U);
}

}  // namespace
}  // namespace entente::gateway
